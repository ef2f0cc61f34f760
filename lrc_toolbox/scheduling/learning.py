"""What attempts teach about their layers: how much memory and VRAM they need."""

from __future__ import annotations

from math import ceil

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.usage import Usage, usage_key
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import UsageMeasured
from lrc_toolbox.scheduling.needs import ROOM
from lrc_toolbox.scheduling.work import JobWork, Worker

#: Classes of failure that a larger grant may mend.
SHORTAGES = frozenset({FailureClass.OUT_OF_GPU_MEMORY, FailureClass.OUT_OF_MEMORY})


def usage_measured(board: Board, event: UsageMeasured) -> None:
    """Note what a process holds; what it held at most counts after its first frame."""
    worker = board.workers.get(event.process)
    if worker is None:
        return
    worker.memory_mib = event.memory_mib
    attempt = worker.attempt
    before = attempt.peak_memory_mib, attempt.peak_vram_mib
    attempt.peak_memory_mib = max(attempt.peak_memory_mib or 0, event.memory_mib)
    if event.vram_mib is not None:
        attempt.peak_vram_mib = max(attempt.peak_vram_mib or 0, event.vram_mib)
    if (attempt.peak_memory_mib, attempt.peak_vram_mib) != before:
        board.save_attempt(attempt)
    if worker.written:
        learn_peaks(board, worker, event.now)


def learn_peaks(board: Board, worker: Worker, now: float) -> None:
    """Keep what an attempt held at most while it rendered at least one whole frame.

    What it was granted beyond that is free for others from now on.
    """
    attempt = worker.attempt
    if attempt.peak_memory_mib is None:
        return
    known = _usage(board, worker)
    learned = known.with_peaks(attempt.peak_memory_mib, attempt.peak_vram_mib, now)
    if learned is not known:
        _keep(board, learned)
    if worker.process in board.ledger.held:
        before, vram = attempt.grant, learned.vram_mib
        attempt.grant = board.ledger.adjust(
            worker.process,
            vram_mib=None if vram is None else ceil(vram * ROOM),
            memory_mib=ceil((learned.memory_mib or 0) * ROOM),
        )
        # The next service takes grants over as they are written down.
        if attempt.grant != before:
            board.save_attempt(attempt)


def learn_shortage(board: Board, worker: Worker, failure: Failure, now: float) -> None:
    """Keep that a grant was too small, so that the next one is larger."""
    if failure.kind not in SHORTAGES:
        return
    grant = worker.attempt.grant
    on_gpu = failure.kind is FailureClass.OUT_OF_GPU_MEMORY
    if on_gpu and grant.gpu_uuid is None:
        return
    memory = 0 if on_gpu else max(grant.memory_mib, worker.memory_mib)
    vram = grant.vram_mib if on_gpu else 0
    _keep(board, _usage(board, worker).with_shortage(memory, vram, now))


def forget_shortages(board: Board, job: JobWork, now: float) -> None:
    """Try a job's layers again with what they were seen to need.

    A person who submits a scene again, or retries, may have made it lighter.
    """
    for task in job.tasks.values():
        key = usage_key(job.record.submission, task.record.plan)
        known = board.usage.get(key)
        if known is not None and known.without_shortages(now) is not known:
            _keep(board, known.without_shortages(now))


def _usage(board: Board, worker: Worker) -> Usage:
    job = board.jobs[worker.attempt.task.job]
    plan = job.tasks[worker.attempt.task.ordinal].record.plan
    key = usage_key(job.record.submission, plan)
    return board.usage.get(key) or Usage(key)


def _keep(board: Board, usage: Usage) -> None:
    board.usage[usage.key] = usage
    board.changes.usage.append(usage)
