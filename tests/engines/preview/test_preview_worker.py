"""A real worker process, spoken to as the service speaks to it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813
import psutil
import pytest

from lrc_toolbox.jobs.pictures import temporary_path

StartWorker = Callable[..., Any]
MakeScene = Callable[[], Any]

# Rendered by one core in half a second, so that there is time to speak to it.
SLOW = {"width": 240, "height": 135, "samples": 16}
SMALL = {"width": 64, "height": 36, "samples": 4}


@pytest.fixture
def scene(maya_scene: MakeScene, tmp_path: Path) -> Path:
    """A red ball that grows from frame to frame, before a grey wall."""
    made = maya_scene().shader("lambert", "red", ".c 0.8 0.1 0.1")
    made.shape("ball", "polySphere", material="red")
    made.shape("wall", "polyPlane", ".w 20", ".h 20", ".ax 0 0 1", at=(0, 0, -3))
    made.node("animCurveTU", "grow")
    made._nodes.append('\tsetAttr -s 2 ".ktv[0:1]" 1 1 10 3 ;\n')
    made.connect("grow.o", "ballMaker.r")
    made.light("directionalLight", turn=(-30, 30, 0))
    return Path(made.save(tmp_path / "ball.ma"))


def task(scene: Path, name: str = "7.1", **changes: object) -> dict[str, Any]:
    opening = {"scene": str(scene), "layer": "masterLayer", "camera": "cam", **SMALL}
    return {"open": {**opening, **changes}, "task": name}


def frame(number: int, *outputs: Path, name: str = "7.1") -> dict[str, Any]:
    return {"render": number, "task": name, "outputs": [str(path) for path in outputs]}


def pixels(path: Path) -> Any:
    buffer = oiio.ImageBuf(str(path))
    assert buffer.read(0, 0, True), buffer.geterror()
    return buffer.get_pixels(oiio.FLOAT)


def test_frames_are_told_from_the_opening_to_the_picture(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    worker = start_worker()
    names = ("a.0001.exr", "a.0001.png", "a.0010.exr", "a.0010.png")
    files = [tmp_path / "new" / name for name in names]
    worker.send(task(scene), frame(1, *files[:2]), frame(10, *files[2:]))
    worker.wait_for("frame_finished")
    last = worker.wait_for("frame_finished")
    worker.hang_up()
    assert worker.wait() == 0
    assert [event["lrc"] for event in worker.events] == [
        "worker_ready",
        "scene_opened",
        "frame_started",
        "frame_finished",
        "frame_started",
        "frame_finished",
    ]
    assert {event.get("task") for event in worker.events[1:]} == {"7.1"}
    assert last["frame"] == 10
    assert last["files"] == [str(path) for path in files[2:]]
    assert 0 < last["seconds"] < 60
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(
        path.name for path in files
    )
    small, large = pixels(files[0]), pixels(files[2])
    assert small.shape == (36, 64, 4)
    assert (large[..., 0] > 2 * large[..., 1]).sum() > 2 * (
        small[..., 0] > 2 * small[..., 1]
    ).sum()
    assert pixels(files[1]).shape == (36, 64, 3)


def test_event_lines_begin_as_the_protocol_says_and_are_ascii(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    named = scene.rename(tmp_path / "Kügelchen \N{SNOWMAN}.ma")
    worker = start_worker()
    output = tmp_path / "Bild \N{SNOWMAN}.0001.exr"
    worker.send(task(named), frame(1, output))
    event = worker.wait_for("frame_finished")
    assert event["files"] == [str(output)]
    assert output.is_file()
    worker.hang_up()
    worker.wait()
    events = [line for line in worker.lines if b'"lrc"' in line]
    assert len(events) == len(worker.events)
    for line in events:
        assert line.startswith(b'{"lrc":')
        assert line.isascii()
        assert line.endswith(b"\n")


def test_the_same_frame_gives_the_same_pixels_in_another_process(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    taken = []
    for number, cpus in enumerate(("", "0")):
        worker = start_worker("--cpus", cpus)
        path = tmp_path / f"{number}.0004.exr"
        # In the second process another frame comes first.
        before = [frame(9, tmp_path / "x.exr")] * number
        worker.send(task(scene), *before, frame(4, path))
        for _ in range(number + 1):
            worker.wait_for("frame_finished")
        taken.append(pixels(path))
    np.testing.assert_array_equal(taken[0], taken[1])


def test_the_end_of_input_finishes_the_frame_in_hand_and_forgets_the_rest(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    worker = start_worker()
    files = [tmp_path / f"a.{number}.exr" for number in range(4)]
    worker.send(task(scene, **SLOW), *(frame(n, files[n]) for n in range(4)))
    worker.wait_for("frame_started")
    worker.hang_up()
    assert worker.wait() == 0
    assert [event["frame"] for event in worker.told("frame_finished")] == [0]
    assert [path.exists() for path in files] == [True, False, False, False]


def test_an_idle_worker_leaves_when_its_input_ends(start_worker: StartWorker) -> None:
    worker = start_worker()
    worker.wait_for("worker_ready")
    worker.hang_up()
    assert worker.wait() == 0


def test_a_dropped_frame_is_forgotten_unless_it_is_begun(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    worker = start_worker()
    worker.send(
        task(scene, **SLOW), *(frame(n, tmp_path / f"a.{n}.exr") for n in range(1, 5))
    )
    worker.wait_for("frame_started")
    drops = [{"drop": number, "task": "7.1"} for number in (1, 2, 4, 99)]
    worker.send(*drops, {"drop": 3, "task": "another.1"})
    worker.wait_for("frame_finished")
    worker.wait_for("frame_finished")
    worker.hang_up()
    assert worker.wait() == 0
    assert [event["frame"] for event in worker.told("frame_started")] == [1, 3]


def test_progress_within_a_frame_is_told_and_grows(
    start_worker: StartWorker, maya_scene: MakeScene, tmp_path: Path
) -> None:
    # Many samples of nothing: quick, and parted as a slow frame is.
    nothing = maya_scene().save(tmp_path / "nothing.ma")
    worker = start_worker()
    worker.send(task(nothing, width=320, height=180, samples=36))
    worker.send(frame(1, tmp_path / "a.exr"))
    worker.wait_for("frame_finished")
    percents = [event["percent"] for event in worker.told("frame_progressed")]
    assert percents == [25, 50, 75]


def test_another_layer_of_the_same_scene_may_be_opened_later(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    worker = start_worker()
    first, second = tmp_path / "first.exr", tmp_path / "second.exr"
    worker.send(task(scene), frame(1, first))
    worker.send(task(scene, "7.2", width=32, height=32), frame(1, second, name="7.2"))
    worker.wait_for("frame_finished")
    event = worker.wait_for("frame_finished")
    assert event["task"] == "7.2"
    assert pixels(second).shape == (32, 32, 4)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (None, "missing_file"),
        (b"\x89PNG\r\n garbage \x00\xff" * 99, "scene_error"),
        (b'//Maya ASCII 2023 scene\ncreateNode transform -n "a', "scene_error"),
    ],
    ids=["absent", "garbage", "truncated"],
)
def test_a_scene_that_cannot_be_read_fails_the_task_and_ends_the_worker(
    content: bytes | None, kind: str, start_worker: StartWorker, tmp_path: Path
) -> None:
    path = tmp_path / "broken.ma"
    if content is not None:
        path.write_bytes(content)
    worker = start_worker()
    worker.send(task(path), frame(1, tmp_path / "a.exr"))
    failed = worker.wait_for("task_failed")
    assert worker.wait() not in (0, None)
    assert failed["task"] == "7.1"
    assert failed["class"] == kind
    assert "broken.ma" in failed["message"]
    assert "\n" not in failed["message"]
    assert not worker.told("frame_started")


def test_an_unknown_camera_fails_the_task_with_the_nearest_one(
    start_worker: StartWorker, scene: Path
) -> None:
    worker = start_worker()
    worker.send(task(scene, camera="camm"))
    failed = worker.wait_for("task_failed")
    assert worker.wait() not in (0, None)
    assert failed["class"] == "bad_arguments"
    assert '"cam"' in failed["message"]


def test_a_worker_without_mitsuba_says_what_to_install(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "mitsuba.py").write_text("raise ImportError('no module mitsuba')")
    paths = [str(hidden), *filter(None, [os.environ.get("PYTHONPATH")])]
    worker = start_worker(PYTHONPATH=os.pathsep.join(paths))
    worker.send(task(scene))
    failed = worker.wait_for("task_failed")
    assert worker.wait() not in (0, None)
    assert failed["class"] == "plugin_missing"
    assert "lrc-toolbox[preview]" in failed["message"]


def test_a_frame_that_cannot_be_written_fails_alone(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    worker = start_worker()
    fine = tmp_path / "fine.0002.exr"
    worker.send(task(scene), frame(1, tmp_path / "file" / "a.0001.exr"), frame(2, fine))
    failed = worker.wait_for("frame_failed")
    assert failed["frame"] == 1
    assert failed["class"] == "disk"
    assert "a.0001.exr" in failed["message"]
    worker.wait_for("frame_finished")
    assert fine.is_file()


def test_a_frame_before_any_scene_fails_alone(
    start_worker: StartWorker, tmp_path: Path
) -> None:
    worker = start_worker()
    worker.send(frame(1, tmp_path / "a.exr"))
    assert worker.wait_for("frame_failed")["class"] == "bad_arguments"
    worker.hang_up()
    assert worker.wait() == 0


def test_a_line_that_is_no_request_is_quoted_in_the_log_and_ends_the_worker(
    start_worker: StartWorker,
) -> None:
    worker = start_worker()
    worker.send(b"nonsense \xff")
    assert worker.wait() == 2
    assert "nonsense" in worker.log()
    assert "not understood" in worker.log()
    assert "Traceback" not in worker.log()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_a_terminated_worker_ends_at_once_and_leaves_no_half_picture(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    worker = start_worker()
    output = tmp_path / "a.0001.exr"
    worker.send(task(scene, width=1920, height=1080, samples=256), frame(1, output))
    worker.wait_for("frame_started")
    worker.process.terminate()
    # The frame would take minutes; a handler of Python's would wait for its first band.
    assert worker.process.wait(timeout=10) == -signal.SIGTERM
    assert not output.exists()
    assert not Path(temporary_path(str(output))).exists()


@pytest.mark.skipif(
    not hasattr(psutil.Process, "cpu_affinity"), reason="needs CPU affinity"
)
def test_a_worker_keeps_to_the_cpus_it_was_granted(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    mine = psutil.Process().cpu_affinity()
    worker = start_worker("--cpus", str(mine[-1]))
    assert worker.wait_for("worker_ready")["cpu_ids"] == [mine[-1]]
    worker.send(task(scene), frame(1, tmp_path / "a.exr"))
    worker.wait_for("frame_finished")
    process = psutil.Process(worker.process.pid)
    assert process.cpu_affinity() == [mine[-1]]
    for thread in process.threads():
        assert psutil.Process(thread.id).cpu_affinity() == [mine[-1]]


def test_cpus_that_are_not_there_are_told_and_work_goes_on(
    start_worker: StartWorker,
) -> None:
    worker = start_worker("--cpus", "4095")
    assert worker.wait_for("worker_ready")["cpu_ids"]


def test_both_variants_show_the_same_scene(
    start_worker: StartWorker, scene: Path, tmp_path: Path
) -> None:
    """Whatever is chosen here; where no libLLVM works that is `scalar_rgb` again."""
    shown = []
    for number, named in enumerate(("scalar_rgb", "")):
        home = str(tmp_path / "home")
        worker = start_worker(LRC_PREVIEW_VARIANT=named, LRC_HOME=home)
        path = tmp_path / f"{number}.exr"
        worker.send(task(scene, samples=64), frame(3, path))
        worker.wait_for("frame_finished")
        shown.append(pixels(path))
    difference = np.abs(shown[0] - shown[1]).mean()
    assert difference < 0.02
    assert shown[0].mean() > 0.1


def test_a_layer_of_too_many_triangles_fails_with_its_reason(
    start_worker: StartWorker, maya_scene: MakeScene, tmp_path: Path
) -> None:
    # A hundred and eighty thousand triangles, 170 times.
    made = maya_scene().shape("field", "polyPlane", ".sw 300", ".sh 300")
    for number in range(1, 170):
        made.node("transform", f"field{number}")
        made._nodes.append(
            f'parent -s -nc -r -add "|field|fieldShape" "field{number}" ;\n'
        )
    worker = start_worker()
    worker.send(task(Path(made.save(tmp_path / "fields.ma"))))
    worker.send(frame(1, tmp_path / "a.exr"))
    failed = worker.wait_for("frame_failed")
    assert failed["class"] == "scene_error"
    assert "triangles" in failed["message"]


def test_what_is_left_out_is_said_once_though_many_frames_lack_it(
    start_worker: StartWorker, maya_scene: MakeScene, tmp_path: Path
) -> None:
    made = maya_scene().shape("knot", "polyHelix").shape("cube")
    path = made.save(tmp_path / "knot.ma")
    worker = start_worker()
    worker.send(task(path), *(frame(n, tmp_path / f"a.{n}.exr") for n in range(3)))
    for _ in range(3):
        worker.wait_for("frame_finished")
    notes = [line for line in worker.lines if line.startswith(b"note: ")]
    assert sum(b"polyHelix" in note for note in notes) == 1


REAL = {
    "01-rs-layers-per-layer-overrides.ma": ("masterLayer", "camera1"),
    "02-rs-shader-override-hw2-2025.ma": ("orangeSphereLayer", "sideCam1"),
    "03-redshift-2025.ma": ("masterLayer", "persp"),
    "06-rs-openpype-pal-1001.ma": ("Main", "mainCamera"),
    "08-renderman-2023.ma": ("masterLayer", "persp"),
    "09-legacy-3layers-shading-override.ma": ("RenderLayerOne", "persp"),
    "13-cameras-11-film-offsets.ma": ("masterLayer", "PerspectiveCamera"),
    "22-refs-alembic-rpr-pbrt.ma": ("masterLayer", "persp"),
    "28-preview-cartoonhouses-ntsc.ma": ("masterLayer", "persp"),
}


def test_real_scenes_of_all_kinds_are_rendered_with_notes_instead_of_errors(
    start_worker: StartWorker, shared: Path, tmp_path: Path
) -> None:
    worker = start_worker()
    for number, (name, (layer, camera)) in enumerate(REAL.items()):
        here = f"{number}.1"
        path = tmp_path / f"{number}.exr"
        opened = task(shared / "scenes" / name, here, layer=layer, camera=camera)
        worker.send(opened, frame(5, path, name=here))
        event = worker.wait_for("frame_finished", "frame_failed", "task_failed")
        assert event["lrc"] == "frame_finished", (name, event)
        shown = pixels(path)
        assert np.isfinite(shown).all(), name
    # Houses on a square, lit by two suns and four lamps.
    assert 0.3 < (shown[..., 3] > 0.5).mean() < 0.8
    assert 0.05 < shown[..., :3].mean() < 1
    assert "Traceback" not in worker.log()


def test_the_worker_that_the_documentation_shows_works(tmp_path: Path) -> None:
    document = Path(__file__).parents[3] / "docs" / "worker-protocol.md"
    (code,) = re.findall(r"```python\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    mine = (
        "def load(opening):\n    return opening['scene']\n"
        "def render(scene, frame, path):\n"
        "    assert frame != 2, 'no such frame'\n"
        "    open(path, 'w').write(f'{scene} {frame}')\n"
    )
    program = tmp_path / "worker.py"
    program.write_text(mine + code, encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    files = {number: tmp_path / "new" / f"a.{number:04d}.exr" for number in (1, 2, 3)}
    requests = [
        {"open": {"scene": "s"}, "task": "1.1"},
        *(
            {"render": number, "task": "1.1", "outputs": [str(path)]}
            for number, path in files.items()
        ),
    ]
    child.stdin.write("".join(json.dumps(request) + "\n" for request in requests))
    child.stdin.flush()
    events: list[dict[str, Any]] = []
    while [event["lrc"] for event in events].count("frame_finished") < 2:
        line = child.stdout.readline()
        assert line.startswith('{"lrc":'), line
        events.append(json.loads(line))
    child.stdin.close()
    assert child.wait(timeout=30) == 0
    child.stdout.close()
    assert [event["lrc"] for event in events] == [
        "worker_ready",
        "scene_opened",
        "frame_started",
        "frame_finished",
        "frame_started",
        "frame_failed",
        "frame_started",
        "frame_finished",
    ]
    assert files[1].read_text() == "s 1"
    written = sorted(path.name for path in files[1].parent.iterdir())
    assert written == ["a.0001.exr", "a.0003.exr"]
