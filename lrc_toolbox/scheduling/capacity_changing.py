"""What follows when the capacity changes: who is squeezed, waits, leaves or goes on."""

from __future__ import annotations

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.states import AttemptState
from lrc_toolbox.scheduling.actions import BindProcess
from lrc_toolbox.scheduling.artist import CPU
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import MachineRead
from lrc_toolbox.scheduling.hours import Calendar, rule_at
from lrc_toolbox.scheduling.placing import feed, stop
from lrc_toolbox.scheduling.reserving import work_out

#: How long, in seconds, a GPU must be missing before what renders on it is ended: one
#: call that the driver does not answer costs no frame.
LOST_S = 4.0


def machine_read(board: Board, event: MachineRead, calendar: Calendar) -> None:
    """Work out the capacity anew, and what the artist's load asks for."""
    reading, policy = event.reading, event.policy
    board.artist.follow(reading, policy)
    board.hosts = len(reading.hosts)
    rule = rule_at(policy, calendar, event.now)
    capacity = work_out(
        reading,
        policy,
        away=board.artist.away,
        rule=rule,
        held_mib=board.ledger.held_vram(),
        used_by_renders_mib=sum(worker.memory_mib for worker in board.workers.values()),
    )
    reserved = reading.hosts and not board.artist.away and rule.grants != "everything"
    _step_back(board, capacity if reserved else None, event.now)
    change_capacity(board, capacity, event.now)
    if not reading.gpus.pending and reading.gpus.source:
        _stop_on_lost_gpus(board, capacity, event.now)


def change_capacity(board: Board, capacity: Capacity, now: float) -> None:
    """Take CPUs back from those that hold too many, and let others go on."""
    for holder, grant in board.ledger.resize(capacity).items():
        attempt = board.workers[holder].attempt
        if grant.cpu_ids != attempt.grant.cpu_ids:
            board.actions.append(BindProcess(holder, grant.cpu_ids))
        attempt.grant = grant
        board.save_attempt(attempt)
    for worker in list(board.workers.values()):
        if not worker.frames:
            feed(board, worker, now)


def _step_back(board: Board, reserved: Capacity | None, now: float) -> None:
    """Note what renders must stay off while the artist works hard.

    Args:
        reserved: what is left to renders; None where nothing is kept for the artist.
    """
    before = (board.held_back, board.spared)
    board.held_back, board.spared = "", {}
    if reserved is not None:
        board.held_back = board.artist.asks_for(CPU)
        shared = [share.uuid for share in reserved.gpus if share.shared]
        asked = {uuid: board.artist.asks_for(uuid) for uuid in shared}
        board.spared = {uuid: why for uuid, why in asked.items() if why}
    if (board.held_back, board.spared) != before:
        why = board.held_back or next(iter(board.spared.values()), "")
        kind = EventKind.RENDERS_STEPPED_BACK if why else EventKind.RENDERS_WENT_ON
        board.say(kind, now, text=why)


def _stop_on_lost_gpus(board: Board, capacity: Capacity, now: float) -> None:
    """End what renders on a GPU that fell off the bus; no try is charged for it."""
    held = {worker.attempt.grant.gpu_uuid for worker in board.workers.values()}
    gone = {uuid for uuid in held if uuid is not None and capacity.gpu(uuid) is None}
    board.gone_since = {uuid: board.gone_since.get(uuid, now) for uuid in gone}
    for worker in board.workers.values():
        uuid = worker.attempt.grant.gpu_uuid
        running = worker.attempt.state is AttemptState.RUNNING
        if uuid in gone and running and now - board.gone_since[uuid] >= LOST_S:
            where = worker.attempt.task
            board.say(EventKind.GPU_LOST, now, task=where, text=uuid)
            stop(board, worker)
