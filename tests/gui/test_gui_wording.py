from __future__ import annotations

import time

from lrc_toolbox.gui import wording
from lrc_toolbox.gui.rows import Phase
from tests.gui.samples import NOW, figures, job, task


def test_a_job_is_named_with_its_number_and_a_task_by_its_layer() -> None:
    assert wording.title(job(17)) == "shot_0017  #17"
    assert wording.title(task(17, 2)) == "layer2"


def test_progress_is_rounded_down_so_that_100_means_complete() -> None:
    assert wording.percent(figures(percent=99.96)) == "99 %"
    assert wording.percent(figures(percent=100.0)) == "100 %"


def test_what_failed_is_never_told_as_complete() -> None:
    failed = figures(Phase.FAILED, percent=100.0, done=18, failed=6)
    assert wording.percent(failed) == "75 %"


def test_failed_frames_are_told_beside_those_done() -> None:
    assert wording.frames(figures(done=18, failed=2)) == "18/24  2 failed"
    assert wording.frames(figures(done=18)) == "18/24"


def test_elapsed_time_runs_while_it_runs_and_stands_when_it_has_ended() -> None:
    running = figures(Phase.RUNNING, started_at=NOW - 90)
    ended = figures(Phase.DONE, started_at=NOW - 90, ended_at=NOW - 60)
    assert wording.elapsed(running, NOW) == "1:30"
    assert wording.elapsed(ended, NOW) == "0:30"
    assert wording.elapsed(figures(Phase.WAITING), NOW) == ""


def test_a_job_that_was_retried_counts_its_time_on() -> None:
    again = figures(Phase.RUNNING, started_at=NOW - 90, ended_at=NOW - 60)
    assert wording.elapsed(again, NOW) == "1:30"


def test_the_end_is_told_as_a_duration_and_as_a_time_of_day() -> None:
    clock = time.strftime("%H:%M", time.localtime(NOW + 192))
    assert wording.eta(figures(eta_at=NOW + 192), NOW).endswith(clock)
    assert wording.eta(figures(eta_at=NOW + 192), NOW).startswith("3:12")


def test_what_does_not_run_has_no_end_yet() -> None:
    assert wording.eta(figures(Phase.PAUSED, eta_at=NOW + 5), NOW) == ""
    assert wording.eta(figures(Phase.RUNNING), NOW) == ""
