"""The worker's side of the worker protocol: what it is asked, and what it answers.

docs/worker-protocol.md is its complete description. Requests are read on a thread of
their own, so that a dropped frame is forgotten while another one renders; answers may
be given from any thread.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.failures import FailureClass


class RequestError(LrcError):
    """A line on standard input is no request.

    Attributes:
        line: the line, shortened.
    """

    def __init__(self, line: bytes, problem: str) -> None:
        self.line = line[:200].decode(errors="replace").rstrip()
        super().__init__(f"The request {self.line!r} is not understood: {problem}.")


@dataclass(frozen=True, slots=True)
class Open:
    """What the frames of a task belong to from now on."""

    task: str
    scene: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Render:
    """One frame and the files that it becomes."""

    task: str
    frame: int
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """One frame to be forgotten if it is not begun."""

    task: str
    frame: int


Request = Open | Render | Drop


def read_request(line: bytes) -> Request:
    """Read one line of standard input.

    Raises:
        RequestError: it is no JSON object, or none that the protocol knows.
    """
    try:
        message = json.loads(line)
        task = str(message["task"])
        if "open" in message:
            return Open(task, dict(message["open"]))
        if "render" in message:
            outputs = tuple(str(path) for path in message["outputs"])
            return Render(task, int(message["render"]), outputs)
        return Drop(task, int(message["drop"]))
    except KeyError as error:
        raise RequestError(line, f"it has no {error}") from error
    except (TypeError, ValueError) as error:
        raise RequestError(line, str(error)) from error


@dataclass(slots=True)
class Inbox:
    """What the worker was asked and has not begun, in order."""

    stream: BinaryIO
    _waiting: deque[Open | Render] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _ended: bool = False
    _problem: RequestError | None = None

    def start(self) -> None:
        """Begin to read, on a thread that does not keep the process alive."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def next(self) -> Open | Render | None:
        """Wait for the next request; None once standard input has ended.

        Frames that were not begun by then are forgotten: end of input means that the
        worker shall finish what it has in hand and go.

        Raises:
            RequestError: a line could not be read.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._waiting or self._ended or self._problem
            )
            if self._problem is not None:
                raise self._problem
            return None if self._ended else self._waiting.popleft()

    def _read(self) -> None:
        problem = None
        try:
            for line in self.stream:
                if line.strip():
                    self._take(read_request(line))
        except RequestError as error:
            problem = error
        with self._changed:
            self._problem = problem
            self._ended = problem is None
            self._changed.notify()

    def _take(self, request: Request) -> None:
        with self._changed:
            if isinstance(request, Drop):
                for waiting in list(self._waiting):
                    if (
                        isinstance(waiting, Render)
                        and waiting.task == request.task
                        and waiting.frame == request.frame
                    ):
                        self._waiting.remove(waiting)
            else:
                self._waiting.append(request)
            self._changed.notify()


@dataclass(slots=True)
class Outbox:
    """The worker's answers: one JSON object a line, timed and written at once."""

    stream: BinaryIO
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def worker_ready(self, variant: str, cpu_ids: list[int]) -> None:
        """Say that requests are taken."""
        self._send("worker_ready", variant=variant, cpu_ids=cpu_ids)

    def scene_opened(self, task: str, seconds: float) -> None:
        """Say that the task's frames can be rendered."""
        self._send("scene_opened", task=task, seconds=round(seconds, 3))

    def frame_started(self, frame: Render) -> None:
        """Say that a frame is begun."""
        self._send("frame_started", task=frame.task, frame=frame.frame)

    def frame_progressed(self, frame: Render, share: float) -> None:
        """Say how much of the frame in hand is done, 0 to 1."""
        percent = round(100 * share, 1)
        self._send(
            "frame_progressed", task=frame.task, frame=frame.frame, percent=percent
        )

    def frame_finished(self, frame: Render, seconds: float) -> None:
        """Say that all files of a frame are in their places."""
        self._send(
            "frame_finished",
            task=frame.task,
            frame=frame.frame,
            files=list(frame.outputs),
            seconds=round(seconds, 3),
        )

    def frame_failed(self, frame: Render, kind: FailureClass, message: str) -> None:
        """Say that a frame was given up; the next one may succeed."""
        self._send(
            "frame_failed",
            **{"task": frame.task, "frame": frame.frame, "class": kind.value},
            message=message,
        )

    def task_failed(self, task: str, kind: FailureClass, message: str) -> None:
        """Say that no frame of the task can be rendered by this worker."""
        self._send(
            "task_failed", **{"task": task, "class": kind.value}, message=message
        )

    def log(self, text: str) -> None:
        """Write a line of the log, which is no event."""
        with self._writing:
            self.stream.write(f"{text}\n".encode(errors="replace"))
            self.stream.flush()

    def _send(self, kind: str, **data: Any) -> None:
        # The first bytes tell an event from a renderer's line, so they are always the
        # same; ASCII, so that no reader's encoding matters.
        said = {"lrc": kind, **data, "at": round(time.time(), 6)}
        event = json.dumps(said, separators=(",", ":"))
        with self._writing:
            self.stream.write(event.encode() + b"\n")
            self.stream.flush()
