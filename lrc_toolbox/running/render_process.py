"""One render process as the service holds it: its pipe, its log and its end.

The methods are called from the service's loop and do not block; waiting for the end and
ending a tree happen on threads that post a message when they are through.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from lrc_toolbox.jobs.records import AttemptRecord, TaskRecord
from lrc_toolbox.running import processes
from lrc_toolbox.running.log_following import LogFollower
from lrc_toolbox.running.processes import Identity

#: How long a process that was asked to end may take before it is killed, in seconds.
GRACE_S = 3.0


@dataclass(frozen=True, slots=True)
class Exited:
    """The process itself is gone; what it started may not be."""

    process: int
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class TreeGone:
    """The process and all it started are gone."""

    process: int


Post = Callable[[Exited | TreeGone], None]


class RenderProcess:
    """A process at work.

    Args:
        attempt: the attempt it was started for; `attempt` follows it to later ones.
        kept_open: it takes frames from its standard input.
        popen: the child, or None for one that a service before this one started.
        post: takes messages from any thread.
    """

    def __init__(
        self,
        attempt: AttemptRecord,
        identity: Identity,
        popen: subprocess.Popen[bytes] | None,
        *,
        kept_open: bool,
        post: Post,
    ) -> None:
        self.key = attempt.id
        self.attempt = attempt
        self.identity = identity
        self.exit_code: int | None = None
        self.ending = False
        self._popen = popen
        self._post = post
        self.log = LogFollower(
            Path(attempt.log_path), attempt.log_read, percentages=not kept_open
        )
        threading.Thread(
            target=self._await_exit, daemon=True, name=f"wait-{self.key}"
        ).start()

    def _await_exit(self) -> None:
        code: int | None = None
        if self._popen is not None:
            code = self._popen.wait()
        else:
            found = self.identity.find()
            with contextlib.suppress(psutil.Error):
                code = found.wait() if found else None
        self._post(Exited(self.key, code))

    def open_task(self, task: TaskRecord, opening: Mapping[str, Any]) -> None:
        """Tell it which task its next frames belong to."""
        self._send([{"open": dict(opening), "task": str(task.id)}])

    def send_frames(self, task: TaskRecord, frames: Iterable[int]) -> None:
        """Put frames at the end of its line."""
        pictures = task.plan.pictures
        self._send(
            {
                "render": frame,
                "task": str(task.id),
                "outputs": [picture.path(frame) for picture in pictures],
            }
            for frame in frames
        )

    def close_input(self) -> None:
        """Tell it that nothing more comes."""
        if self._popen is not None and self._popen.stdin is not None:
            with contextlib.suppress(OSError):
                self._popen.stdin.close()

    def end(self, grace_s: float = GRACE_S) -> None:
        """End it and all it started; posts `TreeGone` when that is done."""
        if self.ending:
            return
        self.ending = True
        threading.Thread(
            target=self._end_tree, args=(grace_s,), daemon=True, name=f"end-{self.key}"
        ).start()

    def _end_tree(self, grace_s: float) -> None:
        processes.end_tree(self.identity, self.key, grace_s)
        self._post(TreeGone(self.key))

    def _send(self, messages: Iterable[Mapping[str, Any]]) -> None:
        if self._popen is None or self._popen.stdin is None:
            return
        text = "".join(json.dumps(message) + "\n" for message in messages)
        # A process that is gone is no news here: its end is posted.
        with contextlib.suppress(OSError, ValueError):
            self._popen.stdin.write(text.encode())
