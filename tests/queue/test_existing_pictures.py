"""Pictures that are there already, with real services, processes and proofs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.outputs.sidecar import NAME

ROCKET = Path(__file__).resolve().parents[2] / "docs" / "examples" / "rocket.ma"


@pytest.fixture
def finish(queue):
    """Wait for a job; give the frames that were rendered and those skipped."""

    def wait(job: int) -> tuple[list[int], list[int]]:
        view = queue.wait(job, timeout=120)
        assert view.state is JobState.DONE, view
        assert view.progress.percent == 100
        kinds = (EventKind.FRAME_PROVED, EventKind.FRAME_SKIPPED)
        events = [event for event in queue.follow(job) if event.kind in kinds]
        return (
            sorted(e.frame for e in events if e.kind is EventKind.FRAME_PROVED),
            sorted(e.frame for e in events if e.kind is EventKind.FRAME_SKIPPED),
        )

    return wait


def pictures(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "out").rglob("*.exr"))


def test_whole_pictures_are_skipped_and_broken_ones_rendered(
    submit, finish, tmp_path, queue
):
    assert finish(submit(frames="1-3")) == ([1, 2, 3], [])
    pictures(tmp_path)[1].write_bytes(b"no picture")
    job = submit(frames="1-4", existing="proved")
    assert finish(job) == ([2, 4], [1, 3])
    [task] = queue.tasks(job)
    assert task.progress.done == 4
    assert finish(submit(frames="1-3")) == ([1, 2, 3], [])


def test_only_what_was_rendered_from_the_same_is_skipped(submit, finish, tmp_path):
    assert finish(submit(frames="1-2"))[0] == [1, 2]
    assert finish(submit(frames="1-3", existing="unchanged")) == ([3], [1, 2])
    scene = tmp_path / "shot.ma"
    os.utime(scene, (time.time() - 50, time.time() - 50))
    assert finish(submit(frames="1-3", existing="unchanged")) == ([], [1, 2, 3])
    scene.write_text("//Maya ASCII 2024 scene\ncreateNode camera;\n")
    assert finish(submit(frames="2-3", existing="unchanged")) == ([2, 3], [])
    assert finish(submit(frames="1-3", existing="unchanged")) == ([1], [2, 3])
    assert finish(submit(frames="1-3", existing="proved")) == ([], [1, 2, 3])


def test_other_settings_render_again_and_a_lost_sidecar_too(submit, finish, tmp_path):
    assert finish(submit(frames="1"))[0] == [1]
    other = submit("write() ", frames="1", existing="unchanged")
    assert finish(other) == ([1], [])
    # Notes are gathered for a moment; a search has them written first.
    assert finish(submit("write() ", frames="1", existing="unchanged")) == ([], [1])
    [sidecar] = (tmp_path / "out").rglob(NAME)
    sidecar.write_bytes(b"{")
    assert finish(submit("write() ", frames="1", existing="unchanged")) == ([1], [])
    assert finish(submit("write() ", frames="1", existing="unchanged")) == ([], [1])


def test_a_picture_that_somebody_replaced_is_rendered_again(submit, finish, tmp_path):
    assert finish(submit(frames="1-2"))[0] == [1, 2]
    assert finish(submit(frames="1-2", existing="unchanged")) == ([], [1, 2])
    os.utime(pictures(tmp_path)[0], (1000.0, 1000.0))
    assert finish(submit(frames="1-2", existing="unchanged")) == ([1], [2])


def test_a_scene_that_changes_while_it_is_rendered_proves_nothing(
    submit, finish, queue, tmp_path, until
):
    job = submit("frame == '1' and wait_for('go'); write()", frames="1", chunk_size=1)
    until(lambda: (tmp_path / "begun").exists())
    (tmp_path / "shot.ma").write_text("//Maya ASCII 2024 scene\ncreateNode camera;\n")
    (tmp_path / "go").touch()
    finish(job)
    again = submit(
        "frame == '1' and wait_for('go'); write()",
        frames="1",
        chunk_size=1,
        existing="unchanged",
    )
    assert finish(again) == ([1], [])


def test_what_is_asked_for_again_is_rendered_whatever_is_there(submit, finish, queue):
    finish(submit(frames="1-3"))
    job = submit(frames="1-3", existing="proved")
    assert finish(job) == ([], [1, 2, 3])
    queue.retry(job, frames="2")
    assert finish(job) == ([2], [1, 2, 3])


def test_nothing_but_pictures_and_the_sidecar_is_left(submit, finish, tmp_path, queue):
    finish(submit(frames="1-2"))
    assert queue.stop_service()
    left = sorted(p.name for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert left == [NAME, "shot.0001.exr", "shot.0002.exr"]


def test_a_preview_is_rendered_again_where_its_scene_changed(
    queue, finish, tmp_path, monkeypatch
):
    pytest.importorskip("mitsuba")
    monkeypatch.setenv("LRC_PREVIEW_VARIANT", "scalar_rgb")
    scene = tmp_path / "mine.ma"
    scene.write_bytes(ROCKET.read_bytes())

    def render(frames: str) -> tuple[list[int], list[int]]:
        return finish(
            queue.submit(
                Submission(
                    scene=str(scene),
                    layers=("beauty",),
                    frames=frames,
                    resolution=(32, 18),
                    samples=1,
                    output_folder=str(tmp_path / "out"),
                    existing="unchanged",
                )
            )
        )

    assert render("1-2") == ([1, 2], [])
    scene.touch()
    assert render("1-3") == ([3], [1, 2])
    scene.write_bytes(ROCKET.read_bytes() + b'createNode transform -n "new";\n')
    assert render("2-3") == ([2, 3], [])
    assert render("1-3") == ([1], [2, 3])
