"""A measured figure with its spread and its aim, and how figures are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One thing that was measured.

    Attributes:
        name: what, in a few words.
        value: the median, or the only measurement.
        unit: of `value`, `low`, `high` and `aim`; empty for a ratio.
        low: the smallest measurement.
        high: the largest one.
        runs: how many measurements there were.
        aim: what it should reach; None where nothing was set.
        at_least: the aim is a least value; otherwise a greatest one.
        beside: what else was seen in the same run.
    """

    name: str
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None
    runs: int = 1
    aim: float | None = None
    at_least: bool = False
    beside: str = ""

    @classmethod
    def of(
        cls,
        name: str,
        measured: Sequence[float],
        unit: str = "",
        *,
        aim: float | None = None,
        at_least: bool = False,
        beside: str = "",
    ) -> Figure:
        """Takes the median of several measurements."""
        return cls(
            name,
            median(measured),
            unit,
            min(measured),
            max(measured),
            len(measured),
            aim,
            at_least,
            beside,
        )

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None where there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def to_json(self) -> dict[str, Any]:
        """Everything of it, as JSON takes it."""
        shown = {
            key: value
            for key, value in vars(self).items()
            if value is not None and value != "" and key != "at_least"
        }
        if self.aim is not None:
            shown["aim_is"] = "at least" if self.at_least else "at most"
            shown["met"] = self.met
        return shown


def percentile(measured: Sequence[float], percent: float) -> float:
    """The measurement that so many percent of all do not exceed."""
    ordered = sorted(measured)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def table(figures: Iterable[Figure]) -> list[str]:
    """Lines to read: name, value, spread, aim, and whether it is met."""
    rows = [("figure", "value", "from .. to", "runs", "aim", "")]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return [
        "  ".join(
            cell.ljust(width) if column in (0, 5) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def row_beside(figure: Figure) -> str:
    """One line while measuring goes on: the figure and what was seen beside it."""
    text = f"{figure.name}: {_shown(figure.value)} {figure.unit}".rstrip()
    return f"{text} ({figure.beside})" if figure.beside else text


def _row(figure: Figure) -> tuple[str, str, str, str, str, str]:
    spread = ""
    if figure.low is not None and figure.high is not None:
        spread = f"{_shown(figure.low)} .. {_shown(figure.high)}"
    aim = ""
    if figure.aim is not None:
        sign = ">=" if figure.at_least else "<="
        aim = f"{sign} {_shown(figure.aim)}"
    verdict = {None: "", True: "met", False: "MISSED"}[figure.met]
    value = f"{_shown(figure.value)} {figure.unit}".rstrip()
    return figure.name, value, spread, str(figure.runs), aim, verdict


def _shown(value: float) -> str:
    """Three digits that count, without an exponent."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"
