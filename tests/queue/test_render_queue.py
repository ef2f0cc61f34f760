"""The queue object with a real service and real processes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import FailureClass
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import FrameState, JobState
from lrc_toolbox.jobs.submission import Submission, SubmissionError
from lrc_toolbox.outputs.space import OutputFolderError
from lrc_toolbox.queue import (
    JobEndedError,
    NothingToRetryError,
    RenderQueue,
    UnknownJobError,
    UnknownTaskError,
    WaitTimeoutError,
)


def test_a_submitted_job_is_there_at_once_and_ends_with_its_pictures(
    queue, submit, tmp_path
):
    job = submit()
    assert queue.job(job).id == job
    view = queue.wait(job, timeout=60)
    assert view.state is JobState.DONE
    assert (view.progress.done, view.progress.percent) == (3, 100.0)
    assert len(list((tmp_path / "out").rglob("*.exr"))) == 3
    task = queue.tasks(job)[0]
    assert Path(task.record.last_thumbnail).is_file()
    assert task.record.frame_seconds is not None
    assert {frame.state for frame in queue.frames(task.id)} == {FrameState.DONE}


def test_two_processes_run_side_by_side(queue, submit, until, begun, tmp_path):
    job = submit("wait_for('go'); write()", frames="1-4")
    until(lambda: len(begun()) == 2)
    live = [attempt for task in queue.tasks(job) for attempt in task.attempts]
    cpus = [cpu for attempt in live for cpu in attempt.grant.cpu_ids]
    assert len(live) == 2
    assert len(cpus) == len(set(cpus))
    (tmp_path / "go").touch()
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_follow_tells_the_whole_story_and_ends(queue, submit):
    kinds = [event.kind for event in queue.follow(submit(frames="1-2"), timeout=60)]
    assert kinds[0] is EventKind.JOB_SUBMITTED
    assert kinds[-1] is EventKind.JOB_DONE
    assert kinds.count(EventKind.FRAME_PROVED) == 2


def test_a_coroutine_can_wait_for_a_job(queue, submit):
    view = asyncio.run(queue.finished(submit(frames="1"), timeout=60))
    assert view.state is JobState.DONE


def test_waiting_gives_up_in_time_and_the_job_goes_on(queue, submit, tmp_path):
    job = submit("wait_for('go'); write()", frames="1")
    with pytest.raises(WaitTimeoutError):
        queue.wait(job, timeout=0.2)
    (tmp_path / "go").touch()
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_callbacks_hear_of_progress_from_start_to_end(queue, submit, until):
    heard, whole = [], []
    one = queue.on_job_progress(lambda view: heard.append(view))
    two = queue.on_queue_progress(lambda progress: whole.append(progress))
    job = submit()
    queue.wait(job, timeout=60)
    until(lambda: heard and heard[-1].state is JobState.DONE)
    until(lambda: whole and whole[-1].completed == 1)
    percents = [view.progress.percent for view in heard]
    assert percents == sorted(percents)
    one.stop()
    two.stop()


def test_cancel_ends_the_processes_and_gives_up_the_rest(queue, submit, until, begun):
    job = submit("wait_for('never')", frames="1-100")
    until(lambda: len(begun()) == 2)
    queue.cancel(job)
    assert queue.wait(job, timeout=60).state is JobState.CANCELLED
    assert all(attempt.ended_at for attempt in queue.attempts(job))
    with pytest.raises(JobEndedError, match="cancelled"):
        queue.cancel(job)


def test_a_paused_job_starts_nothing_until_resumed(queue, submit, begun, tmp_path):
    queue.pause()
    job = submit(frames="1-2")
    other = submit(frames="1-2")
    queue.pause(job)
    queue.resume()
    assert queue.wait(other, timeout=60).state is JobState.DONE
    assert queue.job(job).state is JobState.WAITING
    assert "resume" in queue.job(job).reason
    queue.resume(job)
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_stop_ends_processes_and_resume_renders_their_frames(
    queue, submit, until, begun, tmp_path
):
    job = submit("wait_for('go'); write()", frames="1-2")
    until(lambda: len(begun()) == 2)
    queue.stop()
    until(lambda: queue.job(job).state is JobState.WAITING)
    assert queue.progress().paused
    assert "paused" in queue.job(job).reason
    (tmp_path / "go").touch()
    queue.resume()
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_a_failed_frame_is_named_and_retried_alone(queue, submit, begun, tmp_path):
    does = "write() if frame != '2' or os.path.exists(folder + '/mended') else None"
    job = submit(does, retries=0)
    view = queue.wait(job, timeout=60)
    assert view.state is JobState.FAILED
    assert [job.id for job in queue.failed_jobs()] == [view.id]
    frames = {frame.frame: frame for frame in queue.frames(TaskId(job, 1))}
    assert frames[2].failure.kind is FailureClass.OUTPUT_MISSING
    (tmp_path / "mended").touch()
    before = len(begun())
    queue.retry(job)
    assert queue.wait(job, timeout=60).state is JobState.DONE
    assert begun()[before:] == [2]


def test_chosen_frames_are_rendered_again_though_they_are_proved(
    queue, submit, begun, until
):
    job = submit()
    queue.wait(job, timeout=60)
    queue.retry(job, frames="1,3", task=1)
    until(lambda: len(begun()) == 5)
    assert queue.wait(job, timeout=60).state is JobState.DONE
    assert sorted(begun()) == [1, 1, 2, 3, 3]


def test_priority_decides_who_is_next(queue, submit, begun):
    queue.pause()
    jobs = [submit(frames=frames, cpu_threads=99) for frames in ("1", "11", "21")]
    queue.set_priority(jobs[2], 90)
    queue.set_priority(jobs[0], 10)
    queue.resume()
    queue.wait(jobs[0], timeout=60)
    assert begun() == [21, 11, 1]


def test_a_dependant_waits_and_says_for_whom(queue, submit, until, begun, tmp_path):
    first = submit("wait_for('go'); write()", frames="1")
    second = submit(frames="2", depends_on=(first,))
    until(lambda: begun() == [1])
    assert f"job {first}" in queue.job(second).reason
    (tmp_path / "go").touch()
    assert queue.wait(second, timeout=60).state is JobState.DONE


def test_frames_follow_those_of_another_job_while_that_still_renders(
    queue, submit, until, begun, tmp_path
):
    does = "frame == '2' and wait_for('go'); write()"
    first = submit(does, frames="1-3", cpu_threads=1)
    second = submit(frames="1-3", frames_after=(first,), priority=90, name="comp")
    until(lambda: queue.job(second).progress.done == 1)
    assert queue.job(first).state is JobState.RUNNING
    until(lambda: f"for those of job {first}" in queue.job(second).reason)
    (tmp_path / "go").touch()
    assert queue.wait(second, timeout=60).state is JobState.DONE
    proved = [
        (event.job, event.frame)
        for event in queue.follow(None, after=0, timeout=0)
        if event.kind is EventKind.FRAME_PROVED
    ]
    for frame in (1, 2, 3):
        assert proved.index((first, frame)) < proved.index((second, frame))


def test_a_job_says_what_to_do_where_frames_it_comes_after_failed(queue, submit):
    first = submit("None", frames="1", retries=0)
    second = submit(frames="1", frames_after=(first,))
    queue.wait(first, timeout=60)
    reason = queue.job(second).reason
    assert reason == (
        f"Its frames wait for those of job {first}, which failed: retry that, or "
        "cancel this."
    )


def test_layers_come_in_the_order_that_was_asked_for(queue, submit):
    layers = {"layers": ("comp", "beauty"), "frames": "1-2"}
    with pytest.raises(SubmissionError, match="'bety'") as refused:
        submit(**layers, layers_after={"comp": ("bety",)})
    assert "beauty" in refused.value.remedy
    job = submit(**layers, layers_after={"comp": ("beauty",)})
    assert queue.wait(job, timeout=60).state is JobState.DONE
    proved = [
        event.task.ordinal
        for event in queue.follow(job)
        if event.kind is EventKind.FRAME_PROVED
    ]
    assert proved == [2, 2, 1, 1]


def test_removed_jobs_are_forgotten_and_their_pictures_stay(
    queue, submit, until, home, tmp_path
):
    job = submit()
    queue.wait(job, timeout=60)
    assert (home / "logs" / str(job)).is_dir()
    assert queue.clear() == 1
    until(lambda: not queue.jobs())
    until(lambda: not (home / "logs" / str(job)).exists())
    with pytest.raises(UnknownJobError):
        queue.job(job)
    assert len(list((tmp_path / "out").rglob("*.exr"))) == 3
    assert submit(frames="9") > job


def test_counts_and_lists_agree(queue, submit):
    done = submit()
    failed = submit("None", frames="7", retries=0)
    queue.wait(done, timeout=60)
    queue.wait(failed, timeout=60)
    counts = queue.counts()
    assert counts.jobs[JobState.DONE] == 1
    assert (counts.frames, counts.frames_done, counts.frames_failed) == (4, 3, 1)
    assert [view.id for view in queue.completed_jobs()] == [done]
    assert [view.id for view in queue.jobs(newest_first=True)] == [failed, done]


def test_another_client_sees_the_same_queue(queue, submit, home):
    job = submit()
    with RenderQueue(home) as other:
        assert other.wait(job, timeout=60).state is JobState.DONE


def test_wrong_requests_are_refused_before_anything_is_queued(queue, submit, tmp_path):
    with pytest.raises(SubmissionError, match="preview"):
        submit(engine="previw", command=())
    with pytest.raises(SubmissionError):
        submit(scene=str(tmp_path / "no such scene.ma"))
    with pytest.raises(UnknownJobError):
        submit(depends_on=(99,))
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(OutputFolderError):
        submit(output_folder=str(tmp_path / "in the way"))
    assert queue.jobs() == []
    for ask in (queue.cancel, queue.pause, queue.remove, queue.retry, queue.tasks):
        with pytest.raises(UnknownJobError, match="99"):
            ask(99)
    job = submit(frames="1")
    with pytest.raises(UnknownTaskError):
        queue.retry(job, task=5, frames="1")
    queue.wait(job, timeout=60)
    with pytest.raises(NothingToRetryError, match="proved"):
        queue.retry(job)


def test_submit_many_adds_all_or_none(queue, tmp_path):
    scene = tmp_path / "a.ma"
    scene.write_text("//Maya ASCII 2024 scene\n")
    fields = {
        "scene": str(scene),
        "output_folder": str(tmp_path / "out"),
        "engine": "command",
        "frames": "1",
        "command": ("true", "<output>", "<frame>"),
    }
    good = Submission(**fields)
    bad = Submission(**{**fields, "depends_on": (77,)})
    with pytest.raises(UnknownJobError):
        queue.submit_many([good, bad])
    assert queue.jobs() == []
