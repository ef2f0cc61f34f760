"""Small Maya scenes, and a real preview worker to render them."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mitsuba", reason="needs the extra [preview]")

import numpy as np
import numpy.typing as npt
import OpenImageIO as oiio  # noqa: N813

LIMIT_S = 120.0
Event = dict[str, Any]
Pixels = npt.NDArray[np.float32]

HEADER = """//Maya ASCII 2023 scene
requires maya "2023";
currentUnit -l centimeter -a degree -t film;
createNode transform -n "cam";
\tsetAttr ".t" -type "double3" 0 0 10 ;
createNode camera -n "camShape" -p "cam";
"""


class MayaScene:
    """A scene being written: a camera named `cam` at z = 10, and what tests add."""

    def __init__(self, header: str = HEADER) -> None:
        self._nodes = [header]
        self._connections: list[str] = []

    def node(self, kind: str, name: str, *attrs: str, parent: str = "") -> MayaScene:
        """Add a node; attributes are written as `.r 2` or `.t 0 0 1`."""
        above = f' -p "{parent}"' if parent else ""
        self._nodes.append(f'createNode {kind} -n "{name}"{above};\n')
        return self.set(*attrs)

    def set(self, *attrs: str) -> MayaScene:
        """Set attributes of the node made last."""
        for attr in attrs:
            name, _, value = attr.partition(" ")
            words = value.split()
            triple = len(words) == 3 and all(map(_is_number, words))
            kind = '-type "double3" ' if triple else ""
            if len(words) == 2 and all(map(_is_number, words)):
                kind = '-type "double2" '
            self._nodes.append(f'\tsetAttr "{name}" {kind}{value} ;\n')
        return self

    def select(self, name: str, *attrs: str) -> MayaScene:
        """Set attributes of one of Maya's default nodes."""
        self._nodes.append(f"select -ne :{name};\n")
        return self.set(*attrs)

    def connect(self, source: str, target: str, *flags: str) -> MayaScene:
        """Connect two attributes."""
        self._connections.append(
            f'connectAttr "{source}" "{target}" {" ".join(flags)};\n'
        )
        return self

    def shader(self, kind: str, name: str, *attrs: str) -> MayaScene:
        """Add a material with its shading engine, `<name>SG`."""
        self.node(kind, name, *attrs).node("shadingEngine", f"{name}SG")
        return self.connect(f"{name}.oc", f"{name}SG.ss")

    def shape(
        self,
        name: str,
        maker: str = "polyCube",
        *attrs: str,
        at: Sequence[float] = (0, 0, 0),
        material: str = "",
        transform: Sequence[str] = (),
    ) -> MayaScene:
        """Add an object that a generator makes, perhaps wearing a material."""
        place = f".t {at[0]} {at[1]} {at[2]}"
        self.node("transform", name, place, *transform)
        self.node("mesh", f"{name}Shape", parent=name)
        self.node(maker, f"{name}Maker", *attrs)
        self.connect(f"{name}Maker.out", f"{name}Shape.i")
        return self.wear(f"{name}Shape", material) if material else self

    def wear(self, shape: str, material: str) -> MayaScene:
        """Give a whole shape a material."""
        return self.connect(f"{shape}.iog", f"{material}SG.dsm", "-na")

    def light(
        self,
        kind: str,
        *attrs: str,
        at: Sequence[float] = (0, 0, 0),
        turn: Sequence[float] = (0, 0, 0),
        name: str = "light",
        scale: Sequence[float] = (1, 1, 1),
    ) -> MayaScene:
        """Add a light; unturned, it shines along -Z."""
        self.node(
            "transform",
            name,
            f".t {at[0]} {at[1]} {at[2]}",
            f".r {turn[0]} {turn[1]} {turn[2]}",
            f".s {scale[0]} {scale[1]} {scale[2]}",
        )
        return self.node(kind, f"{name}Shape", *attrs, parent=name)

    def text(self) -> str:
        """The file's text."""
        return "".join((*self._nodes, *self._connections, "// End of scene.ma\n"))

    def save(self, path: Path) -> Path:
        """Write the file."""
        path.write_text(self.text(), encoding="utf-8")
        return path


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


