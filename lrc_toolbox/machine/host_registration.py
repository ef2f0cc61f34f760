"""How a Maya says that it is there: a small file, `PID.json`, in a folder of the queue.

`HostRegistration` writes it inside Maya, `read_registrations` reads them all in the
service. Files appear whole or not at all. One thread each.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from lrc_toolbox.machine.identity import Identity

#: What a session said it is busy with counts no longer than this after its last sign.
#: A playblast holds the thread that gives signs, and takes minutes; a session that was
#: cut off in the middle must not keep renders waiting for ever.
BUSY_HOLDS_S = 1800.0

# Longer numbers are no pids, and too long for the system to be asked about.
_OURS = re.compile(r"[0-9]{1,9}\.(json|part)")


class HostFile(BaseModel):
    """What a session says of itself.

    Attributes:
        created_at: the operating system's creation time of its process.
        program: the path of its program.
        beat_at: when it wrote this, seconds since 1970 UTC.
        busy_with: what it asks quiet for, "playblast"; empty for nothing.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False, defer_build=True)

    pid: int
    created_at: float
    program: str
    beat_at: float
    busy_with: str = ""

    def busy_at(self, now: float) -> str:
        """Say what it is busy with now; what was said long ago counts no more."""
        return self.busy_with if now - self.beat_at < BUSY_HOLDS_S else ""


class HostRegistration:
    """This process as a host session."""

    def __init__(self, folder: Path) -> None:
        """Prepare; nothing is written before `register`.

        Args:
            folder: of all sessions' files; made where it is missing.
        """
        me = psutil.Process()
        self._file = folder / f"{me.pid}.json"
        self._pid = me.pid
        self._created_at = me.create_time()
        self._program = me.exe()
        self.busy_with = ""

    def register(self) -> None:
        """Say that this session is there.

        Raises:
            OSError: the file cannot be written.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self.beat()

    def beat(self, busy_with: str | None = None) -> None:
        """Give a sign of life.

        Args:
            busy_with: what to ask quiet for from now on; empty for nothing any more,
                None for as it is.

        Raises:
            OSError: the file cannot be written.
        """
        if busy_with is not None:
            self.busy_with = busy_with
        said = HostFile(
            pid=self._pid,
            created_at=self._created_at,
            program=self._program,
            beat_at=time.time(),
            busy_with=self.busy_with,
        )
        part = self._file.with_suffix(".part")
        part.write_text(said.model_dump_json(), encoding="utf-8")
        part.replace(self._file)

    def unregister(self) -> None:
        """Say that it is going; fine where its file is gone already."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)


def read_registrations(folder: Path) -> dict[int, HostFile]:
    """Read the sessions that are there, by pid; files of others are removed.

    A file goes when its process is gone, when the pid belongs to another one by now, or
    when it makes no sense. The time of the last sign is no reason: while Maya's main
    thread works, there is none.
    """
    found = {}
    for path in _files(folder):
        try:
            said = _read(path)
        except OSError:  # Windows, while it is being replaced: the next look sees it
            continue
        if said is not None:
            found[said.pid] = said
        elif path.suffix == ".json" or not psutil.pid_exists(_pid(path)):
            with contextlib.suppress(OSError):
                path.unlink()
    return found


def _files(folder: Path) -> list[Path]:
    """List what sessions wrote: `4711.json`, and `4711.part` for a moment."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
    except OSError:
        return []
    return [folder / name for name in names if _OURS.fullmatch(name)]


def _pid(path: Path) -> int:
    return int(path.stem)


def _read(path: Path) -> HostFile | None:
    """Read what a session says; None if there is no such session.

    Raises:
        OSError: the file cannot be read now.
    """
    if path.suffix != ".json":
        return None
    try:
        said = HostFile.model_validate_json(path.read_bytes())
    except ValidationError:
        return None
    lives = said.pid == _pid(path) and Identity(said.pid, said.created_at).find()
    return said if lives else None
