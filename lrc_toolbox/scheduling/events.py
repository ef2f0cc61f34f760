"""What the scheduler is told. Every event says when it happened.

A *process* is named by the number of the first attempt that it was started for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.commands import Command, Retry
from lrc_toolbox.jobs.devices import MachineReading
from lrc_toolbox.jobs.failures import Failure
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.pictures import PictureLook
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskRecord,
)
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.usage import Usage


@dataclass(frozen=True, slots=True)
class NeededTask:
    """A task whose frames must be proved before those of other jobs.

    Attributes:
        frames: all of it.
        proved: those of them that are done.
    """

    id: TaskId
    layer: str
    frames: FrameRange
    proved: FrameRange


#: The tasks of jobs that others come after, frame by frame; without removed jobs.
NeededTasks = Mapping[int, tuple[NeededTask, ...]]


@dataclass(frozen=True, slots=True)
class CommandAsked:
    """A client's command was read from the inbox.

    Attributes:
        number: its place in the inbox; for `Submit` also the new job's number.
        needs: for `Submit`, the states of the jobs it depends on; a job that does not
            exist is not in it.
        ended: what the command is for has ended: a job, which the board then does not
            know, or the service that was to end.
        needed: for `Submit`, the jobs that its frames come after.
    """

    number: int
    command: Command
    now: float
    needs: Mapping[int, JobState] = field(default_factory=dict)
    ended: bool = False
    needed: NeededTasks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkRecovered:
    """A starting service read what its predecessor left.

    Attributes:
        alive: attempts whose process still runs; the others' are gone.
        settled: of each task, the frames that are done, failed or cancelled.
        needs: the states of all jobs that `jobs` depend on.
        spoiled: those of `jobs` in which frames were already given up.
        needed: the jobs that frames of `jobs` come after.
    """

    jobs: tuple[JobRecord, ...]
    tasks: tuple[TaskRecord, ...]
    settled: Mapping[TaskId, FrameRange]
    frames: tuple[FrameRecord, ...]
    attempts: tuple[AttemptRecord, ...]
    alive: frozenset[int]
    next_attempt: int
    queue_paused: bool
    needs: Mapping[int, JobState]
    spoiled: frozenset[int]
    now: float
    needed: NeededTasks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RetryAsked:
    """A person wants frames of a job again; what the job has is read back with it.

    Attributes:
        proved: of each task, the frames that are done.
        needed: the jobs that its frames come after.
    """

    number: int
    command: Retry
    job: JobRecord
    tasks: tuple[TaskRecord, ...]
    proved: Mapping[TaskId, FrameRange]
    now: float
    needed: NeededTasks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcessStarted:
    """A process has a pid."""

    process: int
    pid: int
    created_at: float
    now: float


@dataclass(frozen=True, slots=True)
class ProcessNotStarted:
    """A process could not be started."""

    process: int
    failure: Failure
    now: float


@dataclass(frozen=True, slots=True)
class OutputRead:
    """A process wrote something; its log was taken into account up to `log_read`."""

    process: int
    log_read: int
    now: float


@dataclass(frozen=True, slots=True)
class FrameStarted:
    """A process began a frame."""

    process: int
    task: TaskId
    frame: int
    now: float


@dataclass(frozen=True, slots=True)
class FrameProgressed:
    """A process got on with a frame; `percent` is 0 to 100 of that frame."""

    process: int
    task: TaskId
    frame: int
    percent: float
    now: float


@dataclass(frozen=True, slots=True)
class FrameWritten:
    """A process says that a frame's files are written; not proved yet.

    Attributes:
        seconds: how long it rendered.
    """

    process: int
    task: TaskId
    frame: int
    seconds: float
    now: float


@dataclass(frozen=True, slots=True)
class FrameGivenUp:
    """A process says that it cannot render a frame."""

    process: int
    task: TaskId
    frame: int
    failure: Failure
    now: float


@dataclass(frozen=True, slots=True)
class TaskGivenUp:
    """A process says that it cannot render any frame of its task."""

    process: int
    task: TaskId
    failure: Failure
    now: float


@dataclass(frozen=True, slots=True)
class ProcessEnded:
    """A process and all it had started are gone, and its log was read to the end.

    Attributes:
        exit_code: None where it could not be learned (an adopted process).
        failure: what its log says went wrong, None where it says nothing.
    """

    process: int
    exit_code: int | None
    now: float
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class FrameLooked:
    """The pictures of a frame were read.

    Attributes:
        failure: what is wrong with them, None where they are proved.
        look: how they look in numbers; None where they are not proved.
    """

    task: TaskId
    frame: int
    now: float
    failure: Failure | None = None
    picture: str = ""
    thumbnail: str = ""
    look: PictureLook | None = None


@dataclass(frozen=True, slots=True)
class ExistingFound:
    """Pictures that are there already were searched for.

    Attributes:
        found: of each task that was asked for, the frames that have all pictures and,
            where the submission wants that, whose pictures are unchanged.
    """

    job: int
    found: Mapping[TaskId, FrameRange]
    now: float


@dataclass(frozen=True, slots=True)
class CapacityChanged:
    """What all grants together may hold, where nobody works at the computer."""

    capacity: Capacity
    now: float


@dataclass(frozen=True, slots=True)
class MachineRead:
    """The computer was looked at; the policy is the one that holds now."""

    reading: MachineReading
    policy: Policy
    now: float


@dataclass(frozen=True, slots=True)
class UsageKnown:
    """What earlier jobs taught about layers; told before the job that has them."""

    usage: tuple[Usage, ...]
    now: float


@dataclass(frozen=True, slots=True)
class UsageMeasured:
    """What a process and all it started hold now, in MiB.

    Attributes:
        vram_mib: on the GPU it was granted; None where it has none, or where the
            driver does not say.
    """

    process: int
    memory_mib: int
    vram_mib: int | None
    now: float


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """The clock was set, or the computer slept.

    Attributes:
        by_s: how much further the clock went than time was lived through, in seconds;
            below 0 where it was set back.
    """

    by_s: float
    now: float


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time passed."""

    now: float


SchedulerEvent = (
    CommandAsked
    | WorkRecovered
    | RetryAsked
    | ProcessStarted
    | ProcessNotStarted
    | OutputRead
    | FrameStarted
    | FrameProgressed
    | FrameWritten
    | FrameGivenUp
    | TaskGivenUp
    | ProcessEnded
    | FrameLooked
    | ExistingFound
    | CapacityChanged
    | MachineRead
    | UsageKnown
    | UsageMeasured
    | ClockJumped
    | Ticked
)
