"""What is and what is not a queue file, and what is said about it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from lrc_toolbox.store.errors import FutureQueueError, NotAQueueError, StoreError
from lrc_toolbox.store.interface import Changes
from lrc_toolbox.store.migrations import NEWEST
from lrc_toolbox.store.sqlite_file import SqliteStore


def other_database(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def test_a_missing_file_is_made(queue_file: Path) -> None:
    SqliteStore(queue_file).close()
    assert queue_file.is_file()


def test_an_empty_file_becomes_a_queue(queue_file: Path) -> None:
    queue_file.touch()
    with closing(SqliteStore(queue_file)) as store:
        assert store.jobs() == []


def test_two_that_make_the_file_at_once_wait_for_each_other(queue_file: Path) -> None:
    # Held until after the file is asked for; SQLite itself would not wait here.
    other = sqlite3.connect(queue_file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, other.execute, ["COMMIT"])
    release.start()
    with closing(SqliteStore(queue_file)) as store:
        assert store.jobs() == []
    release.join()
    other.close()


@pytest.mark.parametrize(
    "content",
    [
        b"xy",
        b"no queue\n",
        b"\0" * 100,
        os.urandom(700),
        os.urandom(100_000),
        b"//Maya ASCII 2024 scene\n" * 1000,
        b"SQLite format 3\0" + os.urandom(5000),
    ],
    ids=["two bytes", "text", "zeros", "short", "long", "scene", "forged"],
)
def test_a_file_of_something_else_is_refused_and_left_as_it_is(
    queue_file: Path, content: bytes
) -> None:
    queue_file.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        SqliteStore(queue_file)
    assert isinstance(caught.value, NotAQueueError) or "damaged" in str(caught.value)
    assert str(queue_file) in str(caught.value)
    assert "LRC_HOME" in caught.value.remedy
    assert queue_file.read_bytes() == content


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE bookmark (url TEXT)"],
        ["PRAGMA application_id = 7"],
        ["PRAGMA user_version = 1"],
        ["PRAGMA application_id = 7", f"PRAGMA user_version = {NEWEST}"],
    ],
    ids=["tables", "its own id", "a version without our id", "both"],
)
def test_another_programs_database_is_refused_and_left_as_it_is(
    queue_file: Path, statements: list[str]
) -> None:
    other_database(queue_file, *statements)
    content = queue_file.read_bytes()
    with pytest.raises(NotAQueueError, match="another program's"):
        SqliteStore(queue_file)
    assert queue_file.read_bytes() == content


def test_a_queue_from_the_future_is_refused_by_both_versions_and_left_as_it_is(
    queue_file: Path,
) -> None:
    SqliteStore(queue_file).close()
    other_database(queue_file, "PRAGMA user_version = 99")
    content = queue_file.read_bytes()
    with pytest.raises(FutureQueueError, match=f"version 99.*up to {NEWEST}") as caught:
        SqliteStore(queue_file, writer=True)
    assert (caught.value.found, caught.value.known) == (99, NEWEST)
    assert caught.value.remedy.startswith("Update LRC Toolbox.")
    assert queue_file.read_bytes() == content
    assert [path.name for path in queue_file.parent.iterdir()] == [queue_file.name]


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_queue_cut_short_is_said_to_be_damaged(
    queue_file: Path, file_store: SqliteStore, make, kept: float
) -> None:
    plans = "1-10," + ",".join(map(str, range(100, 400, 7)))
    make.queue(file_store, 1, *[plans] * 300)
    file_store.close()
    os.truncate(queue_file, int(queue_file.stat().st_size * kept))
    with pytest.raises(StoreError, match="damaged"):
        SqliteStore(queue_file).tasks(1)


def test_a_folder_in_the_files_place_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteStore(tmp_path)


def test_a_missing_folder_is_told_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "queue.sqlite"
    with pytest.raises(StoreError, match="See that its folder exists"):
        SqliteStore(path)
    assert not path.parent.exists()


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs POSIX users")
@pytest.mark.parametrize("folder_mode", [0o755, 0o777], ids=["folder too", "file"])
def test_a_file_that_may_not_be_written_is_told(start, folder_mode: int) -> None:
    # Not in tmp_path, into whose parents only its owner can look.
    folder = Path(tempfile.mkdtemp(prefix="lrc-queue-"))
    try:
        path = folder / "queue.sqlite"
        SqliteStore(path).close()
        path.chmod(0o444)
        folder.chmod(folder_mode)
        if os.geteuid() != 0:
            folder.chmod(0o555)
        child = start("child_opens_unprivileged.py", path)
        answer = child.communicate(timeout=60)[0]
        assert answer.startswith(f"{path}: the queue file"), answer
        assert "may not be written" in answer or "cannot be opened" in answer
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def in_a_small_disk(folder: Path, *command: str) -> list[str]:
    """Return a command that runs in a disk of 600 KiB, seen by it alone."""
    mount = 'mount -t tmpfs -o size=600k tmpfs "$0" && cd "$0" && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", mount, str(folder), *command]


@pytest.mark.skipif(sys.platform != "linux", reason="makes a small disk as Linux does")
def test_a_full_disk_is_told(tmp_path: Path, queue_file: Path, make, start) -> None:
    with closing(SqliteStore(queue_file, writer=True)) as store:
        make.queue(store, 1, "1-1000000")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(in_a_small_disk(disk, "true"), capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    programs = Path(__file__).parent
    script = (
        f'cp "{queue_file}" . && "{sys.executable}" "{programs / "child_saves.py"}" '
        f'queue.sqlite | tail -n 1; "{sys.executable}" -c "'
        "from pathlib import Path; "
        "from lrc_toolbox.store.sqlite_file import SqliteStore; "
        "store = SqliteStore(Path('queue.sqlite')); "
        "print(store.tasks(1)[0].done, len(store.frames((1, 1))), store.last_event())"
        '"'
    )
    child = subprocess.run(
        in_a_small_disk(disk, "sh", "-c", script),
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(programs.parent.parent)},
    )
    assert child.returncode == 0, child.stderr
    said, after = child.stdout.splitlines()
    assert said.startswith("the disk is full. Free some space on that disk;")
    done, frames, events = map(int, after.split())
    assert done == frames == events > 0


@pytest.mark.skipif(os.name != "posix", reason="limits a file's size as POSIX does")
def test_a_disk_that_refuses_is_told_and_keeps_what_it_had(
    queue_file: Path, file_store: SqliteStore, make
) -> None:
    make.queue(file_store, 1, "1-1000000")
    file_store.checkpoint()
    file_store.close()
    programs = Path(__file__).parent
    child = subprocess.run(
        ["sh", "-c", 'ulimit -f 400; exec "$0" "$@"', sys.executable,
         str(programs / "child_saves.py"), str(queue_file)],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(programs.parent.parent)},
    )  # fmt: skip
    *numbers, said = child.stdout.splitlines()
    assert "the disk did not take or give what it should" in said
    with closing(SqliteStore(queue_file, writer=True)) as store:
        assert store.tasks(1)[0].done == int(numbers[-1]) == store.last_event()
        store.save(Changes(queue_paused=True))
        assert store.queue_paused()
