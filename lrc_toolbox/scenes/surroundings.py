"""What a scene is to be rendered with and into: what `preflight` weighs it against.

Looks at the output folder's disk, and writes nothing there: whether it really takes
files is proved at submission by `outputs.space`. Any thread.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The folder that pictures are to be written to, as it is now.

    Attributes:
        folder: its absolute path.
        exists: it is there.
        problem: why it cannot be written, a clause; empty if it can, or can be made.
        free_bytes: on its disk; None where that is not known.
    """

    folder: str
    exists: bool = True
    problem: str = ""
    free_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants to render with.

    Attributes:
        maya_version: the Maya that will render, e.g. `2024`; empty if not chosen.
        platform: `win32`, `linux` or `darwin`, as `sys.platform` has it.
        output: where pictures go; None if that is not known yet.
        project: the Maya project's folder; empty if not known.
    """

    maya_version: str = ""
    platform: str = sys.platform
    output: Surroundings | None = None
    project: str = ""


def surroundings_of(folder: str | os.PathLike[str]) -> Surroundings:
    """Look at an output folder and its disk; makes and writes nothing.

    A folder that is not there counts as writable where the nearest one above is.
    """
    wanted = Path(folder).absolute()
    standing = next(path for path in (wanted, *wanted.parents) if _is_there(path))
    # os.path, because Path.is_dir raises where a folder above may not be looked into.
    if not os.path.isdir(standing):  # noqa: PTH112
        is_file = os.path.lexists(standing)
        problem = f"{standing} is a file" if is_file else f"there is no {standing}"
        return Surroundings(str(wanted), False, problem)
    # On Windows this sees only the read-only mark, not who may write.
    problem = "" if os.access(standing, os.W_OK | os.X_OK) else _may_not(standing)
    try:
        free = shutil.disk_usage(standing).free
    except OSError:
        free = None
    return Surroundings(str(wanted), standing == wanted, problem, free)


def _is_there(path: Path) -> bool:
    # A drive or share that is gone has no folder above: its root counts as there.
    return os.path.lexists(path) or path == path.parent


def _may_not(standing: Path) -> str:
    return f"{standing} may not be written"
