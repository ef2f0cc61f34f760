from __future__ import annotations

import threading

import psutil
import pytest

from lrc_toolbox.gui.bridge import QueueBridge, Snapshot
from lrc_toolbox.gui.rows import Phase


@pytest.fixture
def snapshots(qtbot, queue):
    """What a bridge on the queue hands over, newest last; `.bridge` is the bridge."""

    class Snapshots(list[Snapshot]):
        bridge = QueueBridge(queue)

    taken = Snapshots()
    taken.bridge.refreshed.connect(taken.append)
    taken.bridge.set_visible(True)
    yield taken
    taken.bridge.close()


def test_it_hands_over_the_queue_once_and_then_only_changes(
    snapshots, queue, qtbot, monkeypatch
) -> None:
    qtbot.waitUntil(lambda: len(snapshots) == 1)
    asked = []
    monkeypatch.setattr(
        queue, "version", lambda ask=queue.version: asked.append(1) or ask()
    )
    qtbot.waitUntil(lambda: len(asked) >= 3)
    assert len(snapshots) == 1


def test_a_new_job_is_handed_over_without_being_asked_for(
    snapshots, queue, submit, see
) -> None:
    queue.pause()
    number = submit(name="night")
    see(lambda: snapshots and snapshots[-1].jobs)
    (row,) = snapshots[-1].jobs
    assert (row.id, row.name) == (number, "night")
    assert snapshots[-1].tasks == {}


def test_only_the_tasks_of_watched_jobs_are_read(snapshots, queue, submit, see) -> None:
    queue.pause()
    first, second = submit(layers=("a", "b")), submit()
    snapshots.bridge.watch([first, 999])
    see(lambda: snapshots and snapshots[-1].tasks)
    assert list(snapshots[-1].tasks) == [first]
    assert [task.layer for task in snapshots[-1].tasks[first]] == ["a", "b"]
    snapshots.bridge.watch([second])
    see(lambda: list(snapshots[-1].tasks) == [second])


def test_jobs_come_newest_first(snapshots, queue, submit, see) -> None:
    queue.pause()
    numbers = [submit() for _ in range(3)]
    see(lambda: snapshots and len(snapshots[-1].jobs) == 3)
    assert [row.id for row in snapshots[-1].jobs] == numbers[::-1]


def test_a_request_runs_on_another_thread_and_its_answer_comes_to_this_one(
    snapshots, queue, see
) -> None:
    seen = []

    def request(of) -> threading.Thread:
        seen.append(of)
        return threading.current_thread()

    def answer(worker) -> None:
        seen.extend([worker, threading.current_thread()])

    snapshots.bridge.ask(request, answer)
    see(lambda: len(seen) == 3)
    assert seen[0] is queue
    assert seen[1] is not threading.main_thread()
    assert seen[2] is threading.main_thread()


def test_a_refused_request_is_reported_with_its_remedy(snapshots, see) -> None:
    troubles: list[Exception] = []
    snapshots.bridge.troubled.connect(troubles.append)
    snapshots.bridge.ask(lambda queue: queue.cancel(12345))
    see(lambda: troubles)
    assert "There is no job 12345" in str(troubles[0])


def test_a_queue_that_cannot_be_read_is_reported_once_and_tried_again(
    snapshots, queue, submit, see, monkeypatch
) -> None:
    troubles: list[Exception] = []
    snapshots.bridge.troubled.connect(troubles.append)
    see(lambda: snapshots)
    tries = []

    def broken() -> int:
        tries.append(1)
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "version", broken)
        see(lambda: len(tries) >= 3)
    assert len(troubles) == 1
    queue.pause()
    submit()
    see(lambda: snapshots[-1].jobs)


def test_what_runs_reaches_its_end_while_it_is_watched(snapshots, submit, see) -> None:
    number = submit(frames="1-2")
    snapshots.bridge.watch([number])
    see(lambda: snapshots and snapshots[-1].jobs)
    see(lambda: snapshots[-1].jobs[0].figures.phase is Phase.DONE)
    assert snapshots[-1].tasks[number][0].figures.done == 2


def test_closing_ends_its_threads(queue, qtbot) -> None:
    before = set(threading.enumerate())
    bridge = QueueBridge(queue)
    bridge.close()
    assert set(threading.enumerate()) <= before


def test_a_service_that_was_killed_is_started_again_while_work_waits(
    snapshots, queue, submit, see, monkeypatch
) -> None:
    monkeypatch.setattr("lrc_toolbox.gui.bridge._SERVICE_S", 0.3)
    submit("wait_for('go'); write()", frames="1")
    see(lambda: snapshots and snapshots[-1].queue.running)
    killed = queue.service_status().pid
    psutil.Process(killed).kill()
    see(lambda: snapshots[-1].service.pid not in (None, killed))
    assert not snapshots[-1].service_is_missed


def test_a_job_that_ended_keeps_its_row_until_it_is_started_anew(
    snapshots, queue, submit, see
) -> None:
    first = submit(frames="1")
    see(lambda: snapshots and snapshots[-1].queue.completed == 1)
    before = snapshots[-1].jobs[-1]
    second = submit(frames="1")
    see(lambda: snapshots[-1].queue.completed == 2)
    assert snapshots[-1].jobs[-1] is before
    queue.retry(first, frames="1")
    see(lambda: snapshots[-1].jobs[-1] is not before)
    see(lambda: snapshots[-1].queue.completed == 2)
    assert snapshots[-1].jobs[0].id == second
