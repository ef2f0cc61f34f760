"""Shows which step is under way, how far it is and for how long it has run.

On a terminal one line is rewritten in place; elsewhere (a log file, CI) a step prints
when it begins, every ten seconds and when it ends. Knows nothing of what the steps do.
"""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

TERMINAL_INTERVAL_S = 0.2
LOG_INTERVAL_S = 10.0


class Steps:
    """A counted row of steps, one at a time."""

    def __init__(self, total: int, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        self._total = total
        self._number = 0
        self._title = ""
        self._began = 0.0
        self._shown = 0.0

    def begin(self, title: str) -> None:
        """Starts the next step."""
        self._number += 1
        self._title = title
        self._began = self._shown = time.monotonic()
        self._write(title)

    def show(self, detail: str) -> None:
        """Says how far the step is; may be called as often as there is news."""
        now = time.monotonic()
        interval = TERMINAL_INTERVAL_S if self._live else LOG_INTERVAL_S
        if now - self._shown < interval:
            return
        self._shown = now
        text = f"{self._title}: {detail}" if detail else self._title
        self._write(f"{text} - {clock(now - self._began)}")

    def end(self, result: str) -> None:
        """Closes the step with what came of it."""
        taken = clock(time.monotonic() - self._began)
        self._write(f"{self._title}: {result} - {taken}")
        self.leave()

    def leave(self) -> None:
        """Leaves the line as it stands, so that other text can follow."""
        if self._live:
            self._out.write("\n")
        self._out.flush()

    def _write(self, text: str) -> None:
        line = f"[{self._number}/{self._total}] {text}"
        if self._live:
            # Padded with blanks: older Windows consoles know no escape sequences.
            width = shutil.get_terminal_size().columns - 1
            self._out.write("\r" + line[:width].ljust(width))
        else:
            self._out.write(line + "\n")
        self._out.flush()


def clock(seconds: float) -> str:
    """Seconds as a stop watch shows them: ``1:05``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
