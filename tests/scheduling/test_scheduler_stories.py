"""The scheduler's decisions, told as stories."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.commands import (
    Cancel,
    Pause,
    Remove,
    Resume,
    Retry,
    SetPriority,
    StopQueue,
    StopService,
)
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.scheduling.actions import EndService, OpenTask, ProveFrame

BROKEN = Failure(FailureClass.OUTPUT_BROKEN, "half a picture")
CRASH = Failure(FailureClass.CRASH, "boom")
BAD_SCENE = Failure(FailureClass.SCENE_ERROR, "no such layer")


def test_two_tasks_run_side_by_side_and_the_third_waits_for_a_place(world):
    job = world.submit("1-3", "1-3", "1-3")
    assert world.at_work() == [(job, 1), (job, 2)]
    assert world.task_state(job, 3) is TaskState.WAITING
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_grants_never_overlap_and_share_the_cpus(make_world):
    world = make_world(cpu_ids=(0, 1, 2, 3), slots=2)
    world.submit("1-9", "1-9", "1-9")
    held = [cpu for process in world.processes.values() for cpu in process.cpu_ids]
    assert sorted(held) == [0, 1, 2, 3]


def test_a_wish_for_more_cpus_than_there_are_means_all_of_them(world):
    job = world.submit("1-3", "1-3", cpu_threads=16)
    assert world.at_work() == [(job, 1)]
    assert world.processes[1].cpu_ids == (0, 1)


def test_higher_priority_comes_first_then_the_older_job(make_world):
    world = make_world(slots=1)
    first = world.submit("1", priority=50)
    low, high, later = (world.submit("1", priority=p) for p in (10, 90, 50))
    order = []
    while world.processes:
        process = next(iter(world.processes))
        order.append(world.processes[process].task.job)
        world.render(process)
    assert order == [first, high, later, low]


def test_a_kept_open_worker_always_has_a_frame_ahead(world):
    world.submit("1-10", cpu_threads=2)
    process = next(iter(world.processes))
    for _ in range(8):
        assert len(world.processes[process].line) >= 2
        world.write(process)


def test_quick_frames_are_sent_further_ahead_than_slow_ones(world):
    world.submit("1-200", cpu_threads=2)
    for _ in range(5):
        world.write(1, seconds=0.01)
    quick = len(world.processes[1].line)
    for _ in range(30):
        world.write(1, seconds=5.0)
    assert quick > 5 > len(world.processes[1].line)


def test_the_last_frames_of_a_task_are_shared_one_by_one(world):
    world.submit("1-6")
    first, second = world.processes
    for _ in range(2):
        world.write(first)
        world.write(second)
    assert len(world.processes[first].line) == len(world.processes[second].line) == 1


def test_a_free_place_helps_the_task_with_the_most_work_left(world):
    job = world.submit("1-2", "1-9", "1-30", cpu_threads=1)
    world.render(1)
    world.render(1)
    assert world.at_work() == [(job, 3), (job, 2)]
    while world.processes[2].task.ordinal == 2:
        world.render(2)
    assert set(world.at_work()) == {(job, 3)}
    lines = [world.processes[n].line for n in (1, 2)]
    assert not set(lines[0]) & set(lines[1])


def test_a_worker_goes_on_to_another_task_of_its_job_without_a_new_process(world):
    job = world.submit("1", "1", "1")
    world.write(1)
    opened = [action for action in world.actions if isinstance(action, OpenTask)]
    assert [action.task.id for action in opened] == [TaskId(job, 3)]
    assert world.attempts[1].state is AttemptState.FINISHED
    assert world.attempts[3].pid == world.attempts[1].pid
    assert world.attempts[3].log_path == world.attempts[1].log_path
    world.prove()
    assert world.task_state(job, 1) is TaskState.DONE


def test_a_chunk_size_limits_what_one_process_renders(world):
    world.submit("1-5", chunk_size=2, cpu_threads=2)
    assert world.processes[1].line == [1, 2]
    world.write(1)
    world.write(1)
    assert world.processes[1].closed
    world.end(1)
    assert [process.line for process in world.processes.values()] == [[3, 4]]


def test_a_process_that_is_not_kept_open_gets_its_chunk_and_no_more(world):
    job = world.submit("1-5", engine="command", chunk_size=2)
    assert [process.line for process in world.processes.values()] == [[1, 2], [3, 4]]
    world.end(1, code=0)
    world.prove()
    assert world.frame_state(job, 1, 1) is FrameState.DONE
    assert world.frame_state(job, 1, 2) is FrameState.DONE


def test_a_chunk_for_a_command_line_is_evenly_spaced(world):
    world.submit("1-5x2,8", engine="command", chunk_size=4, cpu_threads=2)
    assert world.processes[1].line == [1, 3, 5]
    world.end(1)
    assert [process.line for process in world.processes.values()] == [[8]]


def test_a_frame_is_done_only_when_its_picture_is_proved(world):
    job = world.submit("1")
    world.write(1)
    assert world.frame_state(job, 1, 1) is FrameState.PROVING
    world.end(1)
    assert world.state(job) is JobState.RUNNING
    world.prove()
    assert world.state(job) is JobState.DONE


def test_a_task_is_done_only_when_its_process_is_gone(world):
    job = world.submit("1")
    world.write(1)
    world.prove()
    assert world.task_state(job) is TaskState.RUNNING
    world.end(1)
    assert world.task_state(job) is TaskState.DONE


def test_exit_code_0_without_a_picture_is_a_failure(world):
    job = world.submit("1", engine="command", retries=0)
    world.end(1, code=0)
    look = world.to_prove[0]
    assert not look.claimed
    world.prove(Failure(FailureClass.OUTPUT_MISSING, "not there"))
    assert world.state(job) is JobState.FAILED
    failure = world.frames[TaskId(job, 1), 1].failure
    assert failure.kind is FailureClass.OUTPUT_MISSING


def test_a_picture_finished_before_the_crash_counts(world):
    job = world.submit("1", engine="command")
    world.end(1, code=1)
    world.prove()
    assert world.state(job) is JobState.DONE


def test_a_broken_picture_is_rendered_again_and_then_given_up(world):
    job = world.submit("1", retries=1)
    world.write(1)
    world.prove(BROKEN)
    assert world.frame_state(job, 1, 1) is not FrameState.FAILED
    world.end(1)
    again = next(iter(world.processes))
    world.write(again)
    world.prove(BROKEN)
    world.end(again)
    assert world.state(job) is JobState.FAILED
    assert world.frames[TaskId(job, 1), 1].failure == BROKEN
    assert world.frames[TaskId(job, 1), 1].tries == 2


def test_a_crash_charges_only_the_frame_in_hand(world):
    job = world.submit("1-4", retries=1, cpu_threads=2)
    world.begin(1)
    world.end(1, code=-11)
    world.prove(Failure(FailureClass.OUTPUT_MISSING, "not there"))
    assert world.frames[TaskId(job, 1), 1].failure.kind is FailureClass.CRASH
    assert "signal 11" in world.frames[TaskId(job, 1), 1].failure.message
    assert world.frames[TaskId(job, 1), 2].tries == 0
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_a_worker_that_dies_at_every_start_stops_the_task_after_the_retries(world):
    job = world.submit("1-1000000", retries=2, cpu_threads=2)
    for _ in range(3):
        world.end(next(iter(world.processes)), code=1)
    assert not world.processes
    assert world.state(job) is JobState.FAILED
    assert "exit code 1" in world.jobs[job].reason
    assert len(world.frames) < 10


def test_a_scene_that_cannot_be_opened_is_not_tried_again(world):
    job = world.submit("1-100", "1", retries=5)
    world.give_up_task(1, BAD_SCENE)
    world.end(1, code=1)
    assert world.task_state(job, 1) is TaskState.FAILED
    world.finish_all()
    assert world.task_state(job, 2) is TaskState.DONE
    assert world.state(job) is JobState.FAILED
    assert "no such layer" in world.jobs[job].reason


def test_a_worker_that_leaves_with_frames_in_line_counts_as_crashed(world):
    job = world.submit("1-9", retries=0, cpu_threads=2)
    world.end(1, code=0)
    assert world.attempts[1].failure.kind is FailureClass.CRASH
    assert world.state(job) is JobState.FAILED


def test_a_frame_that_the_worker_gives_up_leaves_the_others_alone(world):
    job = world.submit("1-3", retries=0, cpu_threads=2)
    world.give_up(1, CRASH)
    world.finish_all()
    record = world.tasks[TaskId(job, 1)]
    assert (record.done, record.failed, record.state) == (2, 1, TaskState.FAILED)


def test_a_failed_job_says_which_frame_failed_first_and_why(world):
    job = world.submit("1-3", retries=0, cpu_threads=2)
    world.give_up(1, BROKEN)
    world.give_up(1, CRASH)
    world.finish_all()
    reason = world.jobs[job].reason
    assert reason.startswith("layer1: 2 frames failed. Frame 1:")
    assert "half a picture" in reason


def test_silence_beyond_the_limit_ends_the_process_as_stalled(world):
    job = world.submit("1", stall_s=60, retries=0)
    world.begin(1)
    assert world.scheduler.next_deadline == pytest.approx(world.now + 60)
    world.tick(59)
    assert not world.processes[1].stopping
    world.tick(1)
    assert world.processes[1].stopping
    world.end(1, code=-9)
    world.prove(Failure(FailureClass.OUTPUT_MISSING, "not there"))
    failure = world.frames[TaskId(job, 1), 1].failure
    assert failure.kind is FailureClass.STALLED
    assert world.attempts[1].state is AttemptState.FAILED


def test_a_worker_that_never_leaves_is_ended_and_its_frames_still_count(world):
    job = world.submit("1")
    world.write(1)
    world.prove()
    assert world.processes[1].closed
    world.tick(60)
    assert world.processes[1].stopping
    world.end(1, code=-9)
    assert world.state(job) is JobState.DONE
    assert world.attempts[1].state is AttemptState.STOPPED


def test_cancel_releases_the_grant_only_when_the_process_is_gone(world):
    job = world.submit("1-9", cpu_threads=2)
    other = world.submit("1", cpu_threads=2)
    world.ask(Cancel(job))
    assert world.processes[1].stopping
    assert world.state(job) is JobState.RUNNING
    assert world.at_work() == [(job, 1)]
    world.end(1, code=-15)
    assert world.state(job) is JobState.CANCELLED
    assert world.task_state(job) is TaskState.CANCELLED
    assert world.at_work() == [(other, 1)]


def test_a_waiting_job_is_cancelled_at_once(world):
    world.submit("1-9", cpu_threads=2)
    job = world.submit("1-9", "1-9")
    world.ask(Cancel(job))
    assert world.state(job) is JobState.CANCELLED
    assert world.task_state(job, 2) is TaskState.CANCELLED


def test_pause_lets_frames_in_hand_finish_and_resume_goes_on(world):
    job = world.submit("1-9", cpu_threads=2)
    world.ask(Pause(job))
    held = len(world.processes[1].line)
    for _ in range(held):
        world.write(1)
    world.prove()
    assert world.processes[1].closed
    world.end(1)
    assert world.state(job) is JobState.WAITING
    assert not world.processes
    world.ask(Resume(job))
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_a_paused_queue_starts_nothing_until_it_is_resumed(world):
    world.ask(Pause(None))
    job = world.submit("1-3")
    assert not world.processes
    assert world.scheduler.idle
    world.ask(Resume(None))
    assert world.at_work()[0] == (job, 1)


def test_stop_ends_processes_and_their_frames_wait_uncharged(world):
    job = world.submit("1-4", retries=0, cpu_threads=2)
    world.begin(1)
    world.ask(StopQueue())
    world.end(1, code=-15)
    assert not world.processes
    assert world.state(job) is JobState.WAITING
    assert world.frame_state(job, 1, 1) is FrameState.WAITING
    assert world.frames[TaskId(job, 1), 1].tries == 0
    world.ask(Resume(None))
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_the_service_leaves_when_its_last_process_is_gone(world):
    world.submit("1-4", cpu_threads=2)
    world.ask(StopService())
    assert EndService() not in world.actions
    world.end(1, code=-15)
    assert EndService() in world.actions
    assert not world.processes


def test_a_more_urgent_job_gets_its_place_at_the_next_frame_boundary(world):
    low = world.submit("1-1000", cpu_threads=2, priority=10)
    high = world.submit("1-2", cpu_threads=2, priority=90)
    held = len(world.processes[1].line)
    for _ in range(held):
        world.write(1)
    assert world.processes[1].closed
    world.end(1)
    assert world.at_work() == [(high, 1)]
    world.prove()
    world.finish_all(0.5)
    assert world.state(low) is JobState.DONE


def test_priority_changes_take_effect_on_what_waits(make_world):
    world = make_world(slots=1)
    world.submit("1")
    second, third = world.submit("1"), world.submit("1")
    world.ask(SetPriority(third, 99))
    world.render(1)
    assert world.at_work() == [(third, 1)]
    assert world.jobs[second].priority == 50


def test_a_dependant_waits_until_the_job_it_needs_is_done(world):
    first = world.submit("1")
    second = world.submit("1", depends_on=(first,))
    assert world.at_work() == [(first, 1)]
    world.render(1)
    assert world.at_work() == [(second, 1)]


def test_a_dependant_of_a_failed_job_waits_for_its_retry(world):
    first = world.submit("1", retries=0)
    second = world.submit("1", depends_on=(first,))
    world.give_up(1, BROKEN)
    world.end(1)
    assert world.state(first) is JobState.FAILED
    assert world.state(second) is JobState.WAITING
    world.ask(Retry(first))
    world.finish_all()
    assert world.state(first) is JobState.DONE
    assert world.state(second) is JobState.DONE


def test_retry_renders_only_what_is_not_proved(world):
    job = world.submit("1-3", "1-2", retries=0)
    world.give_up(1, BROKEN)
    world.finish_all()
    assert world.state(job) is JobState.FAILED
    world.ask(Retry(job))
    process = next(iter(world.processes))
    assert world.processes[process].line == [1]
    assert world.tasks[TaskId(job, 1)].done == 2
    world.finish_all()
    assert world.state(job) is JobState.DONE
    assert world.jobs[job].reason == ""


def test_retry_of_chosen_frames_renders_proved_ones_again(world):
    job = world.submit("1-5")
    world.finish_all()
    world.ask(Retry(job, TaskId(job, 1), FrameRange.parse("2,4,77")))
    assert world.tasks[TaskId(job, 1)].done == 3
    rendered = [frame for process in world.processes.values() for frame in process.line]
    assert sorted(rendered) == [2, 4]
    world.finish_all()
    assert world.state(job) is JobState.DONE
    assert world.tasks[TaskId(job, 1)].done == 5


def test_retry_while_the_job_runs_brings_a_failed_task_back(world):
    job = world.submit("1", "1-5", retries=0)
    world.give_up(1, BROKEN)
    while world.processes[1].closed is False and world.processes[1].line:
        world.write(1)
    world.prove()
    assert world.task_state(job, 1) is TaskState.FAILED
    world.ask(Retry(job))
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_retry_with_nothing_to_do_is_refused_in_words(world):
    job = world.submit("1")
    world.finish_all()
    world.ask(Retry(job))
    assert world.state(job) is JobState.DONE
    assert "no such frames" in world.happened(EventKind.COMMAND_REFUSED)[0].text


def test_a_command_for_an_unknown_job_is_refused_and_harms_nothing(world):
    job = world.submit("1")
    world.ask(Cancel(99))
    assert "99" in world.happened(EventKind.COMMAND_REFUSED)[0].text
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_removing_a_running_job_cancels_it_first(world):
    job = world.submit("1-9", cpu_threads=2)
    world.ask(Remove((job,)))
    assert not world.removed
    world.end(1, code=-15)
    assert world.removed == [job]


def test_progress_never_goes_back_even_when_a_worker_dies(world):
    job = world.submit("1-4", cpu_threads=2)
    world.write(1)
    world.prove()
    world.begin(1)
    world.now += 1
    world.progress(1, 80.0)
    world.now += 1
    world.progress(1, 30.0)
    world.end(1, code=-9)
    world.prove(Failure(FailureClass.OUTPUT_MISSING, "not there"))
    world.finish_all()
    shown = world.shown[TaskId(job, 1)]
    assert shown == sorted(shown)
    assert max(shown) == shown[-1] == 100.0


def test_the_first_frame_of_a_process_does_not_spoil_the_typical_time(world):
    job = world.submit("1-9", cpu_threads=2)
    world.write(1, seconds=60.0)
    assert world.tasks[TaskId(job, 1)].frame_seconds == 60.0
    for _ in range(3):
        world.write(1, seconds=2.0)
    assert world.tasks[TaskId(job, 1)].frame_seconds == 2.0


def test_frames_of_processes_that_report_nothing_have_times_too(world):
    job = world.submit("1-4", engine="command", chunk_size=2)
    world.now += 8.0
    world.end(1)
    assert world.tasks[TaskId(job, 1)].frame_seconds == 4.0
    assert world.frames[TaskId(job, 1), 2].seconds == 4.0


def test_a_command_may_report_its_frames_itself(world):
    job = world.submit("1", engine="command")
    world.write(1, seconds=3.0)
    world.prove()
    world.end(1)
    assert world.state(job) is JobState.DONE
    assert world.tasks[TaskId(job, 1)].frame_seconds == 3.0


def test_a_new_service_follows_living_processes_and_loses_no_frame(world):
    job = world.submit("1-6", cpu_threads=2)
    world.write(1)
    world.prove()
    world.begin(1)
    world.restart(alive=True)
    assert world.at_work() == [(job, 1)]
    world.write(1)
    world.processes[1].line.clear()
    world.end(1, code=None)
    world.prove()
    world.finish_all()
    assert world.state(job) is JobState.DONE
    proved = [event.frame for event in world.happened(EventKind.FRAME_PROVED)]
    assert sorted(proved) == [1, 2, 3, 4, 5, 6]


def test_a_new_service_looks_at_the_frames_of_dead_processes_first(world):
    job = world.submit("1-3", retries=0, cpu_threads=2)
    world.begin(1)
    world.restart(alive=False)
    looks = [look.frame for look in world.to_prove]
    assert 1 in looks
    assert world.attempts[1].state is AttemptState.LOST
    world.prove(Failure(FailureClass.OUTPUT_MISSING, "not there"))
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_a_frame_waiting_for_its_proof_is_proved_by_the_next_service(world):
    job = world.submit("1")
    world.write(1)
    world.restart(alive=False)
    assert [look.claimed for look in world.to_prove] == [True]
    world.prove()
    assert world.state(job) is JobState.DONE
    assert len(world.attempts) == 1


def test_a_cancel_is_carried_on_by_the_next_service(world):
    job = world.submit("1-9", cpu_threads=2)
    world.ask(Cancel(job))
    world.restart(alive=True)
    assert world.processes[1].stopping
    world.end(1, code=None)
    assert world.state(job) is JobState.CANCELLED


def test_a_million_frames_cost_no_million_objects(world):
    job = world.submit("1-1000000", cpu_threads=2)
    world.write(1)
    world.ask(Cancel(job))
    world.end(1, code=-15)
    world.prove()
    assert world.state(job) is JobState.CANCELLED
    assert len(world.frames) < 70


def test_unreported_frames_of_a_dead_worker_are_not_taken_on_trust(world):
    world.submit("1", engine="command")
    world.end(1, code=0)
    looks = [action for action in world.actions if isinstance(action, ProveFrame)]
    assert [look.claimed for look in looks] == [False]
