"""What one way of telling has told: a small file that the next service reads.

`notified/desktop.json` and its like. Written by one thread of the service, read by
anybody.
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from pathlib import Path

from lrc_toolbox.jobs.json_files import JsonFileError, read_object, write_object


@dataclass(frozen=True, slots=True)
class Told:
    """How far a way of telling is.

    Attributes:
        event: number of the last event that was dealt with.
        problem: what went wrong the last time; empty where nothing did.
        at: when something was last told, or was not; None where nothing ever was.
    """

    event: int
    problem: str = ""
    at: float | None = None

    @classmethod
    def load(cls, path: Path) -> Told | None:
        """Read the file; None where there is none, or it does not hold this."""
        try:
            found = read_object(path)
        except (FileNotFoundError, JsonFileError):
            return None
        event, problem, at = (found.get(key) for key in ("event", "problem", "at"))
        if not isinstance(event, int):
            return None
        moment = at if isinstance(at, int | float) else None
        return cls(event, problem if isinstance(problem, str) else "", moment)

    def save(self, path: Path) -> None:
        """Write the file; a full disk must not keep anybody from being told."""
        with contextlib.suppress(JsonFileError):
            write_object(path, asdict(self))
