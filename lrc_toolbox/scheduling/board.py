"""The board: open jobs, their tasks, the processes at work, and who comes next.

Bookkeeping only; what is decided from it stands in `placing`, `asking`, `rendering`
and `ending`. States change through the tables of `jobs.states`, here and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import TypeVar

from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskRecord,
)
from lrc_toolbox.jobs.states import (
    ATTEMPT,
    FRAME,
    JOB,
    TASK,
    AttemptState,
    FrameState,
    JobState,
    TaskState,
)
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.usage import Usage, usage_key
from lrc_toolbox.scheduling.actions import Action
from lrc_toolbox.scheduling.artist import Artist
from lrc_toolbox.scheduling.ledger import Ledger
from lrc_toolbox.scheduling.needs import Needs, needs_of
from lrc_toolbox.scheduling.work import (
    EngineTraits,
    JobWork,
    NeededFrames,
    RendererRest,
    TaskWork,
    Worker,
)
from lrc_toolbox.store.interface import Changes

Row = TypeVar("Row")


class Board:
    """Everything the scheduler knows, and what the present decision changes.

    Args:
        log_folder: where attempts' logs go, with `/` between folders.
        traits_of: says what must be known of a submission's engine.

    Attributes:
        touched: tasks that this decision may have ended, or left without a process.
        leaving: the service is to end; nothing starts any more.
        artist: what is known of the artist.
        hosts: how many host sessions there are.
        policy: the policy as it was last read.
        resting: tasks that wait for a time before they are tried again.
        renderer_rests: renderers that got no licence, by name.
        cold: frames being proved that were the first of their process, whose time pays
            for more than themselves. Here, because an empty set in each of 100,000
            tasks is 20 MB.
        usage: what was learned of layers, by key.
        spared: GPUs on which nothing may start now, by UUID, and why.
        gone_since: since when GPUs are missing that processes hold.
        held_back: why nothing may start at all for the artist's sake; empty if it may.
        blocked: the jobs that would come next and what they lack, as last saved.
        proving: how many frames' pictures are being read.
        needed: jobs that frames of others come after, and their tasks by ordinal.
        unsearched: by job, ordinals of tasks whose pictures are to be searched for.
        searches: how many searches are not answered.
        existing: by job, ordinals of tasks that have pictures to be looked at.
        looks: how many of `proving` are pictures that no process wrote.
    """

    def __init__(
        self, log_folder: str, traits_of: Callable[[Submission], EngineTraits]
    ) -> None:
        self.traits_of = traits_of
        self.jobs: dict[int, JobWork] = {}
        self.workers: dict[int, Worker] = {}
        self.ledger = Ledger()
        self.artist = Artist()
        self.hosts = 0
        self.policy = Policy()
        self.resting: set[TaskId] = set()
        self.renderer_rests: dict[str, RendererRest] = {}
        self.cold: set[tuple[TaskId, int]] = set()
        self.usage: dict[str, Usage] = {}
        self.spared: dict[str, str] = {}
        self.gone_since: dict[str, float] = {}
        self.held_back = ""
        self.blocked: tuple[Blocked, ...] = ()
        self.queue_paused = False
        self.leaving = False
        self.proving = 0
        self.needed: dict[int, dict[int, NeededFrames]] = {}
        self.unsearched: dict[int, set[int]] = {}
        self.searches = 0
        self.existing: dict[int, list[int]] = {}
        self.looks = 0
        self.next_attempt = 1
        self.log_folder = log_folder
        self.changes = Changes()
        self.actions: list[Action] = []
        self.touched: dict[TaskId, None] = {}
        self._line: list[tuple[int, int]] = []
        self._dependants: dict[int, set[int]] = {}
        self._frame_dependants: dict[int, set[int]] = {}

    # -- looking things up -------------------------------------------------------
    def task(self, task: TaskId) -> TaskWork | None:
        """Find an open task."""
        job = self.jobs.get(task.job)
        return job.tasks.get(task.ordinal) if job else None

    def needs(self, job: JobWork, task: TaskWork) -> Needs:
        """Say what an attempt at a task needs."""
        submission = job.record.submission
        known = self.usage.get(usage_key(submission, task.record.plan))
        return needs_of(submission, job.traits.gpu, known)

    def in_line(self) -> Iterator[JobWork]:
        """Go through the jobs that could start something, the next one first."""
        place = 0
        while place < len(self._line):
            rank = self._line[place]
            yield self.jobs[rank[1]]
            place = bisect_right(self._line, rank)

    # -- the line ----------------------------------------------------------------
    def add_job(self, job: JobWork) -> None:
        """Put a job on the board; `line_up` puts it in line."""
        self.jobs[job.record.id] = job
        for need in job.needs:
            self._dependants.setdefault(need, set()).add(job.record.id)
        for need in job.record.submission.frames_after:
            self._frame_dependants.setdefault(need, set()).add(job.record.id)

    def drop_job(self, job: JobWork) -> None:
        """Take a job off the board."""
        self.step_out(job)
        del self.jobs[job.record.id]
        for need in job.needs:
            self._dependants[need].discard(job.record.id)
        for need in job.record.submission.frames_after:
            self._frame_dependants[need].discard(job.record.id)
            if not self._frame_dependants[need]:
                self.needed.pop(need, None)

    def dependants(self, job: int) -> list[JobWork]:
        """Find the jobs that wait for this one."""
        return [self.jobs[number] for number in self._dependants.get(job, ())]

    def frame_dependants(self, job: int) -> list[JobWork]:
        """Find the jobs whose frames come after this one's."""
        return [self.jobs[one] for one in sorted(self._frame_dependants.get(job, ()))]

    def line_up(self, job: JobWork) -> None:
        """Put a job in line where it has something to start, out of it otherwise."""
        self.step_out(job)
        if job.may_start and (job.fresh or job.shared):
            insort(self._line, job.rank)

    def step_out(self, job: JobWork) -> None:
        """Take a job out of the line; call before its rank changes."""
        place = bisect_left(self._line, job.rank)
        if place < len(self._line) and self._line[place] == job.rank:
            del self._line[place]

    def index_task(self, job: JobWork, task: TaskWork) -> None:
        """Note whether a task has frames for a process, after that changed."""
        ordinal = task.record.id.ordinal
        job.shared.discard(ordinal)
        if not task.may_be_fed:
            return
        if task.workers:
            job.shared.add(ordinal)
        elif ordinal not in job.in_fresh:
            job.in_fresh.add(ordinal)
            heappush(job.fresh, ordinal)

    def first_fresh(self, job: JobWork) -> TaskWork | None:
        """Find the first task with frames waiting that no process works on."""
        while job.fresh:
            task = job.tasks.get(job.fresh[0])
            if task is not None and _is_fresh(task):
                return task
            job.in_fresh.discard(heappop(job.fresh))
        return None

    def note_blocked(self, blocked: tuple[Blocked, ...]) -> None:
        """Have it saved who would come next and what is lacking, where that changed."""
        if blocked != self.blocked:
            self.blocked = self.changes.blocked = blocked

    # -- states, and what to save ------------------------------------------------
    def say(
        self,
        kind: EventKind,
        now: float,
        *,
        job: int | None = None,
        task: TaskId | None = None,
        frame: int | None = None,
        attempt: int | None = None,
        text: str = "",
    ) -> None:
        """Append an event for those who follow."""
        if task is not None:
            job = task.job
        self.changes.events.append(Event(kind, now, job, task, frame, attempt, text))

    def move_job(self, job: JobRecord, to: JobState) -> None:
        """Change a job's state; the same state again is no move."""
        if job.state is not to:
            job.state = JOB.move(f"job {job.id}", job.state, to)
        self.save_job(job)

    def move_task(self, task: TaskRecord, to: TaskState) -> None:
        """Change a task's state; the same state again is no move."""
        if task.state is not to:
            task.state = TASK.move(f"task {task.id}", task.state, to)
        self.save_task(task)

    def move_frame(self, frame: FrameRecord, to: FrameState) -> None:
        """Change a frame's state."""
        what = f"frame {frame.frame} of task {frame.task}"
        frame.state = FRAME.move(what, frame.state, to)
        self.save_frame(frame)

    def move_attempt(self, attempt: AttemptRecord, to: AttemptState) -> None:
        """Change an attempt's state."""
        what = f"attempt {attempt.id}"
        attempt.state = ATTEMPT.move(what, attempt.state, to)
        self.save_attempt(attempt)

    def save_job(self, job: JobRecord) -> None:
        """Have a job's row written with this decision."""
        _once(self.changes.jobs, job)

    def save_task(self, task: TaskRecord) -> None:
        """Have a task's row written with this decision."""
        _once(self.changes.tasks, task)

    def save_frame(self, frame: FrameRecord) -> None:
        """Have a frame's row written with this decision."""
        _once(self.changes.frames, frame)

    def save_attempt(self, attempt: AttemptRecord) -> None:
        """Have an attempt's row written with this decision."""
        _once(self.changes.attempts, attempt)


def _is_fresh(task: TaskWork) -> bool:
    return task.may_be_fed and not task.workers


def _once(rows: list[Row], row: Row) -> None:
    if not any(known is row for known in rows[-8:]):
        rows.append(row)
