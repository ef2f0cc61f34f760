"""The terminal or pipe that `lrc` writes to, and what can be shown there."""

from __future__ import annotations

import os
import sys

from rich.console import Console

# Lines of a pipe are read by programs and pagers: wide enough for whole names.
_PIPE_WIDTH = 160


def console(*, error: bool = False) -> Console:
    """Open standard output or standard error for people.

    Markup stays off because a layer may be named `[red]`.
    """
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return Console(
        stderr=error, width=width, markup=False, emoji=False, highlight=False
    )


def is_live(screen: Console) -> bool:
    """Say whether lines can be drawn over.

    The stream is asked, not rich: `FORCE_COLOR`, which build servers set, makes rich
    take a pipe for a terminal, and its log would fill with cursor movements.
    """
    return screen.file.isatty() and not screen.is_dumb_terminal
