"""Where presets lie: in a Maya project, in a studio's folders, and in the user's own.

Paths only: nothing is made, and of the files only `workspace.mel` is looked at.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lrc_toolbox.running.home import Home
from lrc_toolbox.scenes.places import Places

#: Further folders with presets, separated as in PATH; the first wins.
PRESETS_VARIABLE = "LRC_PRESETS"

#: The folder beside a project's `workspace.mel`.
PROJECT_FOLDER = "lrc"

Shelf = Literal["presets", "policies"]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with the folders `presets` and `policies` in it.

    Attributes:
        kind: whose it is.
        folder: it; need not exist.
    """

    kind: Literal["project", "studio", "user"]
    folder: Path

    @property
    def base(self) -> Path | None:
        """What relative paths in it count from; None for the folder one is in."""
        return self.folder.parent if self.kind == "project" else None

    def file(self, shelf: Shelf, name: str) -> Path:
        """Where a preset of this name is, or would be."""
        return self.folder / shelf / f"{name}.json"

    def names(self, shelf: Shelf) -> list[str]:
        """The names there are, sorted; none where the folder cannot be read."""
        try:
            found = [p for p in (self.folder / shelf).iterdir() if p.suffix == ".json"]
        except OSError:
            return []
        return sorted(p.stem for p in found if not p.name.startswith("."))


def project_place(beside: Path) -> Place | None:
    """Give a project's place: that of the nearest folder with a `workspace.mel`.

    Args:
        beside: a scene, which need not exist, or a folder.
    """
    inside = beside / "_" if beside.is_dir() else beside
    project = Places(inside).project
    return None if project is None else Place("project", project / PROJECT_FOLDER)


def studio_places() -> list[Place]:
    """Give the places that `LRC_PRESETS` names."""
    named = os.environ.get(PRESETS_VARIABLE, "").split(os.pathsep)
    folders = (Path(each.strip()).expanduser() for each in named if each.strip())
    return [Place("studio", folder.absolute()) for folder in folders]


def user_place(home: Home | None = None) -> Place:
    """Give the user's own place: the state folder."""
    return Place("user", (home or Home.of()).folder)


def all_places(beside: Path | None = None, home: Home | None = None) -> list[Place]:
    """Give every place, the one that wins first.

    Args:
        beside: the scene or folder whose project counts; None for no project.
        home: the state folder, if not the usual one.
    """
    project = None if beside is None else project_place(beside)
    first = [] if project is None else [project]
    return [*first, *studio_places(), user_place(home)]
