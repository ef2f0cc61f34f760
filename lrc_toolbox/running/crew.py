"""The crew: all render processes of the service, and what is asked of them.

Does what the scheduler's actions say and reports what became of it as scheduler events.
Decides nothing, saves nothing. Used by the service's loop alone.
"""

from __future__ import annotations

import errno
import logging
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lrc_toolbox.engines.engine import Engine
from lrc_toolbox.engines.registry import engine
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import AttemptRecord, JobRecord
from lrc_toolbox.running import processes, scene_copies
from lrc_toolbox.running.freshness import Freshness
from lrc_toolbox.running.home import Home
from lrc_toolbox.running.log_following import Reading
from lrc_toolbox.running.policy_file import PolicyFile
from lrc_toolbox.running.processes import Identity
from lrc_toolbox.running.render_process import Exited, RenderProcess, TreeGone
from lrc_toolbox.running.worker_lines import scheduler_event
from lrc_toolbox.scheduling.actions import (
    BindProcess,
    CloseInput,
    OpenTask,
    SendFrames,
    StartProcess,
    StopProcess,
)
from lrc_toolbox.scheduling.events import (
    FrameProgressed,
    OutputRead,
    ProcessEnded,
    ProcessNotStarted,
    ProcessStarted,
    SchedulerEvent,
)

log = logging.getLogger(__name__)

#: Errors of the system that pass: a full or lost disk under the log's folder, and too
#: little memory or too many processes for another one.
_START_FAILURES: dict[int | None, FailureClass] = {
    **dict.fromkeys(
        (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE),
        FailureClass.DISK,
    ),
    **dict.fromkeys((errno.ENOMEM, errno.EAGAIN), FailureClass.OUT_OF_MEMORY),
}

CrewAction = (
    StartProcess | BindProcess | OpenTask | SendFrames | CloseInput | StopProcess
)


@dataclass(frozen=True, slots=True)
class CopyMade:
    """A large scene was copied, or could not be; the process can be started now."""

    action: StartProcess
    error: OSError | None


CrewMessage = Exited | TreeGone | CopyMade


