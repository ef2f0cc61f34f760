"""The service: the one process that schedules and runs renders for a state folder.

One loop on the main thread takes messages and does what the scheduler decides: save
first, then act. Threads only wait: for the doorbell, for a process's end, for the
prover's answers. With nothing to do it sleeps until it is rung.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from lrc_toolbox.engines.registry import engine
from lrc_toolbox.jobs.commands import Command, Retry, StopService, Submit
from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.records import AttemptRecord, JobRecord, TaskId, TaskRecord
from lrc_toolbox.jobs.states import JOB, JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.wording import count
from lrc_toolbox.machine.calendar import SystemCalendar
from lrc_toolbox.outputs.proof import Proof
from lrc_toolbox.outputs.prover_client import Prover
from lrc_toolbox.running import processes
from lrc_toolbox.running.clock_watch import ClockWatch
from lrc_toolbox.running.crew import CopyMade, Crew, CrewAction, CrewMessage
from lrc_toolbox.running.freshness import Freshness
from lrc_toolbox.running.home import Home
from lrc_toolbox.running.machine_news import MachineNews
from lrc_toolbox.running.notifier import Notifier
from lrc_toolbox.running.processes import Identity
from lrc_toolbox.running.provenance import Provenance
from lrc_toolbox.running.render_process import Exited, TreeGone
from lrc_toolbox.scheduling.actions import (
    Action,
    EndService,
    FindExisting,
    ForgetJob,
    LookAtExisting,
    ProveFrame,
)
from lrc_toolbox.scheduling.events import (
    ClockJumped,
    CommandAsked,
    ExistingFound,
    FrameLooked,
    NeededTask,
    NeededTasks,
    RetryAsked,
    SchedulerEvent,
    Ticked,
    UsageKnown,
    WorkRecovered,
)
from lrc_toolbox.scheduling.scheduler import Scheduler
from lrc_toolbox.scheduling.work import EngineTraits
from lrc_toolbox.store.errors import StoreError
from lrc_toolbox.store.interface import Changes, Store

log = logging.getLogger(__name__)

#: How often, in seconds, the logs of running processes are looked at.
LOOK_S = 0.02

#: How often, in seconds, the inbox is looked at though nobody rang: a client may have
#: died between writing and ringing.
UNRUNG_S = 5.0

#: How long, in seconds, the prover's memory is kept when there is nothing to do.
PROVER_REST_S = 20.0


@dataclass(frozen=True, slots=True)
class Rung:
    """A client wrote something."""


@dataclass(frozen=True, slots=True)
class AskedToLeave:
    """The system asks the service to end."""


Message = Rung | AskedToLeave | CrewMessage | FrameLooked | ExistingFound


class Service:
    """Runs what is in a queue until it is told to end or was idle for long enough.

    Args:
        home: the state folder.
        store: its queue, opened for writing.
        news: looks at the computer and the policy.
        idle_s: end after so many seconds with nothing to do.
    """

    def __init__(
        self,
        home: Home,
        store: Store,
        *,
        news: MachineNews,
        idle_s: float,
    ) -> None:
        self._home = home
        self._store = store
        self._news = news
        self._idle_s = idle_s
        self._messages: SimpleQueue[Message] = SimpleQueue()
        self._freshness = Freshness()
        self._crew = Crew(home, self._freshness, news.policy, self._messages.put)
        self._prover = Prover(self._proof_came)
        self._provenance = Provenance(home, self._messages.put)
        self._proving: dict[tuple[TaskId, int], ProveFrame] = {}
        self._notifier = Notifier(home, store.last_event())
        self._scheduler = Scheduler(home.logs.as_posix(), _traits, SystemCalendar())
        self._events: deque[SchedulerEvent] = deque()
        self._clock = ClockWatch()
        self._told_to_leave = False
        self._look_at = 0.0
        self._inbox_at = 0.0
        self._idle_since: float | None = None

    # -- from other threads ------------------------------------------------------
    def ring(self) -> None:
        """Have the inbox looked at."""
        self._messages.put(Rung())

    def ask_to_leave(self) -> None:
        """End all processes, let their frames wait, and return from `run`."""
        self._messages.put(AskedToLeave())

    def _proof_came(self, key: tuple[TaskId, int], proof: Proof) -> None:
        task, frame = key
        self._messages.put(
            FrameLooked(
                task,
                frame,
                time.time(),
                proof.failure,
                proof.picture,
                proof.thumbnail,
                proof.look,
            )
        )

    # -- the loop ----------------------------------------------------------------
    def start(self) -> None:
        """Take over what the service before this one left."""
        self._say(EventKind.SERVICE_STARTED)
        self._notifier.ring()
        self._take_over()

    def run(self) -> bool:
        """Work until told to end, which gives True, or idle for long enough: False."""
        self._idle_since = None
        while not self._told_to_leave:
            self._step(self._wait_s())
            if self._idle_for() >= self._idle_s:
                return False
        return True

    def close(self) -> None:
        """Give back what the service holds, once `run` has returned."""
        self._prover.close()
        self._provenance.close()
        self._news.rest()
        # Nothing is lost with these: a disk that is full must not hold up the end.
        with contextlib.suppress(StoreError):
            left = self._work_left() if self._told_to_leave else ""
            stopped = Event(EventKind.SERVICE_STOPPED, time.time(), text=left)
            self._store.save(Changes(events=[stopped]))
            self._notifier.hear([stopped])
            self._store.checkpoint()
        self._notifier.close()

    def _step(self, wait_s: float) -> None:
        self._clock.begin_wait(wait_s)
        try:
            message = self._messages.get(timeout=wait_s) if wait_s > 0 else None
        except Empty:
            message = None
        jump_s = self._clock.end_wait()
        try:
            if jump_s:
                self._mind_jump(jump_s)
            if message is not None:
                self._take(message)
            self._look_around()
            self._handle_all()
        except Exception:
            # An edge: one bad message must not end the renders of all the others.
            log.exception("while handling %r", message)

    def _wait_s(self) -> float:
        now = time.time()
        due = [self._inbox_at]
        if self._crew:
            due.append(self._look_at)
        if not self._scheduler.idle:
            due.append(self._news.due_at)
        deadline = self._scheduler.next_deadline
        if deadline is not None:
            due.append(deadline)
        if self._idle_since is not None:
            due.append(self._idle_since + self._idle_s)
        return max(0.001, min(due) - now) if self._messages.empty() else 0.001

    def _take(self, message: Message) -> None:
        match message:
            case Rung():
                self._mind_policy()
                self._read_inbox()
            case AskedToLeave():
                self._store.append([StopService(os.getpid())], time.time())
                self._read_inbox()
            case Exited():
                self._events.extend(self._crew.exited(message))
            case TreeGone():
                self._events.extend(self._crew.tree_gone(message))
            case CopyMade():
                self._events.append(self._crew.copy_made(message))
            case FrameLooked():
                self._freshness.forget(message.task, message.frame)
                self._note_origin(message)
                self._events.append(message)
            case ExistingFound():
                self._events.append(message)
        self._handle_all()

    def _look_around(self) -> None:
        now = time.time()
        if now >= self._news.due_at and not self._scheduler.idle:
            self._look_at_machine(now)
        if self._crew and now >= self._look_at:
            self._look_at = now + LOOK_S
            for events, more in self._crew.look():
                self._events.extend(events)
                self._handle_all()
                if more:
                    self._look_at = now
        deadline = self._scheduler.next_deadline
        if deadline is not None and now >= deadline:
            self._events.append(Ticked(now))
        if now >= self._inbox_at:
            self._read_inbox()
        self._mind_idleness(now)

    def _mind_jump(self, jump_s: float) -> None:
        """Have nothing wait, or seem late, for time that nobody lived through."""
        log.warning("the clock jumped by %+.0f s: it was set, or we slept", jump_s)
        self._inbox_at = self._look_at = self._news.due_at = 0.0
        if self._idle_since is not None:
            self._idle_since += jump_s
        self._events.append(ClockJumped(jump_s, time.time()))
        self._handle_all()

    def _mind_policy(self) -> None:
        """Have a policy that was changed count at once."""
        if self._news.policy.changed:
            self._news.due_at = 0.0

    def _look_at_machine(self, now: float) -> None:
        events = self._news.events(now, self._crew.identities(), self._crew.gpus())
        self._events.extend(events)

    def _mind_idleness(self, now: float) -> None:
        if self._crew or self._events or not self._scheduler.idle:
            self._idle_since = None
            return
        if self._notifier.busy:
            # Looked at again with the inbox.
            self._idle_since = None
            return
        if self._idle_since is None:
            self._idle_since = now
            self._store.checkpoint()
            self._crew.drop_old_copies(self._open_jobs())
        if self._idle_for() >= PROVER_REST_S:
            self._prover.rest()
            self._news.rest()

    def _idle_for(self) -> float:
        return 0.0 if self._idle_since is None else time.time() - self._idle_since

    # -- events in, decisions out ------------------------------------------------
    def _handle_all(self) -> None:
        while self._events:
            self._handle(self._events.popleft())

    def _handle(self, event: SchedulerEvent) -> None:
        decision = self._scheduler.handle(event)
        self._save(decision.changes)
        # Proofs last: the prover wants a CPU and this process's interpreter at once,
        # and a slot that waits for its next process is idle meanwhile.
        for action in sorted(decision.actions, key=_is_proof):
            match action:
                case FindExisting():
                    self._provenance.find(action)
                case LookAtExisting(task=task, frame=frame):
                    self._ask_prover(task, frame)
                case ProveFrame():
                    self._prove(action)
                case ForgetJob(job=job):
                    self._crew.forget(job)
                case EndService():
                    self._told_to_leave = True
                case _:
                    self._perform(action)

    def _perform(self, action: CrewAction) -> None:
        event = self._crew.perform(action)
        if event is not None:
            self._events.append(event)

    def _note_origin(self, message: FrameLooked) -> None:
        """Have it noted what a picture that one of our processes wrote came from."""
        proof = self._proving.pop((message.task, message.frame), None)
        if proof is not None and message.failure is None:
            self._provenance.note(proof)

    def _prove(self, action: ProveFrame) -> None:
        task, frame = action.task, action.frame
        self._proving[task.id, frame] = action
        if not action.claimed:
            pictures = task.plan.pictures
            lack = self._freshness.lack(task.id, pictures, frame, action.since)
            if lack is not None:
                self._messages.put(FrameLooked(task.id, frame, time.time(), lack))
                return
        self._ask_prover(task, frame)

    def _ask_prover(self, task: TaskRecord, frame: int) -> None:
        thumbnail = self._home.thumbnail(task.id, frame)
        thumbnail.parent.mkdir(parents=True, exist_ok=True)
        pictures = task.plan.pictures
        self._prover.ask((task.id, frame), pictures, frame, str(thumbnail))

    def _save(self, changes: Changes) -> None:
        """Write changes; wait for the disk rather than lose what was decided."""
        if not changes:
            return
        complained = False
        while True:
            try:
                self._store.save(changes)
                self._notifier.hear(changes.events)
                return
            except StoreError as error:
                if not complained:
                    log.error("the queue cannot be written, trying on: %s", error)
                complained = True
                time.sleep(1.0)

    # -- the inbox ---------------------------------------------------------------
    def _read_inbox(self) -> None:
        self._inbox_at = time.time() + UNRUNG_S
        while waiting := self._store.inbox(limit=200):
            # Nobody looked while there was nothing to do.
            if time.time() >= self._news.due_at:
                self._look_at_machine(time.time())
                self._handle_all()
            for number, _, command in waiting:
                self._learn(command)
                self._handle(self._asked(number, command))
                self._handle_all()

    def _learn(self, command: Command) -> None:
        """Tell the scheduler what earlier jobs taught about a new one's layers."""
        if isinstance(command, Submit):
            self._tell_usage(command.submission.scene)

    def _tell_usage(self, scene: str) -> None:
        known = self._store.usage(scene)
        if known:
            self._handle(UsageKnown(tuple(known), time.time()))

    def _asked(self, number: int, command: Command) -> SchedulerEvent:
        now = time.time()
        if isinstance(command, Submit):
            needs = self._states(command.submission.depends_on)
            needed = self._needed(command.submission.frames_after)
            return CommandAsked(number, command, now, needs, needed=needed)
        if isinstance(command, StopService):
            meant_for_us = command.pid in (None, os.getpid())
            return CommandAsked(number, command, now, ended=not meant_for_us)
        target = getattr(command, "job", None)
        job = self._store.job(target) if target is not None else None
        if isinstance(command, Retry) and job is not None:
            tasks, proved = self._store.load_tasks(job.id)
            needed = self._needed(job.submission.frames_after)
            return RetryAsked(number, command, job, tuple(tasks), proved, now, needed)
        ended = job is not None and JOB.ended(job.state)
        return CommandAsked(number, command, now, ended=ended)

    def _states(self, numbers: tuple[int, ...]) -> dict[int, JobState]:
        found = ((number, self._store.job(number)) for number in numbers)
        return {number: job.state for number, job in found if job is not None}

    def _work_left(self) -> str:
        """Say what a service that is told to end leaves behind; empty for nothing."""
        left = len(self._open_jobs())
        if not left:
            return ""
        return f"The service was told to end with {count(left, 'job')} left."

    def _needed(self, numbers: Iterable[int]) -> NeededTasks:
        """Read what jobs have proved that frames of others come after."""
        found: dict[int, tuple[NeededTask, ...]] = {}
        for number in numbers:
            tasks, proved = self._store.load_tasks(number)
            if tasks:
                found[number] = tuple(
                    NeededTask(
                        task.id, task.plan.layer, task.plan.frames, proved[task.id]
                    )
                    for task in tasks
                )
        return found

    def _open_jobs(self) -> list[JobRecord]:
        return self._store.jobs(states=[JobState.WAITING, JobState.RUNNING])

    # -- coming and going --------------------------------------------------------
    def _say(self, kind: EventKind) -> None:
        self._save(Changes(events=[Event(kind, time.time())]))

    def _take_over(self) -> None:
        """Put what the last service left on the board, its processes included."""
        work = self._store.load_open_work()
        jobs = {job.id: job for job in work.jobs}
        alive: set[int] = set()
        for attempt in work.attempts:
            identity = _find(attempt)
            if identity is not None and attempt.task.job in jobs:
                attempt.pid = identity.pid
                attempt.process_created_at = identity.created_at
                alive.add(attempt.id)
                self._crew.adopt(attempt, identity, jobs[attempt.task.job])
        needed = {n for job in work.jobs for n in job.submission.depends_on}
        frames_after = {n for job in work.jobs for n in job.submission.frames_after}
        totals = self._store.totals(list(jobs))
        now = time.time()
        for scene in {job.submission.scene for job in work.jobs}:
            self._tell_usage(scene)
        self._handle(
            WorkRecovered(
                jobs=tuple(work.jobs),
                tasks=tuple(work.tasks),
                settled=work.settled,
                frames=tuple(work.frames),
                attempts=tuple(work.attempts),
                alive=frozenset(alive),
                next_attempt=work.next_attempt,
                queue_paused=work.queue_paused,
                needs=self._states(tuple(needed)),
                spoiled=frozenset(n for n, total in totals.items() if total.failed),
                now=now,
                needed=self._needed(frames_after),
            )
        )
        # Only now: the grants of processes that live on are written down first.
        self._look_at_machine(now)
        self._handle_all()


def _traits(submission: Submission) -> EngineTraits:
    chosen = engine(submission.engine)
    return EngineTraits(chosen.kept_open, chosen.gpu_need(submission))


def _is_proof(action: Action) -> bool:
    return isinstance(action, ProveFrame)


def _find(attempt: AttemptRecord) -> Identity | None:
    """Find a living process of an attempt, whether or not its pid was written down."""
    if attempt.pid is None or attempt.process_created_at is None:
        return processes.find_by_attempt(attempt.id)
    identity = Identity(attempt.pid, attempt.process_created_at)
    return identity if identity.find() is not None else None
