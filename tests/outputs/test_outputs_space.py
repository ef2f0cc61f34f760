from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrc_toolbox.outputs.space import OutputFolderError, require_writable


def refused(folder: Path, **wishes: int) -> OutputFolderError:
    with pytest.raises(OutputFolderError) as caught:
        require_writable(folder, **wishes)
    assert caught.value.folder == str(folder)
    assert str(folder) in str(caught.value)
    assert caught.value.remedy
    return caught.value


def test_a_missing_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "ä c"
    require_writable(folder)
    assert folder.is_dir()


def test_nothing_is_left_behind_and_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "keep.exr").write_bytes(b"x")
    require_writable(tmp_path)
    require_writable(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["keep.exr"]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.touch()
    assert refused(target).problem == f"{target} is a file"


def test_a_file_above_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    error = refused(tmp_path / "out" / "beauty" / "persp")
    assert error.problem == f"{tmp_path / 'out'} is a file"


def test_a_disk_with_little_room_is_refused_with_the_figures(tmp_path: Path) -> None:
    free_mib = shutil.disk_usage(tmp_path).free >> 20
    error = refused(tmp_path, least_free_mib=free_mib + 100_000)
    assert f"at least {free_mib + 100_000} MiB must be" in error.problem
    assert "MiB are free" in error.problem


def test_a_path_of_another_system_is_refused() -> None:
    foreign = "/mnt/renders" if os.name == "nt" else "C:\\renders"
    with pytest.raises(OutputFolderError, match="no such path"):
        require_writable(foreign)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
def test_a_folder_that_takes_no_files_is_refused() -> None:
    refused(Path("/proc/self/renders"))
    refused(Path("/proc/self"))


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o555)
    as_root = os.geteuid() == 0
    if as_root:
        os.seteuid(65534)
    try:
        error = refused(folder / "out")
    finally:
        if as_root:
            os.seteuid(0)
    assert error.problem == "permission denied"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one MiB with no room left."""
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mount)]
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("needs a Linux that mounts a small file system")
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small file system is not allowed here")
    try:
        with (
            contextlib.suppress(OSError),
            (mount / "filler").open("wb", buffering=0) as filler,
        ):
            while True:
                filler.write(bytes(4096))
        yield mount
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def test_a_full_disk_is_refused(full_disk: Path) -> None:
    error = refused(full_disk, least_free_mib=0)
    assert error.problem == "its disk is full"
    assert "Make room" in error.remedy
    assert [path.name for path in full_disk.iterdir()] == ["filler"]
