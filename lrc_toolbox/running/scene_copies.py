"""Copies of scenes: what attempts open instead of the artist's file.

One copy per job, made when its first process starts, so that every frame of a job comes
from the same scene, whatever the artist saves meanwhile. The artist's file is read once
and never written to.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from lrc_toolbox.jobs.records import JobRecord

#: How many copies of ended jobs are kept, for the person who looks into a bad frame.
KEPT = 5

#: Copying more than this, in bytes, is done beside the service's loop.
LARGE = 8 * 1024 * 1024


def copy_path(folder: Path, job: JobRecord) -> Path:
    """Say where a job's copy lies: `render_{scene}_{time}_{id}.ma`."""
    scene = Path(job.submission.scene)
    when = time.strftime("%Y%m%d-%H%M%S", time.localtime(job.submitted_at))
    return folder / f"render_{scene.stem}_{when}_{job.id}{scene.suffix}"


def make_copy(scene: str, copy: Path) -> None:
    """Copy a scene; a copy that is there already stays as it is.

    Raises:
        OSError: the scene is gone, or the copy cannot be written.
    """
    if copy.exists():
        return
    beside = copy.with_name(f".{copy.name}.part")
    shutil.copyfile(scene, beside)
    beside.replace(copy)


def drop_old_copies(folder: Path, in_use: Collection[Path], kept: int = KEPT) -> None:
    """Delete all but the newest copies that no open job uses, and unfinished ones."""
    copies = [path for path in folder.glob("render_*") if path not in in_use]
    copies.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [*copies[kept:], *folder.glob(".render_*.part")]:
        # On Windows a copy that a dying process still holds open stays for next time.
        with contextlib.suppress(OSError):
            path.unlink()
