"""The table that `lrc inspect` prints about a folder of scenes. Pure: no disk.

A scene that could not be read has a row too, with the reason below it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from lrc_toolbox.cli.columns import Cell, Column, Rows, fixed
from lrc_toolbox.cli.scene_page import LEVEL_STYLE, file_size
from lrc_toolbox.jobs.wording import count, printable
from lrc_toolbox.scenes.findings import Finding
from lrc_toolbox.scenes.inspection import Inspection
from lrc_toolbox.scenes.preflight_frames import frames_text
from lrc_toolbox.scenes.scene_read_error import SceneReadError


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One scene of a folder, or why there is nothing to tell about it.

    Attributes:
        name: its path below the folder.
        facts: Maya version, layers, cameras, frames, renderer and size, as shown; empty
            for a scene that could not be read.
        findings: how many there are.
        worst: the worst of them; None without any.
        problem: why the scene could not be read; empty if it could.
    """

    name: str
    facts: tuple[str, ...] = ()
    findings: int = 0
    worst: Finding | None = None
    problem: str = ""


_HEADERS = ("maya", "layers", "cameras", "frames", "renderer", "size")
#: Which of them goes first in a narrow terminal.
_DROPPED = (3, 5, 2, 6, 4, 1)
_RIGHT = ("layers", "cameras", "size")
_LEAST_NAME = 20


def scene_row(folder: str, seen: Inspection | SceneReadError) -> SceneRow:
    """Keep of a scene what the table tells."""
    if isinstance(seen, SceneReadError):
        return SceneRow(_below(folder, seen.path), problem=seen.detail)
    scene, findings = seen.snapshot, seen.findings
    rendered = [layer for layer in scene.layers if layer.renderable]
    facts = (
        scene.maya_version,
        f"{len(rendered)}/{len(scene.layers)}",
        str(len({camera for layer in rendered for camera in layer.cameras})),
        frames_text(scene.frames),
        scene.renderer,
        file_size(scene.size),
    )
    worst = findings[0] if findings else None
    return SceneRow(_below(folder, scene.path), facts, len(findings), worst)


def _below(folder: str, path: str) -> str:
    return os.path.relpath(path, folder)


class FolderTable:
    """The scenes of one folder for a person to read.

    Args:
        folder: as it was typed.
        rows: one for each scene.
    """

    def __init__(self, folder: str, rows: Sequence[SceneRow]) -> None:
        self._folder = folder
        self._rows = rows

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        yield Text(printable(self._folder), "bold")
        yield self._table()
        yield Text(f"\n{self._sum()}", "dim")

    def _table(self) -> Rows:
        names = [Cell(printable(row.name)) for row in self._rows]
        worst = [_worst(row) for row in self._rows]
        longest = max(cell_len(cell.text) for cell in names)
        columns = [
            Column("scene", longest, min(longest, _LEAST_NAME)),
            *map(self._column, range(len(_HEADERS))),
            fixed("worst finding", worst),
        ]
        rows = Rows(columns, indent=2, note_indent=4)
        rows.add_header()
        for name, row, last in zip(names, self._rows, worst, strict=True):
            rows.add(name, *map(Cell, map(printable, _facts(row))), last)
            if row.problem:
                rows.add_note(row.problem, "red")
        return rows

    def _column(self, place: int) -> Column:
        cells = [Cell(printable(_facts(row)[place])) for row in self._rows]
        header = _HEADERS[place]
        right = header in _RIGHT
        return fixed(header, cells, _DROPPED[place], right=right)

    def _sum(self) -> str:
        told = [count(len(self._rows), "scene")]
        lost = sum(1 for row in self._rows if row.problem)
        spoiled = sum(1 for row in self._rows if row.worst and _is_error(row.worst))
        if spoiled:
            told.append(f"{spoiled} with errors")
        if lost:
            told.append(f"{lost} cannot be read")
        return ", ".join(told)


def _is_error(finding: Finding) -> bool:
    return finding.level == "error"


def _facts(row: SceneRow) -> tuple[str, ...]:
    return row.facts or ("",) * len(_HEADERS)


def _worst(row: SceneRow) -> Cell:
    """The worst finding by its code, which is shorter than its sentence."""
    if row.problem:
        return Cell("cannot be read", LEVEL_STYLE["error"])
    if row.worst is None:
        return Cell("")
    more = f" +{row.findings - 1}" if row.findings > 1 else ""
    what = row.worst.code.replace("_", " ")
    return Cell(f"{row.worst.level}: {what}{more}", LEVEL_STYLE[row.worst.level])
