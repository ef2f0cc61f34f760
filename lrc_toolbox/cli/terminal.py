"""The terminal or pipe that `lrc` writes to, and what can be shown there."""

from __future__ import annotations

import os
import sys
from textwrap import wrap

from rich.console import Console

from lrc_toolbox.jobs.wording import printable

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


def broken(sentence: str, indent: int, screen: Console) -> list[str]:
    """Give a sentence as lines of a terminal; paths stay whole, and so do pipes' lines.

    Args:
        indent: blanks that will stand before each line.
    """
    text = printable(sentence)
    if not screen.is_terminal:
        return [text]
    width = max(20, screen.width - indent)
    return wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
