"""What pictures were rendered from: noted beside them, and asked before rendering.

Reading scenes and folders takes its time, so all of it is done by a thread of its own,
in the order it was asked for. What cannot be read or written is as if nothing were
known: frames are then rendered once more.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from lrc_toolbox.engines.registry import engine
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import JobRecord, TaskId, TaskPlan
from lrc_toolbox.outputs.sidecar import Sidecar, fingerprint
from lrc_toolbox.running import scene_copies
from lrc_toolbox.running.home import Home
from lrc_toolbox.running.scene_files import list_files
from lrc_toolbox.scenes.content import (
    content_digest,
    stamps,
)
from lrc_toolbox.scenes.file_state import FileState
from lrc_toolbox.scheduling.actions import FindExisting, ProveFrame
from lrc_toolbox.scheduling.events import ExistingFound

log = logging.getLogger(__name__)

#: How long, in seconds, notes are gathered before they are written.
GATHER_S = 1.0

#: How long, in seconds, the last notes may take when the service leaves.
LEAVE_S = 10.0

#: Writing notes takes at most one part in so many of the time.
_SHARE = 20

#: So many scenes are remembered; a person's queue goes back and forth between a few.
_SCENES = 16


@dataclass(frozen=True, slots=True)
class _Close:
    """Write what is noted, and end."""


@dataclass(frozen=True, slots=True)
class _Note:
    """A frame that was proved, and its files then."""

    proof: ProveFrame
    seen: tuple[os.stat_result, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """A scene as it was read: its content and the files that it names."""

    digest: str
    names: tuple[str, ...]


class Provenance:
    """Finds pictures that are there already, and notes what new ones came from.

    Args:
        home: where scene copies are.
        post: takes answers, on the thread.
    """

    def __init__(self, home: Home, post: Callable[[ExistingFound], None]) -> None:
        self._home = home
        self._post = post
        self._asked: SimpleQueue[FindExisting | ProveFrame | _Close] = SimpleQueue()
        self._notes: list[_Note] = []
        self._write_at = 0.0
        self._sources: dict[FileState, _Source] = {}
        self._thread = threading.Thread(
            target=self._serve, name="provenance", daemon=True
        )
        self._thread.start()

    # -- from the service's loop -------------------------------------------------
    def find(self, action: FindExisting) -> None:
        """Look for pictures that are there already; returns at once."""
        self._asked.put(action)

    def note(self, proof: ProveFrame) -> None:
        """Note what a frame that was proved came from; returns at once."""
        self._asked.put(proof)

    def close(self) -> None:
        """Write what is noted, and end the thread."""
        self._asked.put(_Close())
        # A file server that hangs must not hold up the end for long.
        self._thread.join(LEAVE_S)

    # -- the thread --------------------------------------------------------------
    def _serve(self) -> None:
        while True:
            try:
                wait_s = max(0.0, self._write_at - time.monotonic())
                asked = self._asked.get(timeout=wait_s if self._notes else None)
            except Empty:
                self._write()
                continue
            match asked:
                case ProveFrame():
                    if not self._notes:
                        earliest = time.monotonic() + GATHER_S
                        self._write_at = max(self._write_at, earliest)
                    self._gather(asked)
                case FindExisting():
                    self._write()
                    self._post(self._find(asked))
                case _Close():
                    self._write()
                    return

    def _gather(self, proof: ProveFrame) -> None:
        """Look at a proved frame's files before anybody else touches them."""
        paths = [picture.path(proof.frame) for picture in proof.task.plan.pictures]
        try:
            self._notes.append(_Note(proof, tuple(Path(path).stat() for path in paths)))
        except OSError as error:
            log.warning("a proved picture is gone: %s", error)

    def _find(self, asked: FindExisting) -> ExistingFound:
        found: dict[TaskId, FrameRange] = {}
        for task, frames in asked.frames:
            try:
                found[task.id] = self._found(asked.job, task.plan, frames)
            except Exception:
                # An edge: whatever is wrong with a folder or a scene, the job goes on.
                log.exception("pictures of task %s could not be searched for", task.id)
                found[task.id] = FrameRange.empty()
        return ExistingFound(asked.job.id, found, time.time())

    def _found(self, job: JobRecord, plan: TaskPlan, frames: FrameRange) -> FrameRange:
        folders = [_names(picture) for picture in plan.pictures]
        there = [
            frame
            for frame in frames
            if all(
                os.path.basename(picture.path(frame)) in names  # noqa: PTH119
                for picture, names in zip(plan.pictures, folders, strict=True)
            )
        ]
        if there and job.submission.existing == "unchanged":
            source, _ = self._source(job, plan)
            sidecar = Sidecar(_folder(plan))
            there = [
                frame
                for frame in there
                if all(sidecar.fits(one, frame, source) for one in plan.pictures)
            ]
        return FrameRange.of(there)

    def _write(self) -> None:
        """Write down what is noted, of each folder at once."""
        begun = time.monotonic()
        tasks: dict[TaskId, list[_Note]] = {}
        for note in self._notes:
            tasks.setdefault(note.proof.task.id, []).append(note)
        self._notes = []
        for notes in tasks.values():
            try:
                self._write_task(notes)
            except Exception:
                # An edge: a picture that has no note is rendered again, no more.
                log.exception("what task %s came from", notes[0].proof.task.id)
        now = time.monotonic()
        self._write_at = now + _SHARE * (now - begun)

    def _write_task(self, notes: list[_Note]) -> None:
        plan = notes[0].proof.task.plan
        source, changed_at = self._source(notes[0].proof.job, plan)
        sidecar = Sidecar(_folder(plan))
        # What changed after the process had begun may be in the picture or not.
        certain = [note for note in notes if changed_at <= note.proof.since]
        for note in certain:
            for picture, seen in zip(plan.pictures, note.seen, strict=True):
                sidecar.note(picture, note.proof.frame, seen, source)
        if certain:
            sidecar.save()

    def _source(self, job: JobRecord, plan: TaskPlan) -> tuple[str, float]:
        """Make a task's fingerprint, and say when anything in it last changed.

        Raises:
            OSError: the scene cannot be read.
        """
        scene = job.submission.scene
        copy = scene_copies.copy_path(self._home.scene_copies, job)
        copied = engine(job.submission.engine).copies_scene and copy.exists()
        state = FileState.of(copy if copied else scene)
        known = self._sources.pop(state, None)
        if known is None:
            digest = content_digest(state.path)
            known = _Source(digest, list_files(state.path, scene))
        self._sources[state] = known
        if len(self._sources) > _SCENES:
            del self._sources[next(iter(self._sources))]
        files = stamps(known.names)
        changed = [file.changed_ns for file in files]
        if not copied:
            changed.append(state.changed_ns)
        newest = max(changed, default=0) / 1e9
        return fingerprint(known.digest, files, job.submission, plan), newest


def _folder(plan: TaskPlan) -> Path:
    return Path(plan.pictures[0].pattern).parent


def _names(picture: ExpectedPicture) -> set[str]:
    """List what lies in a picture's folder; nothing where there is none."""
    try:
        return set(os.listdir(Path(picture.pattern).parent))  # noqa: PTH208
    except OSError:
        return set()
