"""One set-up at a time: a lock that the operating system frees with its process.

Held while an environment is made or changed, also by the programs that change it: where
a script is killed, the next one waits for the pip that it left behind (not on Windows,
whose locks are not inherited). Nothing is written into the file, and it stays, as
removing it would let a third run lock another file of the same name.

The Windows half could not be run here.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

POLL_S = 0.2

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_one(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Holds a lock file while the body runs; waits where another process holds it.

    Args:
        path: the lock file; made where it is absent.
        on_wait: called once if there is something to wait for.
    """
    with path.open("ab") as file:
        told = False
        while not _is_taken(file):
            if not told:
                on_wait()
                told = True
            time.sleep(POLL_S)
        os.set_inheritable(file.fileno(), True)
        yield


def _is_taken(file: IO[bytes]) -> bool:
    try:
        _take(file)
    except (BlockingIOError, PermissionError):
        # flock says the former where another holds it, msvcrt the latter.
        return False
    return True
