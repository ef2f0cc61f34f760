from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from lrc_toolbox.cli.columns import (
    Bar,
    Cell,
    Column,
    Rows,
    fit,
    fixed,
    shorten_end,
    shorten_middle,
)

NAME = Column("layer", wish=30, least=8)
BAR = Column("", wish=40, least=6, dropped=2)
STATE = fixed("state", [Cell("running")], dropped=1)


def drawn(rows: Rows, width: int, encoding: str = "utf-8") -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    Console(file=file, width=width).print(rows)
    file.seek(0)
    return file.read().splitlines()


def test_every_column_gets_what_it_wishes_where_there_is_room() -> None:
    assert fit([NAME, BAR, STATE], 200) == [30, 40, 7]


def test_columns_go_in_their_order_when_room_runs_out() -> None:
    assert fit([NAME, BAR, STATE], 23) == [8, 6, 7]
    assert fit([NAME, BAR, STATE], 22)[2] == 0
    assert fit([NAME, BAR, STATE], 14)[1:] == [0, 0]


def test_a_column_without_text_takes_no_room() -> None:
    assert fit([NAME, fixed("now", [Cell(""), Cell("")]), BAR], 71) == [30, 0, 40]


@pytest.mark.parametrize("width", [1, 5, 12, 30, 50, 80, 140])
def test_no_line_is_broken_or_longer_than_the_terminal(width: int) -> None:
    names = [Cell("houses_beauty_foreground_left"), Cell("家" * 20)]
    rows = Rows([Column("layer", 40, 8), BAR, STATE], indent=2, note_indent=4)
    rows.add_header()
    for name in names:
        rows.add(name, Bar(50.0, "cyan"), Cell("running"))
        rows.add_note("The GPU ran out of memory. " * 9, "red")
    lines = drawn(rows, width)
    assert len(lines) == 5
    assert max(map(cell_len, lines)) <= width


def test_a_bar_is_full_only_at_a_hundred_percent() -> None:
    rows = Rows([Column("", 10, 10)])
    for percent in (0.0, 25.0, 99.9, 100.0, 250.0):
        rows.add(Bar(percent))
    assert drawn(rows, 10) == [
        "──────────",
        "━━╸───────",
        "━━━━━━━━━╸",
        "━━━━━━━━━━",
        "━━━━━━━━━━",
    ]


def test_a_terminal_without_line_characters_gets_plain_ones() -> None:
    rows = Rows([Column("name", 10, 4), Column("", 10, 10)])
    rows.add(Cell("houses_beauty_left"), Bar(50.0))
    assert drawn(rows, 21, "cp1252") == ["hous...eft =====-----"]


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("beauty", 6, "beauty"),
        ("houses_beauty_fg", 9, "hous…y_fg"),
        ("houses", 3, "h…s"),
        ("houses", 2, "ho"),
        ("houses", 0, ""),
        ("家家家家家家", 7, "家…家"),
    ],
)
def test_a_long_name_loses_its_middle(text: str, width: int, shown: str) -> None:
    assert shorten_middle(text, width) == shown


def test_a_long_sentence_loses_its_end() -> None:
    assert shorten_end("The GPU ran out of memory.", 8) == "The GPU…"
    assert shorten_end("The GPU ran out of memory.", 8, plain=True) == "The G..."
    assert shorten_end("家家家", 0) == ""
