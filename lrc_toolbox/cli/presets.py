"""`lrc preset`: listing, showing, keeping and removing presets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from lrc_toolbox.cli.columns import Cell, Column, Rows, fixed
from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.submissions import naming_options
from lrc_toolbox.cli.terminal import console
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.json_files import JsonFileError, read_object
from lrc_toolbox.jobs.submission import SubmissionError
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.presets import Place, Preset, Presets
from lrc_toolbox.presets.places import project_place, user_place
from lrc_toolbox.presets.presets import remove_preset, save_preset


class NoProjectError(LrcError):
    """A folder lies in no Maya project.

    Attributes:
        folder: it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} lies in no Maya project.",
            remedy="A project is a folder with a workspace.mel; Maya makes one with "
            "File > Project Window.",
        )
        self.folder = folder


class NothingToKeepError(LrcError):
    """A preset is to be kept, and no option was typed."""

    def __init__(self) -> None:
        remedy = "Type those that it shall hold, e.g. --percent 50 --priority 80."
        super().__init__("No option was typed.", remedy=remedy)


def show_list(beside: Path | None, as_json: bool) -> ExitCode:
    """List all presets and policies that can be seen from a folder."""
    presets = Presets.beside(beside or Path.cwd())
    kept, policies = presets.found(), presets.found("policies")
    if as_json:
        shelves = {"presets": kept, "policies": policies}
        print_document(
            {name: [_row(p) for p in found] for name, found in shelves.items()}
        )
        return ExitCode.DONE
    if not kept and not policies:
        typer.echo("There is none yet. `lrc preset save NAME OPTIONS` keeps options.")
    for header, found in (("preset", kept), ("policy", policies)):
        if found:
            console().print(_table(header, found))
    return ExitCode.DONE


def show_preset(name: str, beside: Path | None) -> ExitCode:
    """Print what a preset holds.

    Raises:
        UnknownPresetError: there is no such preset.
        PresetError: its file cannot be read.
        SubmissionError: a field in it is wrong.
    """
    print_document(Presets.beside(beside or Path.cwd()).fields([name]))
    return ExitCode.DONE


def show_places(beside: Path | None, as_json: bool) -> ExitCode:
    """Print where presets are looked for."""
    places = Presets.beside(beside or Path.cwd()).places
    if as_json:
        print_document({"places": [_place(place) for place in places]})
        return ExitCode.DONE
    for place in places:
        there = "" if place.folder.is_dir() else " (not there)"
        typer.echo(f"{place.kind:7}  {printable(str(place.folder))}{there}")
    return ExitCode.DONE


def save(
    name: str,
    fields: Mapping[str, Any],
    beside: Path | None,
    *,
    replace: bool,
    as_json: bool,
) -> ExitCode:
    """Keep typed options under a name.

    Raises:
        NothingToKeepError: there are none.
        NoProjectError: it is to go into a project and there is none.
        LrcError: a field is wrong, or the file cannot be written.
    """
    if not fields:
        raise NothingToKeepError
    place = own_place(beside)
    try:
        path = save_preset(place, name, fields, replace=replace)
    except SubmissionError as error:
        raise naming_options(error, fields) from None
    return report("saved", name, path, as_json)


def remove(name: str, beside: Path | None, as_json: bool) -> ExitCode:
    """Delete a preset.

    Raises:
        UnknownPresetError: the place has none of this name.
        NoProjectError: it is to be removed from a project and there is none.
    """
    return report("removed", name, remove_preset(own_place(beside), name), as_json)


def own_place(beside: Path | None) -> Place:
    """Give the project's place, or the user's own where no folder is named.

    Raises:
        NoProjectError: the folder lies in no project.
    """
    if beside is None:
        return user_place()
    place = project_place(beside.absolute())
    if place is None:
        raise NoProjectError(beside.absolute())
    return place


def report(done: str, name: str, path: Path, as_json: bool) -> ExitCode:
    """Tell what was done to a preset."""
    if as_json:
        print_document({done: name, "path": str(path)})
    else:
        typer.echo(f"{printable(name)} is {done}: {printable(str(path))}")
    return ExitCode.DONE


def _table(header: str, found: Sequence[Preset]) -> Rows:
    rows = [_cells(preset) for preset in found]
    names, kinds, holds = zip(*rows, strict=True)
    wish = max(len(cell.text) for cell in holds)
    table = Rows(
        [fixed(header, names), fixed("where", kinds), Column("holds", wish, 10)], gap=2
    )
    table.add_header()
    for row in rows:
        table.add(*row)
    return table


def _cells(preset: Preset) -> tuple[Cell, Cell, Cell]:
    style = "dim" if preset.hidden else ""
    kind = f"{preset.place.kind} (hidden)" if preset.hidden else preset.place.kind
    try:
        held = read_object(preset.path)
        holds = ", ".join(f"{key} {_shown(value)}" for key, value in held.items())
    except (JsonFileError, FileNotFoundError) as error:
        problem = getattr(error, "problem", "The file is gone.")
        return Cell(printable(preset.name)), Cell(kind), Cell(printable(problem), "red")
    cells = (preset.name, kind, holds)
    name, where, what = (Cell(printable(text), style) for text in cells)
    return name, where, what


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _row(preset: Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "kind": preset.place.kind,
        "path": str(preset.path),
        "hidden": preset.hidden,
    }


def _place(place: Place) -> dict[str, Any]:
    there = place.folder.is_dir()
    return {"kind": place.kind, "folder": str(place.folder), "there": there}
