"""The preview worker's process: takes frames from standard input, answers in events.

`python -m lrc_toolbox.engines.preview.worker --cpus 0,1`, see docs/worker-protocol.md.
The CPUs and the variant are settled before anything heavy is imported, because Dr.Jit
starts as many threads as it may use CPUs when it is imported. Ends with 0 at the end of
input, 1 where a scene could not be opened, 2 where a request was not understood; a
signal ends it at once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

import psutil

from lrc_toolbox.engines.preview.opening import Opening, OpeningError
from lrc_toolbox.engines.preview.protocol import (
    Inbox,
    Open,
    Outbox,
    Render,
    RequestError,
)
from lrc_toolbox.engines.preview.variants import LIBRARY_VARIABLE, choose_variant
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.failures import FailureClass

if TYPE_CHECKING:
    from lrc_toolbox.engines.preview.frames import Projector


def main(arguments: Sequence[str]) -> int:
    """Work until standard input ends; returns the exit code."""
    options = _parser().parse_args(arguments)
    _end_at_once_when_told()
    outbox = Outbox(_own_output())
    cpu_ids = _keep_to_cpus(options.cpus, outbox)
    inbox = Inbox(sys.stdin.buffer)
    inbox.start()
    try:
        variant = choose_variant(gpu=bool(options.gpu), environment=os.environ)
        if variant.library:
            os.environ[LIBRARY_VARIABLE] = variant.library
        projector = _projector(variant.name, outbox, len(cpu_ids))
        outbox.log(f"Mitsuba renders as {variant.name}: {variant.reason}.")
        outbox.worker_ready(variant.name, cpu_ids)
        return _work(inbox, outbox, projector)
    except ImportError as error:
        return _give_up(inbox, outbox, error)
    except RequestError as error:
        outbox.log(str(error))
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lrc_toolbox.engines.preview.worker",
        description="Render frames asked for on standard input with Mitsuba 3.",
    )
    parser.add_argument(
        "--cpus",
        type=_numbers,
        default=(),
        help="logical CPUs to use, e.g. 0,1; all where left out",
    )
    parser.add_argument("--gpu", default="", help="UUID of the GPU to use; none if not")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part.strip())


def _end_at_once_when_told() -> None:
    """Let signals do what they do to a C program.

    Python would run its own handlers after the pass that renders, seconds later.
    """
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)


def _own_output() -> BinaryIO:
    """Give standard output to the events, and standard error to all that prints.

    Otherwise a line of Mitsuba's could begin in the middle of an event. Both usually
    are the same log.
    """
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    sys.stdout.flush()
    os.dup2(2, 1)
    return events


def _keep_to_cpus(wanted: tuple[int, ...], outbox: Outbox) -> list[int]:
    """Keep this process and its threads to the granted CPUs.

    Returns:
        The CPUs it keeps to; as many as were granted where the system cannot be told
        which, as on macOS.
    """
    process = psutil.Process()
    if not hasattr(process, "cpu_affinity"):
        return list(wanted) or list(range(os.cpu_count() or 1))
    if wanted:
        try:
            process.cpu_affinity(list(wanted))
        except (OSError, ValueError, psutil.Error) as error:
            outbox.log(f"The process cannot keep to the CPUs {wanted}: {error}.")
    affinity: list[int] = process.cpu_affinity()
    return affinity


def _projector(variant: str, outbox: Outbox, threads: int) -> Projector:
    """Import Mitsuba in a variant."""
    import drjit
    import mitsuba as mi

    mi.set_variant(variant)
    mi.set_log_level(mi.LogLevel.Error)
    if not hasattr(psutil.Process(), "cpu_affinity"):
        # macOS; could not be run here.
        drjit.set_thread_count(threads)
    from lrc_toolbox.engines.preview.frames import Projector

    return Projector(outbox.log)


def _give_up(inbox: Inbox, outbox: Outbox, missing: ImportError) -> int:
    """Answer the first task with what is not installed.

    Raises:
        RequestError: a request was not understood.
    """
    message = f"The preview engine is not installed: {missing}."
    outbox.log(message)
    request = inbox.next()
    if request is not None:
        remedy = 'Install "lrc-toolbox[preview]".'
        failure = FailureClass.PLUGIN_MISSING
        outbox.task_failed(request.task, failure, f"{message} {remedy}")
    return 1


def _work(inbox: Inbox, outbox: Outbox, projector: Projector) -> int:
    """Take requests until there are no more.

    Raises:
        RequestError: one was not understood.
    """
    while True:
        request = inbox.next()
        if request is None:
            return 0
        if isinstance(request, Render):
            _render(request, outbox, projector)
        elif not _open(request, outbox, projector):
            return 1


def _open(request: Open, outbox: Outbox, projector: Projector) -> bool:
    """Take up a task; False where that failed."""
    began = time.monotonic()
    try:
        projector.open(Opening.read(request.scene))
    except FileNotFoundError as error:
        message = f"The scene {error.filename} is not there."
        outbox.task_failed(request.task, FailureClass.MISSING_FILE, message)
        return False
    except OpeningError as error:
        outbox.task_failed(request.task, FailureClass.BAD_ARGUMENTS, str(error))
        return False
    except Exception as error:  # noqa: BLE001 - the process's edge: all is reported
        kind = _class_of(error, FailureClass.SCENE_ERROR)
        outbox.task_failed(request.task, kind, _said(error, outbox))
        return False
    outbox.scene_opened(request.task, time.monotonic() - began)
    return True


def _render(request: Render, outbox: Outbox, projector: Projector) -> None:
    """Render a frame; whatever goes wrong is that frame's failure."""
    began = time.monotonic()
    outbox.frame_started(request)
    try:
        projector.render(
            request.frame,
            request.outputs,
            lambda share: outbox.frame_progressed(request, share),
        )
    except Exception as error:  # noqa: BLE001 - the process's edge: all is reported
        kind = _class_of(error, FailureClass.OTHER)
        outbox.frame_failed(request, kind, _said(error, outbox))
    else:
        outbox.frame_finished(request, time.monotonic() - began)


def _class_of(error: Exception, otherwise: FailureClass) -> FailureClass:
    from lrc_toolbox.engines.preview.film import PictureWriteError
    from lrc_toolbox.engines.preview.stage import TooLargeError

    if isinstance(error, TooLargeError):
        return FailureClass.SCENE_ERROR
    if isinstance(error, PictureWriteError):
        return FailureClass.DISK
    if isinstance(error, OpeningError):
        return FailureClass.BAD_ARGUMENTS
    if isinstance(error, MemoryError):
        return FailureClass.OUT_OF_MEMORY
    return otherwise


def _said(error: Exception, outbox: Outbox) -> str:
    """Put an error into one line; what was not expected is traced in the log."""
    if isinstance(error, LrcError):
        return str(error)
    outbox.log("".join(traceback.format_exception(error)).rstrip())
    return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    code = main(sys.argv[1:])
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    # Threads of Dr.Jit's are ended by the system: they wait for work that never comes.
    os._exit(code)
