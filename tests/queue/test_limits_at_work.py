"""Real processes past their limits, renderers without licences, and odd pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import FailureClass
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import JobState


@pytest.fixture
def ended_for(queue, until):
    """Gives a function that waits for a job's first failed attempt."""

    def failure(job):
        def failures():
            found = [attempt.failure for attempt in queue.attempts(job)]
            return [one for one in found if one is not None]

        until(failures)
        return failures()[0]

    return failure


def test_a_process_that_says_nothing_is_ended(queue, submit, ended_for):
    job = submit("time.sleep(600)", frames="1", stall_s=0.5, retries=0)
    assert ended_for(job).kind is FailureClass.STALLED
    assert queue.wait(job, timeout=30).state is JobState.FAILED


def test_a_frame_that_takes_too_long_is_ended_though_it_talks(queue, submit, ended_for):
    talk = "while True: print('still at it', time.sleep(0.05), flush=True)"
    job = submit(talk, frames="1", frame_limit_s=0.7, retries=0)
    assert ended_for(job).kind is FailureClass.TIMEOUT
    assert "`frame_limit_s`" in queue.wait(job, timeout=30).reason


def test_a_process_that_floods_its_log_is_ended_and_its_log_stays(
    queue, submit, ended_for
):
    Policy(log_mib=1).save(queue.home.policy_file)
    flood = "print('warning: ' * 200000, flush=True)\nwait_for('never')"
    job = submit(flood, frames="1", retries=0)
    failure = ended_for(job)
    assert failure.kind is FailureClass.OTHER
    assert "grew beyond 1 MiB" in failure.message
    (attempt,) = queue.attempts(job)
    with Path(attempt.log_path).open("rb") as log:
        assert len(log.read()) > 1 << 20


def test_a_process_that_takes_too_much_memory_is_ended(queue, submit, ended_for):
    take = "hoard = b'x' * (400 << 20)\nwait_for('never')"
    job = submit(take, frames="1", memory_limit_mib=200, retries=0)
    failure = ended_for(job)
    assert failure.kind is FailureClass.OUT_OF_MEMORY
    assert "`memory_limit_mib` allows 200 MiB" in failure.message
    queue.cancel(job)


def test_a_renderer_without_licence_rests_and_others_render(queue, submit, until):
    refused = (
        '{"lrc": "frame_failed", "frame": int(frame), "class": "licence", '
        '"message": "no server answers"}'
    ).replace("int(frame)", "%d")
    does = f"print('{refused}' % int(frame), flush=True); sys.exit(1)"
    job = submit(does, frames="1-3", renderer="arnold")
    until(lambda: "licence" in why(queue, job))
    until(lambda: queue.attempts(job)[0].failure)
    failed = queue.attempts(job)[0].failure
    assert (failed.kind, failed.message) == (
        FailureClass.LICENCE,
        "no server answers.",
    )
    other = submit(frames="1-2")
    assert queue.wait(other, timeout=60).state is JobState.DONE
    assert "arnold got no licence. It is tried again at" in why(queue, job)
    assert not queue.failed_jobs()
    queue.cancel(job)


def why(queue, job):
    return queue.job(job).reason


def test_an_odd_picture_is_told_and_pauses_its_job(
    queue, submit, until, tmp_path, begun
):
    oiio = pytest.importorskip("OpenImageIO")
    numpy = pytest.importorskip("numpy")
    bright = oiio.ImageBuf(oiio.ImageSpec(16, 9, 4, "half"))
    bright.set_pixels(oiio.ROI(), numpy.full((9, 16, 4), 0.5, numpy.float32))
    assert bright.write(str(tmp_path / "bright.exr"))
    does = (
        "picture = picture if frame == '4' else os.path.join(folder, 'bright.exr')\n"
        "write()"
    )
    job = submit(does, frames="1-40", pause_when_odd=True, cpu_threads=999)
    until(lambda: queue.job(job).paused)
    assert "It was paused: Frame 4 is black" in why(queue, job)
    assert queue.tasks(job)[0].record.warning.startswith("Frame 4 is black")
    until(lambda: queue.job(job).state is JobState.WAITING)
    assert len(begun()) < 40
    queue.resume(job)
    assert queue.wait(job, timeout=60).state is JobState.DONE
    odd = [event for event in queue.follow(job) if event.kind is EventKind.FRAME_ODD]
    assert [(event.task, event.frame) for event in odd] == [(TaskId(job, 1), 4)]
