"""A bar of several parts and the legend that belongs to it: who holds how much.

Knows nothing of computers. Parts are told apart by colour, and where there is none by
their characters; the legend shows the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text

_EMPTY = ("─", "·", ".")


class Look(NamedTuple):
    """How a part is drawn.

    Attributes:
        style: its colour, as rich names it; empty for the part that nobody holds.
        shade: its character where there are no colours.
        letter: its character where there is only ASCII.
    """

    style: str
    shade: str
    letter: str


class Part(NamedTuple):
    """A part of a whole.

    Attributes:
        name: what the legend calls it.
        amount: how much, in any unit.
        shown: the amount as the legend writes it.
    """

    name: str
    amount: float
    shown: str
    look: Look


#: The part that nobody holds.
FREE = Look("", _EMPTY[1], _EMPTY[2])


class Ink(NamedTuple):
    """What a terminal can draw.

    Attributes:
        colours: it has colours.
        plain: it may lack all but ASCII.
    """

    colours: bool
    plain: bool

    def character(self, look: Look) -> str:
        """Choose the character that a part is drawn with."""
        if self.plain:
            return look.letter
        if not self.colours:
            return look.shade
        return "━" if look.style else _EMPTY[0]

    def style(self, look: Look) -> str:
        """Choose its style."""
        return look.style or "dim"


def bar(parts: Sequence[Part], width: int, ink: Ink) -> Text:
    """Draw parts side by side, each as long as its share, none of them lost."""
    drawn = Text(no_wrap=True)
    cells = shares([part.amount for part in parts], width)
    for part, length in zip(parts, cells, strict=True):
        drawn.append(ink.character(part.look) * length, ink.style(part.look))
    return drawn


def legend(parts: Sequence[Part], ink: Ink) -> list[Text]:
    """Name each part that has an amount: its character, its name and how much."""
    return [
        Text.assemble(
            (ink.character(part.look), ink.style(part.look)),
            (f" {part.name} ", "dim"),
            part.shown,
        )
        for part in parts
        if part.amount
    ]


def shares(amounts: Sequence[float], width: int) -> list[int]:
    """Divide cells among amounts: what is not nothing gets one at least."""
    whole = sum(amounts)
    if not whole:
        return [0 for _ in amounts]
    exact = [amount / whole * width for amount in amounts]
    cells = [max(1, int(share)) if share else 0 for share in exact]
    while sum(cells) != width:
        missing = 1 if sum(cells) < width else -1
        # What is furthest from its share gives or takes, but keeps its last cell.
        able = [n for n, count in enumerate(cells) if count + missing > 0 and exact[n]]
        if not able:
            break
        chosen = max(able, key=lambda n: missing * (exact[n] - cells[n]))
        cells[chosen] += missing
    return cells
