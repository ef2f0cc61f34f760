"""`lrc inspect`: all about a scene file, or a folder of them, read without Maya."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from lrc_toolbox.cli.errors import document
from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.folder_table import FolderTable, scene_row
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.outputs_page import OutputsPage
from lrc_toolbox.cli.scene_page import ScenePage
from lrc_toolbox.cli.terminal import console, is_live
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.scenes.folders import NoScenesError, find_scenes
from lrc_toolbox.scenes.inspection import Inspection, inspect
from lrc_toolbox.scenes.scene_read_error import SceneReadError


def show_scene(
    scene: str,
    *,
    project: str | None,
    everything: bool,
    outputs: bool,
    as_json: bool,
) -> ExitCode:
    """Print what a scene offers to render and what is doubtful about it.

    Raises:
        SceneReadError: it cannot be read.
    """
    inspection = inspect(scene, project=project)
    if as_json:
        print_document(inspection.to_json())
        return ExitCode.DONE
    page = (
        OutputsPage(inspection.snapshot)
        if outputs
        else ScenePage(inspection, everything=everything)
    )
    # Paths stay whole, so that they can be copied; the terminal breaks them.
    console().print(page, soft_wrap=True)
    return ExitCode.DONE


def show_folder(folder: str, *, project: str | None, as_json: bool) -> ExitCode:
    """Print a row for each scene of a folder tree; one that cannot be read has one too.

    Raises:
        NoScenesError: there are none.
    """
    if as_json:
        scenes: list[dict[str, Any]] = []
        unreadable: list[dict[str, Any]] = []
        for seen in inspect_folder(folder, project):
            if isinstance(seen, SceneReadError):
                unreadable.append({"path": seen.path, "error": document(seen)})
            else:
                scenes.append(seen.to_json())
        found = {"folder": folder, "scenes": scenes, "unreadable": unreadable}
        print_document(found)
    else:
        # Only what is shown is kept of each: a folder may hold thousands.
        rows = [scene_row(folder, seen) for seen in inspect_folder(folder, project)]
        console().print(FolderTable(folder, rows))
    return ExitCode.DONE


def inspect_folder(
    folder: str, project: str | None
) -> Iterator[Inspection | SceneReadError]:
    """Read the scenes of a folder tree, with a bar on standard error of a terminal.

    Raises:
        NoScenesError: there are none, and no folder that cannot be looked into.
    """
    with _progress() as progress:
        looking = progress.add_task("looking for scenes", total=None)
        found = list(progress.track(find_scenes(folder), task_id=looking))
        if not found:
            raise NoScenesError(folder)
        progress.reset(looking, total=len(found))
        for each in found:
            if isinstance(each, SceneReadError):
                yield each
            else:
                progress.update(looking, description=printable(each.name))
                yield read(each, project)
            progress.advance(looking)


def read(scene: Path, project: str | None) -> Inspection | SceneReadError:
    """Read one of several scenes: that it cannot be read is an answer, too."""
    try:
        return inspect(scene, project=project)
    except SceneReadError as error:
        return error


def _progress() -> Progress:
    screen = console(error=True)
    return Progress(
        BarColumn(20),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
        console=screen,
        transient=True,
        disable=not is_live(screen),
    )
