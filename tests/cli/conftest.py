"""The command line as people meet it, with a state folder and a service of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lrc_toolbox.cli.main import main
from lrc_toolbox.queue import RenderQueue

REPOSITORY = Path(__file__).resolve().parents[2]

#: A renderer that writes its picture once a file says that it may, and crashes on the
#: frames that a file names.
RENDERER = r"""
import os, shutil, sys, time
output, frame, layer, folder = sys.argv[1:5]
print("10% done: opening", layer, "caf\xe9 \x1b[2J", flush=True)
may = os.path.join(folder, "may_render")
end = time.monotonic() + 60
while not os.path.exists(may):
    if time.monotonic() > end:
        sys.exit("nobody let it render")
    time.sleep(0.01)
crashing = os.path.join(folder, "crashing")
if os.path.exists(crashing) and frame in open(crashing).read().split():
    print("signal caught", flush=True)
    sys.exit(9)
shutil.copyfile(os.path.join(folder, "whole.exr"), output + ".part")
os.replace(output + ".part", output)
print("90% done: frame", frame, "of", layer, flush=True)
"""


class Told(NamedTuple):
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Lrc:
    """`lrc` with its own state, and a scene to render.

    Attributes:
        folder: scene, job file and what steers the renderer.
        job_file: renders frames 1 to 3 of the layers `beauty` and `matte`.
    """

    folder: Path
    job_file: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def output(self) -> Path:
        return self.folder / "out"

    def environment(self, **more: str) -> dict[str, str]:
        mine = {"LRC_HOME": str(self.home), "LRC_SLOTS": "2", "PYTHONUTF8": "1"}
        path = os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
        inherited = {k: v for k, v in os.environ.items() if k not in _IN_THE_WAY}
        return {**inherited, **mine, "PYTHONPATH": path, **more}

    def argv(self, *typed: object) -> list[str]:
        return [sys.executable, "-m", "lrc_toolbox.cli.main", *map(str, typed)]

    def run(self, *typed: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.argv(*typed),
            capture_output=True,
            cwd=self.folder,
            encoding="utf-8",
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            timeout=60,
        )

    def start(self, *typed: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.argv(*typed),
            cwd=self.folder,
            encoding="utf-8",
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def here(self, *typed: object, out: io.TextIOBase | None = None) -> Told:
        """Run `lrc` in this process, which saves the half second to start another."""
        told, err = io.StringIO(), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out or told),
            contextlib.redirect_stderr(err),
        ):
            for name, value in self.environment().items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            code = main(list(map(str, typed)))
        return Told(code, told.getvalue(), err.getvalue())

    def json(self, *typed: object) -> dict[str, Any]:
        done = self.here(*typed, "--json")
        assert done.stderr == ""
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def submit(self, *options: object) -> int:
        jobs = self.json("submit", self.job_file, *options)["jobs"]
        number: int = jobs[0]["id"]
        return number

    def let_render(self, yes: bool = True) -> None:
        may = self.folder / "may_render"
        if yes:
            may.touch()
        else:
            may.unlink(missing_ok=True)

    def crash_on(self, *frames: int) -> None:
        (self.folder / "crashing").write_text(" ".join(map(str, frames)))


# What a build server or a developer may have set and what changes the output.
_IN_THE_WAY = {"COLUMNS", "FORCE_COLOR", "NO_COLOR", "LRC_HOME", "LRC_IDLE_S"}


@pytest.fixture(scope="module")
def lrc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lrc]:
    """One state folder for the tests of a module, which make jobs of their own."""
    oiio = pytest.importorskip("OpenImageIO")
    folder = tmp_path_factory.mktemp("lrc")
    assert oiio.ImageBuf(oiio.ImageSpec(16, 9, 4, "half")).write(
        str(folder / "whole.exr")
    )
    (folder / "shot.ma").write_text("//Maya ASCII 2024 scene\n")
    (folder / "render.py").write_text(RENDERER, encoding="utf-8")
    script = str(folder / "render.py")
    job = {
        "scene": str(folder / "shot.ma"),
        "output_folder": str(folder / "out"),
        "engine": "command",
        "layers": ["beauty", "matte"],
        "frames": "1-3",
        "resolution": [16, 9],
        "retries": 0,
        "user": "anna",
        "command": [
            *(sys.executable, "-S", script),
            *("<output>", "<frame>", "<layer>", str(folder)),
        ],
    }
    (folder / "night.json").write_text(json.dumps(job))
    lrc = Lrc(folder, folder / "night.json")
    yield lrc
    with RenderQueue(lrc.home) as queue:
        assert queue.stop_service()


@pytest.fixture(autouse=True)
def _nothing_is_held_back(request: pytest.FixtureRequest) -> None:
    """Let the renderer render and never crash, unless the test says otherwise."""
    if "lrc" in request.fixturenames:
        lrc: Lrc = request.getfixturevalue("lrc")
        lrc.let_render()
        lrc.crash_on()


def wait_until(what: Callable[[], bool], limit_s: float = 30.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.02)
