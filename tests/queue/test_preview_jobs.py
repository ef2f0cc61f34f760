"""The main job: layers of the example scene through kept-open preview workers."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

import psutil
import pytest

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import FailureClass
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.outputs.sidecar import NAME
from lrc_toolbox.queue import RenderQueue

pytest.importorskip("mitsuba")

ROCKET = Path(__file__).resolve().parents[2] / "docs" / "examples" / "rocket.ma"
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


@pytest.fixture
def render(queue: RenderQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Submit the example scene, tiny; compiling kernels would take longer than that."""
    monkeypatch.setenv("LRC_PREVIEW_VARIANT", "scalar_rgb")

    def submit(**fields: object) -> int:
        given: dict[str, object] = {
            "scene": str(ROCKET),
            "output_folder": str(tmp_path / "out"),
            "frames": "1-4",
            "resolution": (32, 18),
            "samples": 1,
            **fields,
        }
        return queue.submit(Submission(**given))  # type: ignore[arg-type]

    return submit


def proved(queue: RenderQueue, job: int) -> Counter[tuple[str, int | None]]:
    return Counter(
        (str(event.task), event.frame)
        for event in queue.follow(job)
        if event.kind is EventKind.FRAME_PROVED
    )


def proved_so_far(queue: RenderQueue, job: int) -> int:
    return queue.job(job).progress.done


def test_three_layers_are_rendered_two_at_a_time_and_differ(queue, render, tmp_path):
    job = render(formats=("exr", "png"))
    view = queue.wait(job, timeout=120)
    assert view.state is JobState.DONE, view
    assert [task.layer for task in queue.tasks(job)] == ["beauty", "night", "matte"]
    first = [
        (tmp_path / "out" / layer / "shotCam" / "rocket.0001.png").read_bytes()
        for layer in ("beauty", "night", "matte")
    ]
    assert len(set(first)) == 3
    processes = {attempt.pid for attempt in queue.attempts(job)}
    assert len(processes) == 2
    assert {path.name for path in (tmp_path / "out").rglob(".*")} <= {NAME}


def test_the_artists_scene_may_change_while_it_renders(queue, render, tmp_path):
    scene = tmp_path / "mine.ma"
    scene.write_bytes(ROCKET.read_bytes())
    before = scene.stat().st_mtime_ns
    job = render(scene=str(scene), layers=("beauty",), frames="1")
    assert queue.wait(job, timeout=120).state is JobState.DONE
    assert scene.stat().st_mtime_ns == before
    assert scene.read_bytes() == ROCKET.read_bytes()


def test_a_killed_worker_costs_no_proved_frame(queue, render, until):
    job = render(frames="1-8")
    until(lambda: proved_so_far(queue, job) >= 2, limit_s=120)
    live = [a for task in queue.tasks(job) for a in task.attempts]
    os.kill(live[0].pid, KILL)
    view = queue.wait(job, timeout=120)
    assert view.state is JobState.DONE, view
    counted = proved(queue, job)
    assert len(counted) == 24
    assert set(counted.values()) == {1}


def test_a_killed_service_costs_no_proved_frame(queue, render, until):
    job = render(frames="1-8")
    until(lambda: proved_so_far(queue, job) >= 2, limit_s=120)
    service = psutil.Process(queue.service_status().pid)
    os.kill(service.pid, KILL)
    service.wait(timeout=10)
    queue.resume()
    view = queue.wait(job, timeout=120)
    assert view.state is JobState.DONE, view
    counted = proved(queue, job)
    assert len(counted) == 24
    assert set(counted.values()) == {1}


def test_a_scene_that_goes_bad_before_it_starts_fails_in_words(queue, render, tmp_path):
    scene = tmp_path / "shot.ma"
    scene.write_bytes(ROCKET.read_bytes())
    queue.pause()
    gone = render(scene=str(scene), layers=("beauty",))
    cut = render(scene=str(scene), layers=("night",))
    scene.write_bytes(ROCKET.read_bytes()[:3000])
    queue.resume(cut)
    queue.pause(gone)
    queue.resume()
    view = queue.wait(cut, timeout=120)
    assert view.state is JobState.FAILED
    assert FailureClass.SCENE_ERROR.sentence in view.reason
    scene.unlink()
    queue.resume(gone)
    view = queue.wait(gone, timeout=120)
    assert view.state is JobState.FAILED
    assert FailureClass.MISSING_FILE.sentence in view.reason
