"""How an interactive Maya is told from everything else that runs.

Facts about programs as data, and one function that holds them against a process. Any
thread.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass

import psutil

#: What the queue's service is started as (`running.launching`). A service that was
#: started from Maya is Maya's child, and so are its renders: neither is the artist's.
SERVICE_MODULE = "lrc_toolbox.running"


@dataclass(frozen=True, slots=True)
class HostProgram:
    """A program with which artists work.

    Attributes:
        names: its processes' names, in small letters.
        without_window: arguments with which it opens no window.
    """

    names: frozenset[str]
    without_window: frozenset[str] = frozenset()


# Linux: `maya` is a shell script that becomes `maya.bin`. Windows: batch mode is a
# program of its own, mayabatch.exe. macOS: Maya.app/Contents/MacOS/Maya. mayapy is
# named otherwise on each. No Maya could be run where this was written.
_NAMES = {"win32": "maya.exe", "darwin": "maya"}

#: Flags from Autodesk's "Start Maya from the command line": -batch and -prompt run
#: without interface, -archive prints a list of files, -render is no longer supported.
MAYA = HostProgram(
    names=frozenset({_NAMES.get(sys.platform, "maya.bin")}),
    without_window=frozenset({"-batch", "-prompt", "-archive", "-render"}),
)


def is_host(process: psutil.Process, program: HostProgram) -> bool:
    """Say whether a process is this user's and has a window.

    Its name is not looked at again.

    Raises:
        psutil.Error: it is gone, or it is somebody else's and says nothing.
    """
    return _is_ours(process) and not program.without_window & set(process.cmdline())


def is_service(arguments: Collection[str]) -> bool:
    """Say whether a process with these arguments is a service of a queue."""
    return SERVICE_MODULE in arguments


def _is_ours(process: psutil.Process) -> bool:
    if sys.platform == "win32":
        return process.username() == psutil.Process().username()
    return process.uids().real == psutil.Process().uids().real
