"""The GPUs of this computer: watched without ever waiting for the driver.

`GpuWatch` keeps the newest reading for whoever asks; `read_gpus` takes a single one.
Both ask the probe (`machine.gpu_probe_client`) and fall back on `nvidia-smi`. Which
process is which attempt's is `running`'s to say. The watch has a thread of its own;
`read_gpus` blocks, on any thread.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from lrc_toolbox.jobs.devices import GpuReading
from lrc_toolbox.machine.gpu_probe_client import GpuProbe, GpusUnreadError
from lrc_toolbox.machine.nvidia_smi import find_nvidia_smi, read_nvidia_smi


class Try(NamedTuple):
    """How long a try may take, and how long to wait after it failed, in seconds."""

    patience_s: float
    pause_s: float


#: The first try, the second after it failed, and all later ones. A driver that must
#: first wake its cards may need seconds, so later tries wait longer.
TRIES = (Try(2.0, 2.0), Try(10.0, 10.0), Try(30.0, 60.0))

#: How often to read where there is no GPU, or only `nvidia-smi`, which costs a process
#: for each table.
SELDOM_S = 10.0

_NOT_YET = GpuReading(problem="The GPUs have not been read yet.", pending=True)


class GpuReader:
    """Takes readings one after the other, through a probe that it keeps open.

    Used from one thread; only `interrupt` may be called from any.

    Args:
        python: the interpreter for the probe; None for the usual one.
    """

    def __init__(self, python: str | None = None) -> None:
        self._python = python
        self._probe: GpuProbe | None = None
        self._stuck: subprocess.Popen[bytes] | None = None
        self._interrupted = threading.Event()

    def read(self, patience_s: float) -> GpuReading:
        """Take a reading.

        Args:
            patience_s: how long the driver may take.

        Raises:
            GpusUnreadError: the driver hangs, or nothing could ask it.
        """
        if self._stuck is not None and self._stuck.poll() is None:
            # Another process would hang as well, and there would be ever more of them.
            raise GpusUnreadError(
                "The NVIDIA driver hangs.", "Restart the computer.", hangs=True
            )
        try:
            return self._read(patience_s)
        except GpusUnreadError as error:
            self._stuck = error.process
            raise

    def interrupt(self) -> None:
        """End the probe, for good: a `read` under way fails at once."""
        self._interrupted.set()
        probe = self._probe
        if probe is not None:
            probe.kill()

    def close(self) -> None:
        """End the probe."""
        if self._probe is not None:
            self._probe.end()
            self._probe = None

    def _read(self, patience_s: float) -> GpuReading:
        try:
            reading = self._ask_probe(patience_s)
        except GpusUnreadError as error:
            if error.hangs or self._interrupted.is_set():
                raise
            other = _ask_nvidia_smi(patience_s)
            if other is None:
                raise
            return other
        if reading.source:  # NVML is there, whatever it says
            return reading
        return _ask_nvidia_smi(patience_s) or reading

    def _ask_probe(self, patience_s: float) -> GpuReading:
        if self._probe is None:
            self._probe = GpuProbe(self._python)
            if self._interrupted.is_set():
                self._probe.kill()
        try:
            return self._probe.ask(patience_s)
        except GpusUnreadError:
            self._probe = None
            raise


class GpuWatch:
    """Reads the GPUs again and again, on a thread of its own.

    Args:
        every_s: how long to wait between two readings that went well.
        python: the interpreter for the probe; None for the one that `LRC_PYTHON`
            names, or else ours.
        tries: patience and pause of tries that fail one after the other.
    """

    def __init__(
        self,
        *,
        every_s: float = 1.0,
        python: str | None = None,
        tries: Sequence[Try] = TRIES,
    ) -> None:
        self._every_s = every_s
        self._tries = tries
        self._reader = GpuReader(python)
        self._newest = _NOT_YET
        self._looked = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="gpus", daemon=True)
        self._thread.start()

    def reading(self) -> GpuReading:
        """Give the newest reading, at once.

        Where the driver failed to answer once, its GPUs are those of the reading
        before, with the problem told; from the second time on there are none. Before
        the first look is over, the reading is `pending`.
        """
        return self._newest

    def first_reading(self, timeout_s: float) -> GpuReading:
        """Wait for the first look at the GPUs, whatever came of it.

        Args:
            timeout_s: after this, what `reading` says.
        """
        self._looked.wait(timeout_s)
        return self._newest

    def close(self) -> None:
        """End the thread and the probe."""
        self._closing.set()
        self._reader.interrupt()
        self._thread.join()

    def _watch(self) -> None:
        failed = 0
        pause_s = 0.0
        while not self._closing.wait(pause_s):
            now = self._tries[min(failed, len(self._tries) - 1)]
            try:
                self._newest = self._reader.read(now.patience_s)
            except GpusUnreadError as error:
                failed += 1
                self._newest = _failed(error, self._newest, failed)
                pause_s = now.pause_s
            else:
                failed = 0
                pause_s = self._pause_after(self._newest)
            self._looked.set()
        self._reader.close()

    def _pause_after(self, reading: GpuReading) -> float:
        often = reading.source == "nvml" and reading.gpus
        return self._every_s if often else max(self._every_s, SELDOM_S)


def read_gpus(timeout_s: float = 2.0, python: str | None = None) -> GpuReading:
    """Read the GPUs once, and wait for it.

    Args:
        timeout_s: how long the driver may take; starting a Python comes on top.
        python: the interpreter for the probe; None for the one that `LRC_PYTHON`
            names, or else ours.

    Returns:
        The reading; what went wrong is in its `problem`.
    """
    reader = GpuReader(python)
    try:
        return reader.read(timeout_s)
    except GpusUnreadError as error:
        return _failed(error, GpuReading(), 1)
    finally:
        reader.close()


def _failed(error: GpusUnreadError, before: GpuReading, times: int) -> GpuReading:
    """Make a reading of a failure.

    A driver that is late once must not look like GPUs that are gone: renders on them
    would be given up.
    """
    kept = before if times == 1 else GpuReading()
    return replace(
        kept,
        problem=error.message,
        remedy=error.remedy,
        pending=False,
        unread=not kept.gpus,
    )


def _ask_nvidia_smi(patience_s: float) -> GpuReading | None:
    """Read through `nvidia-smi`; None where there is none.

    Raises:
        GpusUnreadError: it took too long.
    """
    program = find_nvidia_smi()
    if program is None:
        return None
    try:
        return read_nvidia_smi(program, patience_s)
    except OSError:  # it may not be run by us
        return None
