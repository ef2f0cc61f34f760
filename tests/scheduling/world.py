"""A world for scheduler stories: it does what the actions say, without processes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lrc_toolbox.jobs.capacity import Blocked, Capacity
from lrc_toolbox.jobs.commands import Command, Retry, Submit
from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.failures import Failure
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.jobs.pictures import ExpectedPicture, PictureLook
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskPlan,
    TaskRecord,
)
from lrc_toolbox.jobs.states import JOB, TASK, FrameState, JobState, TaskState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.usage import Usage
from lrc_toolbox.machine.calendar import SystemCalendar
from lrc_toolbox.scheduling.actions import (
    Action,
    BindProcess,
    CloseInput,
    FindExisting,
    LookAtExisting,
    OpenTask,
    ProveFrame,
    SendFrames,
    StartProcess,
    StopProcess,
)
from lrc_toolbox.scheduling.events import (
    CapacityChanged,
    CommandAsked,
    ExistingFound,
    FrameGivenUp,
    FrameLooked,
    FrameProgressed,
    FrameStarted,
    FrameWritten,
    NeededTask,
    ProcessEnded,
    ProcessStarted,
    RetryAsked,
    SchedulerEvent,
    TaskGivenUp,
    Ticked,
    WorkRecovered,
)
from lrc_toolbox.scheduling.scheduler import Scheduler
from lrc_toolbox.scheduling.work import EngineTraits


@dataclass
class Process:
    """What a process in the story was told."""

    start: StartProcess
    task: TaskId
    line: list[int]
    attempt: int
    closed: bool = False
    stopping: bool = False
    bound_to: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.bound_to = self.start.attempt.grant.cpu_ids

    @property
    def cpu_ids(self) -> tuple[int, ...]:
        return self.bound_to

    @property
    def grant(self) -> Grant:
        return self.start.attempt.grant


@dataclass
class World:
    """A scheduler, the processes it asked for, and what it had saved."""

    cpu_ids: tuple[int, ...] = (0, 1)
    slots: int = 2
    now: float = 1000.0
    processes: dict[int, Process] = field(default_factory=dict)
    to_prove: list[ProveFrame | LookAtExisting] = field(default_factory=list)
    searches: list[FindExisting] = field(default_factory=list)
    jobs: dict[int, JobRecord] = field(default_factory=dict)
    tasks: dict[TaskId, TaskRecord] = field(default_factory=dict)
    frames: dict[tuple[TaskId, int], FrameRecord] = field(default_factory=dict)
    attempts: dict[int, AttemptRecord] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    shown: dict[TaskId, list[float]] = field(default_factory=dict)
    number: int = 0
    gpu: GpuNeed = GpuNeed.NONE
    usage: dict[str, Usage] = field(default_factory=dict)
    blocked: tuple[Blocked, ...] = ()

    def __post_init__(self) -> None:
        self.scheduler = self._new_scheduler()
        self.tell(CapacityChanged(self._capacity(), self.now))

    def _new_scheduler(self) -> Scheduler:
        return Scheduler("/logs", self._traits, SystemCalendar())

    def _traits(self, submission: Submission) -> EngineTraits:
        return EngineTraits(submission.engine == "preview", self.gpu)

    def _capacity(self) -> Capacity:
        return Capacity(self.slots, self.cpu_ids, memory_mib=64_000)

    # -- telling the scheduler ---------------------------------------------------
    def tell(self, event: SchedulerEvent) -> list[Action]:
        decision = self.scheduler.handle(event)
        changes = decision.changes
        self.jobs.update((row.id, row) for row in changes.jobs)
        self.tasks.update((row.id, row) for row in changes.new_tasks + changes.tasks)
        # As they are now: what is changed later and not saved is lost with the service.
        self.attempts.update((row.id, replace(row)) for row in changes.attempts)
        for task, frames in changes.reset_frames:
            for frame in frames:
                self.frames.pop((task, frame), None)
        self.frames.update(((row.task, row.frame), row) for row in changes.frames)
        self.events += changes.events
        if changes.blocked is not None:
            self.blocked = changes.blocked
        self.usage.update((row.key, row) for row in changes.usage)
        for number in changes.removed_jobs:
            self.removed.append(number)
            self.jobs.pop(number, None)
        for row in changes.tasks:
            self.shown.setdefault(row.id, []).append(row.shown_percent)
        self.actions += decision.actions
        started = [self._perform(action) for action in decision.actions]
        for process in started:
            if process is not None:
                pid = 5000 + process
                self.tell(ProcessStarted(process, pid, self.now, self.now))
        return decision.actions

    def _perform(self, action: Action) -> int | None:
        match action:
            case StartProcess(attempt=attempt, task=task, frames=frames):
                self.processes[attempt.id] = Process(
                    action, task.id, list(frames), attempt.id
                )
                return attempt.id
            case SendFrames(process=key, task=task, frames=frames):
                assert self.processes[key].task == task.id
                assert not self.processes[key].closed
                self.processes[key].line += list(frames)
            case BindProcess(process=key, cpu_ids=cpu_ids):
                self.processes[key].bound_to = cpu_ids
            case OpenTask(process=key, task=task, attempt=attempt):
                assert not self.processes[key].line
                self.processes[key].task = task.id
                self.processes[key].attempt = attempt.id
            case CloseInput(process=key):
                self.processes[key].closed = True
            case StopProcess(process=key):
                self.processes[key].stopping = True
            case ProveFrame() | LookAtExisting():
                self.to_prove.append(action)
            case FindExisting():
                self.searches.append(action)
        return None

    def ask(self, command: Command) -> int:
        self.number += 1
        if isinstance(command, Retry):
            self._ask_retry(command)
        else:
            needs = {n: job.state for n, job in self.jobs.items()}
            after = ()
            if isinstance(command, Submit):
                after = command.submission.frames_after
            needed = self._needed(after)
            self.tell(
                CommandAsked(self.number, command, self.now, needs, needed=needed)
            )
        return self.number

    def _needed(self, jobs: tuple[int, ...]) -> dict[int, tuple[NeededTask, ...]]:
        """What the service reads of the jobs that others come after."""
        return {
            job: tuple(
                NeededTask(key, row.plan.layer, row.plan.frames, self._proved(key))
                for key, row in self.tasks.items()
                if key.job == job
            )
            for job in jobs
            if job in self.jobs
        }

    def _proved(self, task: TaskId) -> FrameRange:
        return FrameRange.of(
            n
            for (where, n), frame in self.frames.items()
            if where == task and frame.state is FrameState.DONE
        )

    def _ask_retry(self, command: Retry) -> None:
        tasks = [row for key, row in self.tasks.items() if key.job == command.job]
        proved = {row.id: self._proved(row.id) for row in tasks}
        job = self.jobs[command.job]
        needed = self._needed(job.submission.frames_after)
        self.tell(
            RetryAsked(
                self.number, command, job, tuple(tasks), proved, self.now, needed
            )
        )

    def submit(self, *frames: str, engine: str = "preview", **fields: object) -> int:
        """Submit a job with one task for each frame range."""
        if engine == "command":
            fields = {"command": ("render",), **fields}
        submission = Submission(
            scene="shot.ma",
            output_folder="/out",
            engine=engine,
            user="artist",
            **fields,  # type: ignore[arg-type]
        )
        plans = tuple(
            TaskPlan(
                f"layer{index}",
                "persp",
                FrameRange.parse(text),
                (ExpectedPicture(f"/out/{index}.####.exr", 64, 36),),
            )
            for index, text in enumerate(frames, start=1)
        )
        return self.ask(Submit(submission, plans))

    # -- what processes do -------------------------------------------------------
    def begin(self, process: int) -> int:
        mine = self.processes[process]
        self.tell(FrameStarted(process, mine.task, mine.line[0], self.now))
        return mine.line[0]

    def progress(self, process: int, percent: float) -> None:
        mine = self.processes[process]
        self.tell(FrameProgressed(process, mine.task, mine.line[0], percent, self.now))

    def write(self, process: int, seconds: float = 1.0) -> int:
        """Begin a frame and write it; its picture waits to be proved."""
        mine = self.processes[process]
        frame = self.begin(process)
        self.now += seconds
        mine.line.pop(0)
        self.tell(FrameWritten(process, mine.task, frame, seconds, self.now))
        return frame

    def give_up(self, process: int, failure: Failure) -> None:
        mine = self.processes[process]
        frame = self.begin(process)
        mine.line.pop(0)
        self.tell(FrameGivenUp(process, mine.task, frame, failure, self.now))

    def give_up_task(self, process: int, failure: Failure) -> None:
        mine = self.processes[process]
        self.tell(TaskGivenUp(process, mine.task, failure, self.now))

    def prove(
        self, failure: Failure | None = None, look: PictureLook | None = None
    ) -> None:
        """Answer every picture that waits to be looked at."""
        asked, self.to_prove = self.to_prove, []
        for one in asked:
            self.tell(
                FrameLooked(
                    one.task.id, one.frame, self.now, failure, "p.exr", "t.jpg", look
                )
            )

    def found(self, frames: str = "") -> None:
        """Answer the oldest search: these frames of every task have pictures."""
        search = self.searches.pop(0)
        there = FrameRange.parse(frames) if frames else FrameRange.empty()
        found = {task.id: wanted & there for task, wanted in search.frames}
        self.tell(ExistingFound(search.job.id, found, self.now))

    def end(self, process: int, code: int | None = 0) -> None:
        self.processes.pop(process)
        self.tell(ProcessEnded(process, code, self.now))

    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.tell(Ticked(self.now))

    def render(self, process: int, seconds: float = 1.0) -> int:
        """Write a frame, prove it, and leave if that was the last."""
        frame = self.write(process, seconds)
        self.prove()
        if process in self.processes and self.processes[process].closed:
            self.end(process)
        return frame

    def finish_all(self, seconds: float = 1.0) -> None:
        """Let everything that can be rendered be rendered."""
        for _ in range(10_000):
            busy = next((n for n, p in self.processes.items() if p.line), None)
            leaving = next((n for n, p in self.processes.items() if p.closed), None)
            if busy is not None:
                self.write(busy, seconds)
                self.prove()
            elif leaving is not None:
                self.end(leaving)
            else:
                return
        raise AssertionError("the story does not come to an end")

    # -- a new service -----------------------------------------------------------
    def restart(self, *, alive: bool = True) -> None:
        """The service is killed; its processes live on, or die with it."""
        if not alive:
            self.processes.clear()
        # The new service knows a process by the attempt that it is at.
        self.processes = {
            process.attempt: process for process in self.processes.values()
        }
        for process in self.processes.values():
            process.closed = True
        self.to_prove.clear()
        self.searches.clear()
        self.scheduler = self._new_scheduler()
        self.tell(CapacityChanged(self._capacity(), self.now))
        open_jobs = [job for job in self.jobs.values() if not JOB.ended(job.state)]
        numbers = {job.id for job in open_jobs}
        tasks = [
            task
            for task in self.tasks.values()
            if task.id.job in numbers and not TASK.ended(task.state)
        ]
        ended = {FrameState.DONE, FrameState.FAILED, FrameState.CANCELLED}
        settled = {
            task.id: FrameRange.of(
                n
                for (where, n), row in self.frames.items()
                if where == task.id and row.state in ended
            )
            for task in tasks
        }
        live = [a for a in self.attempts.values() if a.ended_at is None]
        self.tell(
            WorkRecovered(
                jobs=tuple(open_jobs),
                tasks=tuple(tasks),
                settled=settled,
                frames=tuple(
                    row
                    for (where, _), row in self.frames.items()
                    if where in settled and row.state not in ended
                ),
                attempts=tuple(live),
                alive=frozenset(a.id for a in live if a.id in self.processes),
                next_attempt=max(self.attempts, default=0) + 1,
                queue_paused=False,
                needs={n: job.state for n, job in self.jobs.items()},
                spoiled=frozenset(
                    key.job for key, row in self.tasks.items() if row.failed
                ),
                now=self.now,
                needed=self._needed(
                    tuple(n for job in open_jobs for n in job.submission.frames_after)
                ),
            )
        )

    # -- looking -----------------------------------------------------------------
    def state(self, job: int) -> JobState:
        return self.jobs[job].state

    def task_state(self, job: int, ordinal: int = 1) -> TaskState:
        return self.tasks[TaskId(job, ordinal)].state

    def frame_state(self, job: int, ordinal: int, frame: int) -> FrameState:
        return self.frames[TaskId(job, ordinal), frame].state

    def at_work(self) -> list[tuple[int, int]]:
        """Job and task of each process, in the order they were started."""
        return [tuple(process.task) for process in self.processes.values()]  # type: ignore[misc]

    def happened(self, kind: EventKind) -> list[Event]:
        return [event for event in self.events if event.kind is kind]
