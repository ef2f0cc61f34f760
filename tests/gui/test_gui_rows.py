from __future__ import annotations

from pathlib import Path

import pytest

from lrc_toolbox.gui.rows import Phase, frame_of, job_row, picture_folder, task_row
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import TaskId, TaskPlan, TaskRecord
from lrc_toolbox.jobs.states import JobState, TaskState
from lrc_toolbox.queue import Progress, TaskView
from tests.gui.samples import job, task


def test_a_submitted_job_becomes_a_waiting_row(queue, submit, tmp_path) -> None:
    queue.pause()
    number = submit(frames="1-5", layers=("beauty", "shadow"), name="night")
    row = job_row(queue.job(number))
    assert (row.id, row.name, row.tasks) == (number, "night", 2)
    assert row.figures.phase is Phase.WAITING
    assert row.figures.frames == 10
    assert row.folder == str(tmp_path / "out")


def test_a_paused_job_shows_as_paused_until_it_has_ended(queue, submit, until) -> None:
    queue.pause()
    number = submit()
    queue.pause(number)
    until(lambda: queue.job(number).paused)
    assert job_row(queue.job(number)).figures.phase is Phase.PAUSED
    queue.cancel(number)
    until(lambda: queue.job(number).state is JobState.CANCELLED)
    assert job_row(queue.job(number)).figures.phase is Phase.CANCELLED


def test_a_finished_task_tells_its_newest_picture_and_frame(
    queue, submit, tmp_path
) -> None:
    number = submit(frames="1001-1002")
    queue.wait(number, timeout=60)
    (row,) = map(task_row, queue.tasks(number))
    assert row.figures.phase is Phase.DONE
    assert row.picture_frame in ("1001", "1002")
    assert row.picture_frame in Path(row.picture).name
    assert Path(row.picture).is_file()
    assert Path(row.thumbnail).is_file()
    folder = picture_folder(row, job_row(queue.job(number)))
    assert folder == str(Path(row.picture).parent)


def test_what_is_odd_stands_beside_why_a_layer_failed() -> None:
    picture = ExpectedPicture("/out/a.####.exr", 8, 8)
    plan = TaskPlan("beauty", "persp", FrameRange.parse("1-9"), (picture,))
    record = TaskRecord(TaskId(3, 1), plan, TaskState.FAILED, reason="It crashed.")
    record.warning = "Frame 7 is black."
    assert task_row(TaskView(record, Progress(100.0, 9, 8, 1), ())).reason == (
        "It crashed. Frame 7 is black."
    )
    record.reason = ""
    row = task_row(TaskView(record, Progress(100.0, 9, 9, 0), ()))
    assert row.reason == "Frame 7 is black."


def test_the_frames_in_hand_are_told(queue, submit, until) -> None:
    number = submit("wait_for('go'); write()", frames="7")
    until(lambda: task_row(queue.tasks(number)[0]).rendering == "7")


@pytest.mark.parametrize(
    ("name", "frame"),
    [("a.0007.exr", "7"), ("a.v2.1001.exr", "1001"), ("a.-0001.exr", "-1"), ("", "")],
)
def test_a_pictures_frame_is_read_from_its_name(name: str, frame: str) -> None:
    assert frame_of(name) == frame


def test_without_a_picture_the_jobs_folder_is_the_pictures_folder() -> None:
    assert picture_folder(task(3, 1), job(3, folder="/out")) == "/out"
    assert picture_folder(job(3, folder="/out"), job(3, folder="/out")) == "/out"
