"""Columns that fit a terminal: which are shown, how wide they are, how names are cut.

Knows nothing of jobs. A line never wraps: columns that do not fit are left out in a
given order, and names lose their middle. Lines are put together by hand because a
`rich.table.Table` breaks cells over lines and takes seconds for a long queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from lrc_toolbox.jobs.wording import printable


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        wish: the width in cells at which it shows everything, 0 for an empty one.
        least: the width below which it is useless.
        dropped: when it goes in a terminal too narrow for all, 1 first; 0 is never.
        right: whether its text stands at the right.
    """

    header: str
    wish: int
    least: int
    dropped: int = 0
    right: bool = False


@dataclass(frozen=True)
class Cell:
    """A piece of a row; `style` as rich names it."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Bar:
    """A progress bar as wide as its column."""

    percent: float
    style: str = ""


def fixed(
    header: str, cells: Sequence[Cell], dropped: int = 0, *, right: bool = False
) -> Column:
    """Make a column as wide as its longest text, which is never cut."""
    longest = max((cell_len(cell.text) for cell in cells), default=0)
    width = max(longest, cell_len(header)) if longest else 0
    return Column(header, width, width, dropped, right)


def fit(columns: Sequence[Column], width: int, gap: int = 1) -> list[int]:
    """Give each column its width, 0 for those that are left out.

    Args:
        columns: all there are, from left to right.
        width: cells there are for all of them and the gaps between them.
        gap: cells between two columns.
    """
    shown = [column for column in columns if column.wish]
    while _needed(shown, gap) > width and any(column.dropped for column in shown):
        shown.remove(min((c for c in shown if c.dropped), key=lambda c: c.dropped))
    spare = max(0, width - _needed(shown, gap))
    growing = [column for column in shown if column.wish > column.least]
    widths = {id(column): column.least for column in shown}
    for place, column in enumerate(growing, start=1):
        # The first (a name) may take most of the room, the last all that is left.
        share = spare if place == len(growing) else spare * 6 // 10
        grown = min(column.wish - column.least, share)
        widths[id(column)] += grown
        spare -= grown
    return [widths.get(id(column), 0) for column in columns]


def _needed(columns: Sequence[Column], gap: int) -> int:
    return sum(column.least for column in columns) + gap * max(0, len(columns) - 1)


class Rows:
    """Rows under the same columns, with lines of text between them.

    Args:
        columns: from left to right.
        indent: blanks before each row.
        note_indent: blanks before a line of text.
        gap: blanks between two columns.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        indent: int = 0,
        note_indent: int = 0,
        gap: int = 1,
    ) -> None:
        self._columns = columns
        self._gap = gap
        self._indent = indent
        self._note_indent = note_indent
        self._lines: list[Sequence[Cell | Bar] | Cell] = []

    def add(self, *cells: Cell | Bar) -> None:
        """Add a row with a cell for every column, those left out included."""
        self._lines.append(cells)

    def add_header(self) -> None:
        """Add the columns' names as a row."""
        self.add(*(Cell(column.header, "dim") for column in self._columns))

    def add_note(self, text: str, style: str) -> None:
        """Add a line that belongs to the row above, cut where the terminal ends."""
        self._lines.append(Cell(printable(text), style))

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        plain = is_ascii(options)
        room = options.max_width
        widths = fit(self._columns, room - self._indent, self._gap)
        for line in self._lines:
            text = Text(no_wrap=True, overflow="crop")
            if isinstance(line, Cell):
                text.append(" " * self._note_indent)
                shown = shorten_end(line.text, room - self._note_indent, plain)
                text.append(shown, line.style)
            else:
                text.append(" " * self._indent)
                self._put(line, widths, plain, text)
            text.rstrip()
            yield text

    def _put(
        self, cells: Sequence[Cell | Bar], widths: list[int], plain: bool, text: Text
    ) -> None:
        gap = ""
        for column, cell, width in zip(self._columns, cells, widths, strict=True):
            if not width:
                continue
            text.append(gap)
            if isinstance(cell, Bar):
                _put_bar(cell, width, plain, text)
            else:
                shown = shorten_middle(cell.text, width, plain)
                blank = " " * (width - cell_len(shown))
                text.append(
                    blank + shown if column.right else shown + blank, cell.style
                )
            gap = " " * self._gap


def _put_bar(bar: Bar, width: int, plain: bool, text: Text) -> None:
    halves = int(min(100.0, max(0.0, bar.percent)) / 100 * width * 2)
    full, half, empty = ("=", "-", "-") if plain else ("━", "╸", "─")
    done = full * (halves // 2) + half * (halves % 2)
    text.append(done, bar.style)
    text.append(empty * (width - len(done)), "dim")


def is_ascii(options: ConsoleOptions) -> bool:
    """Say whether the terminal may lack the characters for bars and dots."""
    return options.ascii_only or options.legacy_windows


def shorten_end(text: str, width: int, plain: bool = False) -> str:
    """Cut a sentence to `width` terminal cells."""
    dots = "..." if plain else "…"
    if cell_len(text) <= width:
        return text
    return (_first_cells(text, width - len(dots)) + dots)[: max(0, width)]


def shorten_middle(text: str, width: int, plain: bool = False) -> str:
    """Cut a name to `width` terminal cells, keeping how it begins and how it ends.

    Layer names of one scene often differ in their last characters only
    (`houses_beauty_fg` and `houses_beauty_bg`), so the end is as telling as the start.
    """
    if cell_len(text) <= width:
        return text
    dots = "..." if plain else "…"
    room = width - len(dots)
    if room < 2:
        return _first_cells(text, width)
    tail = _first_cells(text[::-1], room // 2)[::-1]
    return _first_cells(text, room - room // 2) + dots + tail


def _first_cells(text: str, width: int) -> str:
    """Return the longest beginning that fits; a wide character counts as two cells."""
    if width <= 0:
        return ""
    return chop_cells(text[: width + 1], width)[0]
