"""What came of a night: when all was done, and when each job was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulation.workload import Job


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to schedule the jobs, played through.

    Attributes:
        makespan_s: from the first submission until the last process is gone.
        turnaround_s: of each job by number, from its submission until it is done.
        loads: how many times a scene was loaded.
    """

    makespan_s: float
    turnaround_s: Mapping[int, float]
    loads: int

    @classmethod
    def of(
        cls, jobs: Sequence[Job], done_at: Mapping[int, float], end: float, loads: int
    ) -> Outcome:
        """Gather it from when each job was done."""
        taken = {job.number: done_at[job.number] - job.submitted_at for job in jobs}
        return cls(end, taken, loads)

    @property
    def mean_turnaround_s(self) -> float:
        """How long a job takes on average."""
        return sum(self.turnaround_s.values()) / len(self.turnaround_s)

    @property
    def worst_turnaround_s(self) -> float:
        """How long the job takes that is worst off."""
        return max(self.turnaround_s.values())