class Worker:
    """A preview worker in a process of its own, spoken to as the service does."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lrc_toolbox.engines.preview.worker", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
        )
        self.lines: list[bytes] = []
        self.events: list[Event] = []
        self._news: queue.Queue[Event | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith(b'{"lrc":'):
                self._news.put(json.loads(line))
        self._news.put(None)

    def send(self, *messages: object) -> None:
        """Send requests."""
        assert self.process.stdin is not None
        for message in messages:
            line = (
                message if isinstance(message, bytes) else json.dumps(message).encode()
            )
            self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def hang_up(self) -> None:
        """End the worker's input."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def wait_for(self, *kinds: str) -> Event:
        """Wait for the next event of these kinds; keeps those before it."""
        while True:
            event = self._news.get(timeout=LIMIT_S)
            assert event is not None, f"ended before {kinds}: {self.log()}"
            self.events.append(event)
            if event["lrc"] in kinds:
                return event

    def wait(self) -> int:
        """Wait for the worker's end; its remaining events are in `events` then."""
        code = self.process.wait(LIMIT_S)
        while (event := self._news.get(timeout=LIMIT_S)) is not None:
            self.events.append(event)
        return code

    def told(self, *kinds: str) -> list[Event]:
        """The events of these kinds so far."""
        return [event for event in self.events if event["lrc"] in kinds]

    def log(self) -> str:
        """All it has printed."""
        return b"".join(self.lines).decode(errors="replace")

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None and not stream.closed:
                stream.close()


def read_pixels(path: Path) -> Pixels:
    """(height, width, channels) of a picture that must be whole."""
    buffer = oiio.ImageBuf(str(path))
    assert buffer.read(0, 0, True), buffer.geterror()
    pixels: Pixels = np.asarray(buffer.get_pixels(oiio.FLOAT), np.float32)
    return pixels


def opening(
    scene: Path,
    layer: str = "masterLayer",
    camera: str = "cam",
    size: tuple[int, int] = (64, 36),
    samples: int = 4,
) -> dict[str, Any]:
    """An `open` message's value."""
    return {
        "scene": str(scene),
        "layer": layer,
        "camera": camera,
        "width": size[0],
        "height": size[1],
        "samples": samples,
    }


class Screen:
    """One worker that renders scene after scene for tests that look at pixels."""

    def __init__(self, worker: Worker, folder: Path) -> None:
        self.worker = worker
        self._folder = folder
        self._numbers = itertools.count()

    def show(
        self,
        scene: MayaScene | Path,
        frame: int = 1,
        *,
        size: tuple[int, int] = (64, 36),
        samples: int = 4,
        layer: str = "masterLayer",
        camera: str = "cam",
    ) -> Pixels:
        """Render one frame, (height, width, 4)."""
        number = next(self._numbers)
        if isinstance(scene, MayaScene):
            scene = scene.save(self._folder / f"scene{number}.ma")
        output = self._folder / f"picture{number}.{frame:04d}.exr"
        task = f"{number}.1"
        self.worker.send(
            {"open": opening(scene, layer, camera, size, samples), "task": task},
            {"render": frame, "task": task, "outputs": [str(output)]},
        )
        event = self.worker.wait_for("frame_finished", "frame_failed", "task_failed")
        assert event["lrc"] == "frame_finished", (event, self.worker.log())
        pixels = read_pixels(output)
        assert pixels.shape == (size[1], size[0], 4)
        return pixels

    def notes(self) -> str:
        """What the worker has said it leaves out."""
        return "\n".join(
            line for line in self.worker.log().splitlines() if line.startswith("note:")
        )


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A screen; `scalar_rgb`, because it is there on every computer."""
    worker = Worker(LRC_PREVIEW_VARIANT="scalar_rgb")
    yield Screen(worker, tmp_path_factory.mktemp("screen"))
    worker.hang_up()
    code = worker.wait()
    worker.close()
    assert code == 0


StartWorker = Callable[..., Worker]


@pytest.fixture
def start_worker() -> Iterator[StartWorker]:
    """Start workers that are ended with the test."""
    workers: list[Worker] = []

    def start(*arguments: str, **environment: str) -> Worker:
        environment.setdefault("LRC_PREVIEW_VARIANT", "scalar_rgb")
        workers.append(Worker(*arguments, **environment))
        return workers[-1]

    yield start
    for worker in workers:
        worker.close()


@pytest.fixture
def own_screen(start_worker: StartWorker, tmp_path: Path) -> Screen:
    """A screen that nobody else has used: its notes are those of one test."""
    return Screen(start_worker(), tmp_path)


@pytest.fixture
def maya_scene() -> Callable[[], MayaScene]:
    """Begin a scene."""
    return MayaScene
