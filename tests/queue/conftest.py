"""Real queues: a state folder, a service process and small real renders."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.queue import RenderQueue

#: A renderer of sorts: writes a picture, says how far it is, does what it is told.
RENDER = r"""
import os, shutil, sys, time
output, frame, picture, folder, does = sys.argv[1:6]
with open(os.path.join(folder, "begun"), "a") as begun:
    begun.write(frame + "\n")
def wait_for(name):
    end = time.monotonic() + 60
    while not os.path.exists(os.path.join(folder, name)):
        if time.monotonic() > end:
            sys.exit("nobody wrote " + name)
        time.sleep(0.01)
def write():
    beside = output + ".part"
    shutil.copyfile(picture, beside)
    os.replace(beside, output)
print("frame", frame, " 50% done", flush=True)
exec(does)
"""

Submit = Callable[..., int]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def queue(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RenderQueue]:
    monkeypatch.setenv("LRC_SLOTS", "2")
    with RenderQueue(home) as queue:
        yield queue
        assert queue.stop_service()


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole picture of 16 x 9 pixels."""
    oiio = pytest.importorskip("OpenImageIO")
    path = tmp_path_factory.mktemp("picture") / "whole.exr"
    buffer = oiio.ImageBuf(oiio.ImageSpec(16, 9, 4, "half"))
    assert buffer.write(str(path))
    return path


@pytest.fixture
def submit(queue: RenderQueue, tmp_path: Path, picture: Path) -> Submit:
    """Submit a job whose frames do what Python statements say."""
    script = tmp_path / "render.py"
    script.write_text(RENDER, encoding="utf-8")
    scene = tmp_path / "shot.ma"
    scene.write_text("//Maya ASCII 2024 scene\n", encoding="utf-8")

    def submit_it(does: str = "write()", frames: str = "1-3", **fields: object) -> int:
        argv = (sys.executable, str(script), "<output>", "<frame>")
        given: dict[str, object] = {
            "scene": str(scene),
            "output_folder": str(tmp_path / "out"),
            "engine": "command",
            "frames": frames,
            "command": (*argv, str(picture), str(tmp_path), does, "<layer>"),
            "resolution": (16, 9),
            "user": "artist",
            **fields,
        }
        return queue.submit(Submission(**given))  # type: ignore[arg-type]

    return submit_it


@pytest.fixture
def begun(tmp_path: Path) -> Callable[[], list[int]]:
    """The frames that processes began, in order, each time they did."""
    path = tmp_path / "begun"
    return lambda: [int(n) for n in path.read_text().split()] if path.exists() else []


@pytest.fixture
def until() -> Callable[..., None]:
    def wait(condition: Callable[[], object], limit_s: float = 30.0) -> None:
        end = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < end, "it did not come to pass in time"
            time.sleep(0.01)

    return wait
