"""The shortest time in which jobs could be rendered, however they are scheduled.

Counted is what nobody can save: every frame in a warm process; for each layer that one
frame is a process's first; for each job that the scene is loaded, and a process ends,
once. Engines that load the scene for every chunk pay all of that for every chunk.

The bound is the largest of:

- for every moment of submission: that moment, and the work submitted from then on
  divided by the slots;
- for every job: its submission, loading, and its longest piece that cannot be split, a
  frame or a chunk, in a process that must get warm for it or before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulation.workload import LEAVE_S, Job, Layer


def lower_bound_s(jobs: Sequence[Job], slots: int) -> float:
    """Work out the bound in seconds from the first submission on."""
    later, most = 0.0, max(map(longest_chain_s, jobs))
    for job in sorted(jobs, key=lambda job: job.submitted_at, reverse=True):
        later += least_work_s(job)
        most = max(most, job.submitted_at + later / slots)
    return most


def least_work_s(job: Job) -> float:
    """Add up what a job takes of all slots together, at the least."""
    frames = sum(layer.work_s for layer in job.layers)
    warm_ups = sum(layer.warm_up_s * _processes(job, layer) for layer in job.layers)
    processes = 1
    if job.chunk is not None:
        processes = sum(_processes(job, layer) for layer in job.layers)
    return frames + warm_ups + processes * (job.load_s + LEAVE_S)


def longest_chain_s(job: Job) -> float:
    """Say when a job could be done at the earliest, with any number of slots."""
    longest = max(
        piece + layer.warm_up_s for layer in job.layers for piece in _pieces(job, layer)
    )
    return job.submitted_at + job.load_s + longest + LEAVE_S


def _processes(job: Job, layer: Layer) -> int:
    """How many processes begin with the layer at the least."""
    return 1 if job.chunk is None else -(-len(layer.seconds) // job.chunk)


def _pieces(job: Job, layer: Layer) -> Iterator[float]:
    size = job.chunk or 1
    for first in range(0, len(layer.seconds), size):
        yield sum(layer.seconds[first : first + size])
