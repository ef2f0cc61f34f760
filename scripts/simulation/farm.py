"""Plays jobs through with the product's scheduler, in simulated time.

The scheduler is the product's own and is told what a service would tell it. Render
processes are played here: they load, get warm, render what they are sent one after
the other, and leave when their input is closed. Nothing fails. One thread, no clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.commands import Submit
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import GpuNeed
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import AttemptRecord, TaskId, TaskPlan
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.usage import Usage
from lrc_toolbox.machine.calendar import SystemCalendar
from lrc_toolbox.scheduling.actions import (
    Action,
    CloseInput,
    OpenTask,
    ProveFrame,
    SendFrames,
    StartProcess,
    StopProcess,
)
from lrc_toolbox.scheduling.events import (
    CapacityChanged,
    CommandAsked,
    FrameLooked,
    FrameStarted,
    FrameWritten,
    OutputRead,
    ProcessEnded,
    ProcessStarted,
    SchedulerEvent,
    Ticked,
    UsageKnown,
    UsageMeasured,
)
from lrc_toolbox.scheduling.scheduler import Scheduler
from lrc_toolbox.scheduling.work import EngineTraits
from simulation.audit import Audit, BrokenRuleError
from simulation.gpu_sharing import SharedGpu
from simulation.outcome import Outcome
from simulation.workload import LEAVE_S, Job, Layer

#: How often the service looks at the logs: an idle process waits so long for frames.
LOOK_S = 0.02

#: How long it takes to look at a frame's pictures.
PROVE_S = 0.2

#: How often a process at work prints something.
PRINT_S = 300.0


@dataclass(slots=True)
class RenderProcess:
    """A process that is played.

    Attributes:
        line: frames it was sent and has not begun.
        warm: it has rendered a frame of the task that it has open.
        busy: it loads, renders, or is on its way out.
    """

    number: int
    job: Job
    attempt: AttemptRecord
    line: list[int]
    warm: bool = False
    busy: bool = True
    closed: bool = False

    @property
    def task(self) -> TaskId:
        """What it has open."""
        return self.attempt.task

    @property
    def layer(self) -> Layer:
        """The layer of the task that it has open."""
        return self.job.layers[self.task.ordinal - 1]


@dataclass(frozen=True, slots=True)
class Driver:
    """What the GPU's driver tells of processes.

    Attributes:
        gpu: what the engine wants of the GPUs.
        tells_vram: it says how much VRAM each process holds.
        known: what earlier jobs taught, before the first one is submitted.
    """

    gpu: GpuNeed = GpuNeed.NONE
    tells_vram: bool = False
    known: tuple[Usage, ...] = ()


@dataclass
class Farm:
    """A scheduler, the processes that it asked for, and simulated time.

    Attributes:
        end: when the last process left.
        decisions: how many events the scheduler was told.
        deciding_s: CPU time that it took for them all, in seconds.
    """

    jobs: Sequence[Job]
    capacity: Capacity
    driver: Driver = field(default_factory=Driver)
    progress: Callable[[int], None] = lambda proved: None
    now: float = 0.0
    end: float = 0.0
    decisions: int = 0
    deciding_s: float = 0.0
    loads: int = 0
    done_at: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.audit = Audit(self.capacity)
        self._of_number = {job.number: job for job in self.jobs}
        self._scheduler = Scheduler("/logs", self._traits, SystemCalendar())
        self._processes: dict[int, RenderProcess] = {}
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = count()
        self._gpus = {share.uuid: SharedGpu(self._at) for share in self.capacity.gpus}

    def play(self) -> Outcome:
        """Render everything.

        Raises:
            BrokenRuleError: a grant was too much, a frame came twice or never.
        """
        self._tell(CapacityChanged(self.capacity, self.now))
        self._tell(UsageKnown(self.driver.known, self.now))
        for job in self.jobs:
            self._at(job.submitted_at, lambda job=job: self._submit(job))  # type: ignore[misc]
        self._at(0.0, self._tick)
        while self._agenda:
            self.now, _, do = heappop(self._agenda)
            do()
        wanted = sum(job.frames for job in self.jobs)
        if self.audit.proved != wanted or len(self.done_at) != len(self.jobs):
            raise BrokenRuleError(f"{self.audit.proved} of {wanted} frames are done")
        return Outcome.of(self.jobs, self.done_at, self.end, self.loads)

    # -- time --------------------------------------------------------------------
    def _at(self, when: float, do: Callable[[], None]) -> None:
        heappush(self._agenda, (when, next(self._turn), do))

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        self._at(self.now + seconds, do)

    def _tick(self) -> None:
        deadline = self._scheduler.next_deadline
        if deadline is not None and deadline <= self.now:
            self._tell(Ticked(self.now))
        self.progress(self.audit.proved)
        if len(self.done_at) < len(self.jobs):
            self._after(PRINT_S / 5, self._tick)

    # -- telling the scheduler ---------------------------------------------------
    def _traits(self, submission: Submission) -> EngineTraits:
        return EngineTraits(submission.engine == "preview", self.driver.gpu)

    def _submit(self, job: Job) -> None:
        self._tell(CommandAsked(job.number, submit(job), self.now))

    def _tell(self, event: SchedulerEvent) -> None:
        began = time.process_time()
        decision = self._scheduler.handle(event)
        self.deciding_s += time.process_time() - began
        self.decisions += 1
        for job in decision.changes.jobs:
            if job.state is JobState.DONE:
                self.done_at[job.id] = self.now
        # A grant that has become smaller makes room for what is started with it.
        for attempt in decision.changes.attempts:
            self.audit.changes(attempt)
        for action in decision.actions:
            self._do(action)

    def _do(self, action: Action) -> None:
        match action:
            case StartProcess(job=job, attempt=attempt, frames=frames):
                self._start(self._of_number[job.id], attempt, list(frames))
            case SendFrames(process=number, frames=frames):
                self._processes[number].line += frames
                self._after(LOOK_S, lambda: self._go_on(number))
            case OpenTask(process=number, attempt=attempt):
                process = self._processes[number]
                self.audit.goes_on(process.attempt, attempt)
                process.attempt, process.warm = attempt, False
            case CloseInput(process=number):
                self._processes[number].closed = True
                self._after(LOOK_S, lambda: self._go_on(number))
            case ProveFrame(task=task, frame=frame):
                self.audit.proves(task.id, frame)
                looked = FrameLooked(task.id, frame, self.now + PROVE_S)
                self._after(PROVE_S, lambda: self._tell(looked))
            case StopProcess(process=number):
                raise BrokenRuleError(f"process {number} is ended and did nothing")

    # -- what processes do -------------------------------------------------------
    def _start(self, job: Job, attempt: AttemptRecord, line: list[int]) -> None:
        process = RenderProcess(attempt.id, job, attempt, line)
        self._processes[process.number] = process
        self.audit.begins(process.number, attempt)
        self.loads += 1
        started = ProcessStarted(process.number, 1, self.now, self.now)
        self._after(0.0, lambda: self._tell(started))
        self._after(PRINT_S, lambda: self._print(process))
        self._after(job.load_s, lambda: self._loaded(process))

    def _loaded(self, process: RenderProcess) -> None:
        process.busy = False
        if process.job.chunk is None:
            self._go_on(process.number)
        else:
            self._render_chunk(process)

    def _print(self, process: RenderProcess) -> None:
        if process.number in self._processes:
            self._tell(OutputRead(process.number, 0, self.now))
            self._after(PRINT_S, lambda: self._print(process))

    def _go_on(self, number: int) -> None:
        """Begin the next frame, leave where none will come, or wait."""
        process = self._processes.get(number)
        if process is None or process.busy:
            return
        if process.line:
            frame = process.line.pop(0)
            self.audit.renders(process.task, frame)
            self._tell(FrameStarted(number, process.task, frame, self.now))
            began = self.now
            self._render(process, [frame], lambda: self._wrote(process, frame, began))
        elif process.closed:
            process.busy = True
            self._after(LEAVE_S, lambda: self._leave(process))

    def _render_chunk(self, process: RenderProcess) -> None:
        for frame in process.line:
            self.audit.renders(process.task, frame)
        leave: Callable[[], None] = lambda: self._after(  # noqa: E731
            LEAVE_S, lambda: self._leave(process)
        )
        self._render(process, process.line, leave)

    def _render(
        self, process: RenderProcess, frames: Sequence[int], done: Callable[[], None]
    ) -> None:
        """Render frames: first what the CPU does of them, then what its GPU does."""
        layer = process.layer
        seconds = sum(layer.seconds[frame - 1] for frame in frames)
        before = 0.0 if process.warm else layer.warm_up_s
        process.busy = process.warm = True
        uuid = process.attempt.grant.gpu_uuid
        if uuid is None:
            self._after(before + seconds, done)
            return
        on_gpu = seconds * layer.gpu_part
        self._after(
            before + seconds - on_gpu,
            lambda: self._gpus[uuid].compute(on_gpu, self.now, done),
        )

    def _wrote(self, process: RenderProcess, frame: int, began: float) -> None:
        number, task = process.number, process.task
        process.busy = False
        self._measure(process)
        self._tell(FrameWritten(number, task, frame, self.now - began, self.now))
        self._go_on(number)

    def _measure(self, process: RenderProcess) -> None:
        layer = process.layer
        vram = layer.vram_mib if process.attempt.grant.gpu_uuid else None
        self._tell(
            UsageMeasured(
                process.number,
                layer.memory_mib,
                vram if self.driver.tells_vram else None,
                self.now,
            )
        )

    def _leave(self, process: RenderProcess) -> None:
        del self._processes[process.number]
        self.end = self.now
        self.audit.ends(process.attempt)
        self._tell(ProcessEnded(process.number, 0, self.now))


def submit(job: Job) -> Submit:
    """Put a job as a client would."""
    chunked = job.chunk is not None
    submission = Submission(
        scene=f"shot{job.number}.ma",
        output_folder="/out",
        engine="command" if chunked else "preview",
        command=("render",) if chunked else (),
        chunk_size=job.chunk,
        priority=job.priority,
        user="artist",
        stall_s=2 * PRINT_S,
    )
    plans = tuple(
        TaskPlan(
            layer.name,
            "persp",
            FrameRange.of(range(1, len(layer.seconds) + 1)),
            (ExpectedPicture(f"/out/{layer.name}.####.exr", 1920, 1080),),
        )
        for layer in job.layers
    )
    return Submit(submission, plans)