class Crew:
    """The render processes at work.

    Args:
        home: where logs and scene copies go.
        freshness: told what lies in a frame's place before the frame is given out.
        policy: the policy that holds now.
        post: takes messages from any thread.
    """

    def __init__(
        self,
        home: Home,
        freshness: Freshness,
        policy: PolicyFile,
        post: Callable[[CrewMessage], None],
    ) -> None:
        self._home = home
        self._freshness = freshness
        self._policy = policy
        self._post = post
        self._processes: dict[int, RenderProcess] = {}
        self._copying: dict[int, bool] = {}

    def __bool__(self) -> bool:
        return bool(self._processes)

    # -- what the scheduler wants done -------------------------------------------
    def perform(self, action: CrewAction) -> SchedulerEvent | None:
        """Do one action; give back what became of it where that is known at once."""
        match action:
            case StartProcess():
                return self._start(action)
            case BindProcess(process=key, cpu_ids=cpu_ids):
                if key in self._processes:
                    processes.rebind(self._processes[key].identity, cpu_ids)
            case OpenTask(process=key, job=job, task=task):
                process = self._processes[key]
                process.attempt = action.attempt
                chosen, scene = self._engine(job), self._scene(job)
                opening = chosen.opening(job.submission, scene, task.plan)
                process.open_task(task, opening)
            case SendFrames(process=key, task=task, frames=frames):
                self._freshness.note(task.id, task.plan.pictures, frames)
                self._processes[key].send_frames(task, frames)
            case CloseInput(process=key):
                self._processes[key].close_input()
            case StopProcess(process=key):
                return self._stop(key)
        return None

    def adopt(self, attempt: AttemptRecord, identity: Identity, job: JobRecord) -> None:
        """Follow a process that the service before this one started."""
        kept_open = self._engine(job).kept_open
        self._processes[attempt.id] = RenderProcess(
            attempt, identity, None, kept_open=kept_open, post=self._post
        )

    def identities(self) -> dict[int, Identity]:
        """Name the processes at work."""
        return {key: process.identity for key, process in self._processes.items()}

    def gpus(self) -> dict[int, str]:
        """Name the GPU that each process was granted, of those that have one."""
        grants = {key: one.attempt.grant for key, one in self._processes.items()}
        return {key: one.gpu_uuid for key, one in grants.items() if one.gpu_uuid}

    # -- what the processes say --------------------------------------------------
    def look(self) -> Iterator[tuple[list[SchedulerEvent], bool]]:
        """Read what is new in all logs: of each the events, and if there is more."""
        for process in list(self._processes.values()):
            reading = process.log.read()
            if reading.size:
                yield self._events(process, reading), reading.more

    def exited(self, message: Exited) -> list[SchedulerEvent]:
        """Read the rest of a process's log, and see whether anything outlived it."""
        process = self._processes.get(message.process)
        if process is None:
            return []
        process.exit_code = message.exit_code
        if not process.ending and processes.survivors(process.identity.pid):
            process.end(grace_s=0.5)
        if process.ending:
            return []
        return self._finish(process, message)

    def tree_gone(self, message: TreeGone) -> list[SchedulerEvent]:
        """Read the rest of the log of a process that was ended."""
        process = self._processes.get(message.process)
        return self._finish(process, message) if process is not None else []

    def copy_made(self, message: CopyMade) -> SchedulerEvent:
        """Start the process that waited for its copy."""
        wanted = self._copying.pop(message.action.attempt.id)
        if message.error is not None:
            return self._not_started(message.action, _missing_scene(message))
        if not wanted:
            return ProcessEnded(message.action.attempt.id, None, time.time())
        return self._start_now(message.action)

    def _finish(
        self, process: RenderProcess, message: Exited | TreeGone
    ) -> list[SchedulerEvent]:
        reading = process.log.read(to_end=True)
        # How far the frame was is no news of a process that is gone, and writing it
        # down would only keep the next one waiting.
        reading.percent = None
        events = self._events(process, reading)
        if reading.more:
            # A flood: let the others have their turn before the rest of it.
            self._post(message)
            return events
        del self._processes[process.key]
        process.close_input()
        return [*events, ProcessEnded(process.key, process.exit_code, time.time())]

    def _events(self, process: RenderProcess, reading: Reading) -> list[SchedulerEvent]:
        now = time.time()
        events: list[SchedulerEvent] = []
        for line in reading.lines:
            event = scheduler_event(line, process.attempt, process.key, now)
            if event is not None:
                events.append(event)
        attempt = process.attempt
        if reading.percent is not None and attempt.frame is not None:
            percent, task = reading.percent, attempt.task
            events.append(
                FrameProgressed(process.key, task, attempt.frame, percent, now)
            )
        if reading.size:
            events.append(OutputRead(process.key, process.log.taken, now))
        return events

    # -- starting and stopping ---------------------------------------------------
    def _start(self, action: StartProcess) -> SchedulerEvent | None:
        job = action.job
        if not self._engine(job).copies_scene:
            return self._start_now(action)
        copy = scene_copies.copy_path(self._home.scene_copies, job)
        try:
            size = 0 if copy.exists() else Path(job.submission.scene).stat().st_size
            if size <= scene_copies.LARGE:
                scene_copies.make_copy(job.submission.scene, copy)
                return self._start_now(action)
        except OSError as error:
            return self._not_started(action, _missing_scene(CopyMade(action, error)))
        self._copying[action.attempt.id] = True
        threading.Thread(
            target=self._copy, args=(action, copy), daemon=True, name="copy"
        ).start()
        return None

    def _copy(self, action: StartProcess, copy: Path) -> None:
        try:
            scene_copies.make_copy(action.job.submission.scene, copy)
            self._post(CopyMade(action, None))
        except OSError as error:
            self._post(CopyMade(action, error))

    def _start_now(self, action: StartProcess) -> SchedulerEvent:
        job, task, attempt = action.job, action.task, action.attempt
        chosen, scene = self._engine(job), self._scene(job)
        self._freshness.note(task.id, task.plan.pictures, action.frames)
        frames = FrameRange.of(action.frames)
        try:
            launch = chosen.launch(
                job.submission, scene, task.plan, frames, attempt.grant
            )
            log_path = Path(attempt.log_path)
            log_path.parent.mkdir(parents=True, exist_ok=True)
            child = processes.start(launch, attempt.id, log_path)
            processes.bind(child.pid, attempt.grant.cpu_ids)
            if self._policy.policy().low_priority:
                processes.step_behind(child.pid)
        except (OSError, LrcError, subprocess.SubprocessError, ValueError) as error:
            return self._not_started(action, _start_failure(error))
        identity = processes.identity_of(child.pid) or Identity(child.pid, time.time())
        process = RenderProcess(
            attempt, identity, child, kept_open=chosen.kept_open, post=self._post
        )
        self._processes[process.key] = process
        if chosen.kept_open:
            opening = chosen.opening(job.submission, scene, task.plan)
            process.open_task(task, opening)
            process.send_frames(task, action.frames)
        return ProcessStarted(
            process.key, identity.pid, identity.created_at, time.time()
        )

    def _not_started(self, action: StartProcess, failure: Failure) -> SchedulerEvent:
        log.warning("attempt %s was not started: %s", action.attempt.id, failure)
        return ProcessNotStarted(action.attempt.id, failure, time.time())

    def _stop(self, key: int) -> SchedulerEvent | None:
        if key in self._copying:
            self._copying[key] = False
            return None
        process = self._processes.get(key)
        if process is None:
            return ProcessEnded(key, None, time.time())
        process.end()
        return None

    def _scene(self, job: JobRecord) -> str:
        if not self._engine(job).copies_scene:
            return job.submission.scene
        return str(scene_copies.copy_path(self._home.scene_copies, job))

    def _engine(self, job: JobRecord) -> Engine:
        return engine(job.submission.engine)

    # -- what is left of ended jobs ----------------------------------------------
    def forget(self, job: int) -> None:
        """Delete a removed job's logs and thumbnails."""
        for folder in (self._home.logs, self._home.thumbnails):
            shutil.rmtree(folder / str(job), ignore_errors=True)

    def drop_old_copies(self, open_jobs: list[JobRecord]) -> None:
        """Keep the newest scene copies, and those of open jobs."""
        folder = self._home.scene_copies
        in_use = {scene_copies.copy_path(folder, job) for job in open_jobs}
        scene_copies.drop_old_copies(folder, in_use)


def _start_failure(error: Exception) -> Failure:
    """Tell a computer that has no room from a process that never could start."""
    number = error.errno if isinstance(error, OSError) else None
    return Failure(_START_FAILURES.get(number, FailureClass.BAD_ARGUMENTS), f"{error}")


def _missing_scene(message: CopyMade) -> Failure:
    scene = message.action.job.submission.scene
    text = f"{scene} could not be copied: {message.error}"
    return Failure(FailureClass.MISSING_FILE, text)
