"""The nights that are played: which jobs, how many slots, and who schedules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.grant import GpuNeed
from simulation import rivals
from simulation.farm import Driver, Farm
from simulation.lower_bound import lower_bound_s
from simulation.outcome import Outcome
from simulation.workload import Job, make_jobs
from simulation.workstation import gpu_bound_s, known_of, workstation

#: Places on a machine, and CPUs and memory of each place.
PLACES, CPUS, MEMORY_MIB = 4, 4, 16 * 1024

#: How much of the slots' time jobs ask for that are submitted over time.
LOAD = 0.9

RIVALS: dict[str, Callable[[Sequence[Job], int], Outcome]] = {
    "longest layer first, times known": rivals.longest_layer_first,
    "longest frame first, times known": rivals.longest_frame_first,
    "first in, first out, by frame": rivals.first_in_first_out,
    "layers dealt out in turn, not shared": rivals.layers_in_turn,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table.

    Attributes:
        us_per_decision: CPU time in millionths of a second, None for rivals.
    """

    who: str
    outcome: Outcome
    bound_s: float
    decisions: int = 0
    us_per_decision: float | None = None

    @property
    def ratio(self) -> float:
        """The makespan over the lower bound."""
        return self.outcome.makespan_s / self.bound_s


def slots_of(machines: int) -> Capacity:
    """One computer with the places of so many, all of them free."""
    places = machines * PLACES
    return Capacity(places, tuple(range(places * CPUS)), places * MEMORY_MIB)


def jobs_for(
    frames: int, machines: int, *, seed: int, over_time: bool
) -> tuple[Job, ...]:
    """Make jobs, all of them there at once, or submitted as fast as they are done."""
    jobs = make_jobs(frames, seed=seed)
    if not over_time:
        return jobs
    at_once = lower_bound_s(jobs, machines * PLACES)
    return make_jobs(frames, seed=seed, over_s=at_once / LOAD)


def ours(jobs: Sequence[Job], machines: int, progress: Callable[[int], None]) -> Row:
    """Play the jobs with the product's scheduler."""
    farm = Farm(jobs, slots_of(machines), progress=progress)
    bound = lower_bound_s(jobs, machines * PLACES)
    return _row("LRC Toolbox", farm, bound)


def beside(jobs: Sequence[Job], machines: int) -> Iterator[Row]:
    """Play them with the others."""
    bound = lower_bound_s(jobs, machines * PLACES)
    for who, play in RIVALS.items():
        yield Row(who, play(jobs, machines * PLACES), bound)


def on_gpus(frames: int, *, seed: int) -> Iterator[Row]:
    """Play jobs that need a GPU on a workstation with four, known less or better."""
    # Kept open: an engine that loads for every chunk would hide what packing gives.
    jobs = [replace(job, chunk=None) for job in make_jobs(frames, seed=seed)]
    bound, gpus = gpu_bound_s(jobs), workstation().gpus
    yield Row(
        "layers dealt out in turn, not shared",
        rivals.layers_in_turn(jobs, len(gpus)),
        bound,
    )
    drivers = {
        "VRAM is not told: alone on a GPU": Driver(GpuNeed.REQUIRED),
        "VRAM is learned from first frames": Driver(GpuNeed.REQUIRED, tells_vram=True),
        "VRAM is known from earlier jobs": Driver(
            GpuNeed.REQUIRED, tells_vram=True, known=known_of(jobs)
        ),
    }
    for who, driver in drivers.items():
        yield _row(f"LRC Toolbox: {who}", Farm(jobs, workstation(), driver), bound)


def _row(who: str, farm: Farm, bound_s: float) -> Row:
    outcome = farm.play()
    each = 1e6 * farm.deciding_s / farm.decisions
    return Row(who, outcome, bound_s, farm.decisions, each)
