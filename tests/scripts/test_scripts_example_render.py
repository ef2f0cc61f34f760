"""The demo's work, from the example scene to pictures on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import example_render
import pytest


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files that is the test's own, with a short path."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def render(out: Path, temporary: Path, frames: str) -> subprocess.CompletedProcess[str]:
    """Runs the demo without a window."""
    script = example_render.__file__
    return subprocess.run(
        [sys.executable, script, "--headless", "--out", out, "--frames", frames],
        env={
            **os.environ,
            "TMPDIR": str(temporary),
            "PYTHONPATH": str(example_render.ROOT),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_one_frame_of_every_layer_is_on_disk_and_nothing_else_is_left(
    tmp_path: Path, temporary: Path
) -> None:
    out = tmp_path / "pictures"
    stale = out / "beauty" / "shotCam" / "rocket.0002.exr"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"of an earlier run")
    done = render(out, temporary, "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == f"Pictures: {out}"
    assert {picture.parts[-3] for picture in out.glob("*/*/*.0001.png")} == {
        "beauty",
        "matte",
        "night",
    }
    assert not list(temporary.glob("lrc-demo-*"))


def test_frames_that_make_no_sense_end_it_with_a_sentence(
    tmp_path: Path, temporary: Path
) -> None:
    done = render(tmp_path / "pictures", temporary, "10-")
    assert done.returncode == 1
    assert "needs an end" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_picture_that_could_not_be_written_fails_the_demo(
    tmp_path: Path, temporary: Path
) -> None:
    out = tmp_path / "a file"
    out.write_text("where the folder should be")
    done = render(out, temporary, "1")
    assert done.returncode == 1
    assert "Pictures:" not in done.stdout
    assert str(out) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="asks what Linux displays need")
@pytest.mark.parametrize(
    ("variables", "seen"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
def test_a_window_is_opened_only_where_it_is_seen(
    variables: dict[str, str], seen: bool
) -> None:
    assert example_render.has_display(variables) is seen
