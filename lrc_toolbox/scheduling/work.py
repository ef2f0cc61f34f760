"""What is open: jobs, their tasks, and the processes at work on them.

Plain data beside the rows of `jobs.records`: what the scheduler must know of them while
they are open, and which no client reads. `scheduling.board` keeps it together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import GpuNeed
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskRecord,
)
from lrc_toolbox.scheduling.frame_marks import FrameMarks
from lrc_toolbox.scheduling.frame_order import frame_order
from lrc_toolbox.scheduling.oddity import Neighbourhood
from lrc_toolbox.scheduling.pace import Pace
from lrc_toolbox.scheduling.waiting_frames import WaitingFrames


@dataclass(frozen=True, slots=True)
class EngineTraits:
    """What the scheduler must know of the engine that renders a submission.

    Attributes:
        kept_open: its processes take frames until they are told that none come.
        gpu: what it wants of the GPUs.
    """

    kept_open: bool
    gpu: GpuNeed = GpuNeed.NONE


@dataclass(slots=True)
class Worker:
    """A process: the attempt it is at, its grant, and the frames it has.

    Attributes:
        process: number of the first attempt it was started for.
        frames: sent or begun, not yet reported, in the order they were sent.
        begun: frames it has started under its present attempt.
        budget: frames it may still be given, None for any number.
        closed: it gets no more: its input is closed, or it was started with all.
        memory_mib: what it and all it started hold now.
        started_at: when it was started; the clock's jumps are taken out of it, as out
            of the other times here.
        frame_since: since when it is at the frame in hand; None between frames.
        closed_at: when its input was closed, for those that never leave.
        resting_since: since when it waits, without frames, for the artist to be calm.
        failure: what it said is wrong with its task, or why it is being stopped.
        told: what a program said is wrong with a frame, before it leaves.
    """

    process: int
    attempt: AttemptRecord
    kept_open: bool
    frames: dict[int, None] = field(default_factory=dict)
    begun: int = 0
    written: int = 0
    budget: int | None = None
    closed: bool = False
    closed_at: float | None = None
    resting_since: float | None = None
    failure: Failure | None = None
    told: Failure | None = None
    memory_mib: int = 0
    started_at: float = 0.0
    frame_since: float | None = None
    heard_at: float = 0.0
    saved_at: float = 0.0


@dataclass(slots=True)
class TaskWork:
    """A task that has not ended.

    Attributes:
        waiting: frames that no process has, and that may be given out.
        held: frames that come after frames of other jobs; None where none did.
        after: ordinals of the job's tasks that must be done first.
        searched: it is known which of its frames have pictures already, or they are
            rendered whatever there is.
        existing: frames that have pictures, which are not looked at yet; None for none.
        looking: of those in `proving`, the frames that no process rendered.
        frames: rows of frames in hand, and of frames that wait for another try.
        proving: frames whose pictures are being read.
        workers: the processes at work on it.
        dead_starts: processes in a row that failed before they began a frame.
        first_failed: which frame was given up first, and why.
        start_s: how long a process needed from its start to its first frame.
        excuses: of frames being proved that no process reported: why it did not.
        spent: tries that were used up by failures which are not charged to `retries`,
            by frame, None for a process that began none, and class.
        not_before: nothing of it starts before; None where nothing holds it back.
        in_a_row: frames that failed since one was last proved, all in the same way,
            each with that and its attempt.
        given_up: why nothing more of it is rendered.
        seen: its newest proved frames.
    """

    record: TaskRecord
    waiting: WaitingFrames
    frames: dict[int, FrameRecord] = field(default_factory=dict)
    proving: set[int] = field(default_factory=set)
    workers: set[int] = field(default_factory=set)
    pace: Pace = field(default_factory=Pace)
    dead_starts: int = 0
    first_failed: str = ""
    start_s: float | None = None
    excuses: dict[int, Failure] = field(default_factory=dict)
    spent: dict[tuple[int | None, FailureClass], int] = field(default_factory=dict)
    not_before: float | None = None
    in_a_row: dict[int, tuple[FailureClass, int | None]] = field(default_factory=dict)
    given_up: Failure | None = None
    seen: Neighbourhood = field(default_factory=Neighbourhood)
    held: FrameMarks | None = None
    after: frozenset[int] = frozenset()
    searched: bool = True
    existing: WaitingFrames | None = None
    looking: set[int] = field(default_factory=set)

    @property
    def may_be_fed(self) -> bool:
        """It has frames for a process, and nothing but capacity holds them back."""
        if not self.waiting or self.not_before is not None:
            return False
        return self.searched and not self.after

    @property
    def unassigned(self) -> FrameRange:
        """All frames that no process has, held ones and those to be looked at too."""
        frames = self.waiting.frames
        if self.held:
            frames = frames | self.held.frames
        if self.existing:
            frames = frames | self.existing.frames
        return frames | FrameRange.of(self.looking)

    @property
    def settled(self) -> bool:
        """Each of its frames is accounted for, and nothing works on it."""
        left = self.waiting or self.held or self.existing or self.frames
        return self.idle and not left

    def lies_idle(self, frame: int) -> bool:
        """Say whether no process has a frame that is not accounted for."""
        held = self.held is not None and self.held.holds(frame)
        return held or self.waiting.holds(frame)

    @property
    def idle(self) -> bool:
        """No process works on it and no picture of it is being read."""
        return not self.workers and not self.proving

    @property
    def remaining_s(self) -> float:
        """Work left that no process has, in seconds of rendering.

        Before the first frame time is known each frame counts as one second.
        """
        return len(self.waiting) * (self.record.frame_seconds or 1.0)


@dataclass(frozen=True, slots=True)
class NeededFrames:
    """A task that frames of other jobs come after.

    Attributes:
        layer: its layer.
        missing: its frames that are not proved.
    """

    layer: str
    missing: FrameMarks


@dataclass(slots=True)
class JobWork:
    """A job that has not ended, with its open tasks by ordinal.

    Attributes:
        fresh: a heap of ordinals of tasks with frames waiting and no process; it
            may hold others too, `first_fresh` passes over them.
        shared: ordinals of tasks that have a process and frames waiting.
        needs: jobs that must be done first.
        removing: forget it once its processes are gone.
        spoiled: frames of it were given up, so that it cannot end as done.
    """

    record: JobRecord
    traits: EngineTraits
    tasks: dict[int, TaskWork] = field(default_factory=dict)
    fresh: list[int] = field(default_factory=list)
    in_fresh: set[int] = field(default_factory=set)
    shared: set[int] = field(default_factory=set)
    needs: set[int] = field(default_factory=set)
    removing: bool = False
    spoiled: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """Where it stands in line: smaller is sooner."""
        return (-self.record.priority, self.record.id)

    @property
    def may_start(self) -> bool:
        """It is held back by nothing but capacity."""
        record = self.record
        return not (record.paused or record.cancelling or self.needs)


def new_task_work(job: JobWork, record: TaskRecord, waiting: FrameRange) -> TaskWork:
    """Put a task among the open ones of its job.

    Args:
        job: the job.
        record: the task.
        waiting: frames of it that no process has.
    """
    order = frame_order(
        job.record.submission, record.plan.frames, kept_open=job.traits.kept_open
    )
    work = TaskWork(record, WaitingFrames(order, waiting))
    job.tasks[record.id.ordinal] = work
    return work


@dataclass(slots=True)
class RendererRest:
    """A renderer that got no licence.

    Attributes:
        until: it is not tried before.
        times: how often it was tried in vain, one after the other.
        why: one sentence with the remedy.
        due: `until` is over, so that no tick is needed any more.
        probe: the process that finds out whether there is a licence again.
    """

    until: float
    times: int
    why: str
    due: bool = False
    probe: int | None = None
