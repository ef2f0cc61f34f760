"""Jobs as a studio submits them: how many layers and frames, and how long each takes.

Everything follows from a seed, so that two runs, and two ways to schedule, get the same
jobs. Plain data; what an engine does with it stands in `farm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from random import Random

#: How long, in seconds, a process takes to leave after its last frame.
LEAVE_S = 0.5

#: No frame takes longer, in seconds: somebody would have made the scene lighter.
LONGEST_S = 3600.0

#: How many frames in a hundred are odd ones (more fog, a mirror in view), and layers.
_ODD_FRAMES, _HEAVY_LAYERS = 1, 6


@dataclass(frozen=True, slots=True)
class Layer:
    """One task: how long each frame takes in a process that is warm.

    Attributes:
        seconds: of each frame, from frame 1 on, without anything before it.
        warm_up_s: what the first frame of a process takes more.
        gpu_part: how much of a frame's time the GPU computes; the rest is the CPU's.
        memory_mib, vram_mib: what a process that renders it holds at most.
    """

    name: str
    seconds: tuple[float, ...]
    warm_up_s: float
    gpu_part: float
    memory_mib: int
    vram_mib: int

    @property
    def work_s(self) -> float:
        """What all its frames take, one after the other, in a process that is warm."""
        return sum(self.seconds)


@dataclass(frozen=True, slots=True)
class Job:
    """One submission.

    Attributes:
        number: from 1, in the order of submission.
        submitted_at: seconds after the first one.
        chunk: frames of each process, for engines that load the scene for each; None
            where a process is kept open.
        load_s: how long a process takes from its start to its first frame.
    """

    number: int
    submitted_at: float
    priority: int
    chunk: int | None
    load_s: float
    layers: tuple[Layer, ...]

    @property
    def frames(self) -> int:
        """How many frames it has in all."""
        return sum(len(layer.seconds) for layer in self.layers)


def make_jobs(frames: int, *, seed: int, over_s: float = 0.0) -> tuple[Job, ...]:
    """Make up jobs with so many frames together.

    Args:
        frames: how many frames.
        seed: the same one gives the same jobs, at whatever time they are submitted.
        over_s: they are submitted over so many seconds; 0 for all at once.
    """
    chance = Random(seed)
    when = Random(seed + 1)
    jobs: list[Job] = []
    left = frames
    while left > 0:
        layers = _layers(chance, left)
        jobs.append(_job(chance, len(jobs) + 1, layers))
        left -= jobs[-1].frames
    times = sorted(when.uniform(0.0, over_s) for _ in jobs)
    return tuple(
        replace(job, submitted_at=at - times[0])
        for job, at in zip(jobs, times, strict=True)
    )


def _job(chance: Random, number: int, layers: tuple[Layer, ...]) -> Job:
    chunk = chance.choice((5, 10)) if chance.random() < 0.2 else None
    priority = chance.choices((50, 30, 80), (80, 12, 8))[0]
    load_s = min(180.0, chance.lognormvariate(log(40), 0.6))
    return Job(number, 0.0, priority, chunk, load_s, layers)


def _layers(chance: Random, left: int) -> tuple[Layer, ...]:
    """Make the layers of a job; a shot's layers have the same frames."""
    count = chance.choices((1, 2, 3, 4, 6, 8), (20, 20, 20, 20, 12, 8))[0]
    length = max(12, min(400, round(chance.lognormvariate(log(80), 0.7))))
    layers = []
    for ordinal in range(1, count + 1):
        frames = min(length, left)
        if frames:
            layers.append(_layer(chance, f"layer{ordinal}", frames))
            left -= frames
    return tuple(layers)


def _layer(chance: Random, name: str, frames: int) -> Layer:
    """Make a layer: log-normal over a usual frame time, with a tail after Pareto."""
    usual = chance.lognormvariate(log(45), 1.0)
    if chance.randrange(100) < _HEAVY_LAYERS:
        usual *= chance.paretovariate(1.3)
    seconds = tuple(_frame(chance, usual) for _ in range(frames))
    return Layer(
        name,
        seconds,
        warm_up_s=3.0 + 0.3 * min(usual, LONGEST_S),
        gpu_part=chance.uniform(0.35, 0.9),
        memory_mib=round(min(12_000.0, chance.lognormvariate(log(4_000), 0.5))),
        vram_mib=round(min(20_000.0, chance.lognormvariate(log(5_000), 0.6))),
    )


def _frame(chance: Random, usual: float) -> float:
    seconds = chance.lognormvariate(log(usual), 0.25)
    if chance.randrange(100) < _ODD_FRAMES:
        seconds *= chance.paretovariate(2.0)
    return min(LONGEST_S, max(0.2, seconds))


def described(jobs: Sequence[Job]) -> str:
    """Say in a line what the jobs are like."""
    layers = [layer for job in jobs for layer in job.layers]
    seconds = sorted(second for layer in layers for second in layer.seconds)
    middle, high = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
    return (
        f"{len(seconds):,} frames in {len(layers):,} layers of {len(jobs):,} jobs; a "
        f"frame takes {sum(seconds) / len(seconds):.0f} s on average, half of them "
        f"{middle:.0f} s or less, 1 % more than {high:.0f} s, the longest "
        f"{seconds[-1]:.0f} s"
    )
