"""Other ways to schedule the same jobs, to see ours beside them.

All of them start what comes next wherever a place is free. Those by frame keep a
scene open for as long as the place goes on with the same job, as a good render manager
does, and honour priorities; the last is what the tool did that this one replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from simulation.outcome import Outcome
from simulation.workload import LEAVE_S, Job, Layer


class Piece(NamedTuple):
    """What goes to a place as a whole: a frame, a chunk, or a layer."""

    job: Job
    layer: Layer
    seconds: float


def first_in_first_out(jobs: Sequence[Job], slots: int) -> Outcome:
    """Frames in the order of priority and submission."""
    pieces = [piece for job in jobs for piece in _frames(job)]
    return _outcome(jobs, [_play(pieces, slots, _by_age)])


def longest_frame_first(jobs: Sequence[Job], slots: int) -> Outcome:
    """The longest frame or chunk first, its time known before it was rendered."""
    pieces = [piece for job in jobs for piece in _frames(job)]
    return _outcome(jobs, [_play(pieces, slots, _by_length)])


def longest_layer_first(jobs: Sequence[Job], slots: int) -> Outcome:
    """Whole layers, the longest first, their times known before they were rendered."""
    pieces = [_whole(job, layer) for job in jobs for layer in job.layers]
    return _outcome(jobs, [_play(pieces, slots, _by_length)])


def layers_in_turn(jobs: Sequence[Job], slots: int) -> Outcome:
    """Layers dealt out to the places in turn; each place renders its own, in order."""
    pieces = [_whole(job, layer) for job in jobs for layer in job.layers]
    dealt = [pieces[place::slots] for place in range(min(slots, len(pieces)))]
    return _outcome(jobs, [_play(mine, 1, _in_turn) for mine in dealt])


def _by_age(piece: Piece) -> tuple[float, ...]:
    return (-piece.job.priority, piece.job.submitted_at)


def _by_length(piece: Piece) -> tuple[float, ...]:
    return (-piece.job.priority, -piece.seconds)


def _in_turn(piece: Piece) -> tuple[float, ...]:
    return (piece.job.submitted_at,)


def _frames(job: Job) -> Iterator[Piece]:
    size = job.chunk or 1
    for layer in job.layers:
        for first in range(0, len(layer.seconds), size):
            yield Piece(job, layer, sum(layer.seconds[first : first + size]))


def _whole(job: Job, layer: Layer) -> Piece:
    """Take a layer as one; an engine that loads for every chunk still does."""
    again = 0 if job.chunk is None else (len(layer.seconds) - 1) // job.chunk
    once = job.load_s + layer.warm_up_s + LEAVE_S
    return Piece(job, layer, layer.work_s + again * once)


class _Played(NamedTuple):
    """When each job's last piece was done, when the last process was gone."""

    done_at: dict[int, float]
    end: float
    loads: int


def _play(
    pieces: Sequence[Piece], slots: int, order: Callable[[Piece], tuple[float, ...]]
) -> _Played:
    """Give each free place the piece that comes first of those submitted."""
    later = sorted(pieces, key=lambda piece: -piece.job.submitted_at)
    ready: list[tuple[tuple[float, ...], int, Piece]] = []
    free = [(0.0, place) for place in range(slots)]
    open_now: dict[int, Piece] = {}
    played = _Played({}, 0.0, 0)
    clock = 0.0
    for _ in pieces:
        free_at, place = heappop(free)
        clock = max(clock, free_at)
        if not ready and later:
            clock = max(clock, later[-1].job.submitted_at)
        while later and later[-1].job.submitted_at <= clock:
            piece = later.pop()
            heappush(ready, (order(piece), len(pieces) - len(later), piece))
        piece = heappop(ready)[2]
        before, loads = _before(open_now.get(place), piece)
        open_now[place] = piece
        done = clock + before + piece.seconds
        heappush(free, (done, place))
        job = piece.job.number
        played.done_at[job] = max(done, played.done_at.get(job, 0.0))
        played = played._replace(end=max(played.end, done), loads=played.loads + loads)
    return played._replace(end=played.end + LEAVE_S)


def _before(last: Piece | None, piece: Piece) -> tuple[float, int]:
    """Say what a place must do first, in seconds, and whether it loads a scene."""
    warm_up = piece.layer.warm_up_s
    if last is not None and last.job is piece.job and piece.job.chunk is None:
        return (0.0 if last.layer is piece.layer else warm_up), 0
    leave = LEAVE_S if last is not None else 0.0
    return leave + piece.job.load_s + warm_up, 1


def _outcome(jobs: Sequence[Job], played: Sequence[_Played]) -> Outcome:
    done_at = {
        job.number: max(one.done_at.get(job.number, 0.0) for one in played)
        for job in jobs
    }
    end = max(one.end for one in played)
    return Outcome.of(jobs, done_at, end, sum(one.loads for one in played))
