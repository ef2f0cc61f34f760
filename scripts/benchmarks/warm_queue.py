"""A queue in a new folder with its service running, for as long as it is measured."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from lrc_toolbox.queue import RenderQueue

SLOTS = 2
# Longer than anything here idles: a service that has left cannot be measured.
IDLE_S = 3600


class TooSlowError(Exception):
    """Something did not happen in the time that it is given at the very most."""


@dataclass(frozen=True)
class Bench:
    """A place to measure in.

    Attributes:
        folder: a new folder for whatever a measurement needs.
        queue: a queue below it, whose service runs.
    """

    folder: Path
    queue: RenderQueue

    @property
    def service(self) -> psutil.Process:
        """The service's process."""
        return psutil.Process(self.queue.service_status().pid)


@contextlib.contextmanager
def new_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="lrc-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def warm_queue() -> Iterator[Bench]:
    """A queue with a service that has come up, ended and deleted afterwards."""
    os.environ.update(LRC_SLOTS=str(SLOTS), LRC_IDLE_S=str(IDLE_S))
    with new_folder() as folder, RenderQueue(folder / "home") as queue:
        try:
            queue.ensure_service()
            wait_until(lambda: queue.service_status().running, "the service is up")
            yield Bench(folder, queue)
        finally:
            queue.stop_service()


def wait_until(
    condition: Callable[[], object], what: str, limit_s: float = 120
) -> None:
    """Waits for a condition.

    Raises:
        TooSlowError: it did not come true in time.
    """
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise TooSlowError(f"Waited {limit_s:g} s in vain until {what}.")
        time.sleep(0.005)
