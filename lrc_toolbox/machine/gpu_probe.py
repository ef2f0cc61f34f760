"""The process that reads GPUs, kept open by `machine.gpus`.

`python -m lrc_toolbox.machine.gpu_probe` answers each line of standard input with a
reading on standard output (`machine.gpu_messages`), and ends where its input ends, also
when the process that started it was killed. A call into the driver can hang for ever or
crash, and takes only this process with it. Loads nothing but the standard library and
`pynvml`: it must be small and quick to start. One thread.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from lrc_toolbox.jobs.devices import GpuReading
from lrc_toolbox.machine.gpu_messages import READY, reading_line


def main() -> None:
    """Answer requests until the input ends."""
    answers = _take_standard_output()
    read = _find_reader()
    answers.write(READY)
    answers.flush()
    for _ in sys.stdin.buffer:
        answers.write(reading_line(read()))
        answers.flush()


def _take_standard_output() -> BinaryIO:
    """Keep the way to the client for answers: what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _find_reader() -> Callable[[], GpuReading]:
    try:
        from lrc_toolbox.machine.nvml import NvmlReader
    except ImportError as error:
        missing = GpuReading(
            problem=f"GPUs cannot be read: {error}.",
            remedy=f"Install nvidia-ml-py for {sys.executable}.",
        )
        return lambda: missing
    return NvmlReader().read


if __name__ == "__main__":
    main()
