"""Which task of a job gets a process next, and when a further one for a task pays.

A further process of a task loads the scene once more. Where a place would stay free
otherwise, that pays as soon as there is more to render than that takes. Where other
jobs of the same priority could use the place, it pays only if the process will render
for much longer than it loads: else many processes load much and render little, and all
of the queue takes longer.
"""

from __future__ import annotations

from collections.abc import Iterator

from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.work import JobWork, TaskWork

#: How many times longer than it takes to start, a further process must have to render
#: where other jobs could use its place. Starting is then about 3 % of its time.
PAYS = 30

#: How many frames there must be for it as long as nobody knows how long they take.
PAYS_FRAMES = 24


def rounds(board: Board) -> Iterator[tuple[JobWork, bool]]:
    """Go through the jobs in line, each time with whether to help sparingly.

    Of each priority twice: first what pays for all, then whatever pays at all. Without
    a free place once is enough, to find who comes next.
    """
    ledger = board.ledger
    again: list[JobWork] = []
    for job in board.in_line():
        if again and again[0].record.priority != job.record.priority:
            yield from ((one, False) for one in again)
            again = []
        sparing = len(ledger.held) < ledger.places
        yield job, sparing
        if sparing:
            again.append(job)
    yield from ((one, False) for one in again)


def next_task(board: Board, job: JobWork, *, sparing: bool = False) -> TaskWork | None:
    """Find the task that gets the job's next process: one that nobody has begun first.

    Args:
        sparing: other jobs could use the place.
    """
    fresh = board.first_fresh(job)
    if fresh is not None:
        return fresh
    # An engine that loads the scene for every chunk loads it no less with fewer.
    pays = _pays_for_all if sparing and job.traits.kept_open else _pays
    longest, most_s = None, 0.0
    for ordinal in job.shared:
        task = job.tasks[ordinal]
        left_s = task.remaining_s
        if left_s > most_s and pays(task, left_s):
            longest, most_s = task, left_s
    return longest


def _pays(task: TaskWork, left_s: float) -> bool:
    cost = _starting_s(task)
    return cost is None or left_s > cost


def _pays_for_all(task: TaskWork, left_s: float) -> bool:
    cost, sharers = _starting_s(task), len(task.workers) + 1
    if cost is None:
        return len(task.waiting) >= PAYS_FRAMES * sharers
    return left_s >= PAYS * cost * sharers


def _starting_s(task: TaskWork) -> float | None:
    """Say what a further process costs in seconds; None where nobody knows yet.

    Beside loading that is what its first frame takes longer than others.
    """
    usual, first = task.record.frame_seconds, task.pace.first
    if task.start_s is None or usual is None:
        return None
    return task.start_s + max(0.0, (first or usual) - usual)
