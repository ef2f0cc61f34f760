"""Watches what a scheduler does: grants within the capacity, every frame once.

It adds up for itself what processes were granted, so that a fault in the product's own
ledger shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.records import AttemptRecord, TaskId


class BrokenRuleError(Exception):
    """The scheduler did what it never may."""


@dataclass(slots=True)
class Audit:
    """What is granted at a moment, and which frames were rendered.

    Attributes:
        most_at_once: the most processes that there were at a time.
    """

    capacity: Capacity
    most_at_once: int = 0
    _grants: dict[int, Grant] = field(default_factory=dict)
    _at_work: dict[int, int] = field(default_factory=dict)
    _cpus: set[int] = field(default_factory=set)
    _there: frozenset[int] = field(init=False)
    _memory_mib: int = 0
    _vram_mib: dict[str, int] = field(default_factory=dict)
    _rendered: set[tuple[TaskId, int]] = field(default_factory=set)
    _proved: set[tuple[TaskId, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._there = frozenset(self.capacity.cpu_ids)

    @property
    def proved(self) -> int:
        """How many frames are proved."""
        return len(self._proved)

    def begins(self, process: int, attempt: AttemptRecord) -> None:
        """Note what a process was granted.

        Raises:
            BrokenRuleError: it is more than was left.
        """
        grant = attempt.grant
        if not self._cpus.isdisjoint(grant.cpu_ids):
            raise BrokenRuleError(f"process {process} shares CPUs: {grant.cpu_ids}")
        if not self._there.issuperset(grant.cpu_ids):
            raise BrokenRuleError(f"process {process} has CPUs that are not there")
        self._cpus.update(grant.cpu_ids)
        self._count(grant, 1)
        self._grants[process] = grant
        self._at_work[attempt.id] = process
        self.most_at_once = max(self.most_at_once, len(self._grants))
        if len(self._grants) > self.capacity.attempts:
            raise BrokenRuleError(f"{len(self._grants)} processes at a time")
        self._within_capacity(grant)

    def changes(self, attempt: AttemptRecord) -> None:
        """Note what the process of an attempt holds from now on."""
        process = self._at_work.get(attempt.id)
        if process is None or attempt.grant is self._grants[process]:
            return
        self._count(self._grants[process], -1)
        self._count(attempt.grant, 1)
        self._grants[process] = attempt.grant
        self._within_capacity(attempt.grant)

    def goes_on(self, before: AttemptRecord, attempt: AttemptRecord) -> None:
        """Note that a process went on from an attempt to the next one."""
        self._at_work[attempt.id] = self._at_work.pop(before.id)
        self.changes(attempt)

    def ends(self, attempt: AttemptRecord) -> None:
        """Note that the process of an attempt is gone."""
        grant = self._grants.pop(self._at_work.pop(attempt.id))
        self._cpus.difference_update(grant.cpu_ids)
        self._count(grant, -1)

    def renders(self, task: TaskId, frame: int) -> None:
        """Note that a frame was begun.

        Raises:
            BrokenRuleError: it was begun before; nothing fails in a simulation.
        """
        _once(self._rendered, task, frame)

    def proves(self, task: TaskId, frame: int) -> None:
        """Note that a frame's picture is being looked at."""
        _once(self._proved, task, frame)

    def _count(self, grant: Grant, sign: int) -> None:
        self._memory_mib += sign * grant.memory_mib
        if grant.gpu_uuid is not None:
            held = self._vram_mib.get(grant.gpu_uuid, 0)
            self._vram_mib[grant.gpu_uuid] = held + sign * grant.vram_mib

    def _within_capacity(self, grant: Grant) -> None:
        if self._memory_mib > self.capacity.memory_mib:
            raise BrokenRuleError(f"{self._memory_mib} MiB of memory are granted")
        share = self.capacity.gpu(grant.gpu_uuid) if grant.gpu_uuid else None
        if share is not None and self._vram_mib[share.uuid] > share.vram_mib:
            raise BrokenRuleError(f"too much VRAM of GPU {share.index} is granted")


def _once(seen: set[tuple[TaskId, int]], task: TaskId, frame: int) -> None:
    if (task, frame) in seen:
        raise BrokenRuleError(f"frame {frame} of {task} a second time")
    seen.add((task, frame))
