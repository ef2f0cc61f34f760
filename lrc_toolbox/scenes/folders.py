"""The scenes in a folder tree: which files are ones, by their names.

Opens no file. Any thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.scenes.scene_read_error import SceneReadError

SUFFIXES = (".ma", ".mb")


class NoScenesError(LrcError):
    """There is no scene in a folder.

    Attributes:
        folder: which one.
    """

    def __init__(self, folder: str | Path) -> None:
        super().__init__(
            f"There is no Maya scene in {folder} or below it.",
            remedy="Choose a folder with .ma or .mb files.",
        )
        self.folder = str(folder)


def find_scenes(folder: str | Path) -> Iterator[Path | SceneReadError]:
    """Go through a folder tree, hidden folders included, files before folders, by name.

    Links are followed, but no folder is gone through twice: a link that leads up ends
    there.

    Yields:
        each scene, and an error for each folder that cannot be looked into.
    """
    gone_through: set[str] = set()
    waiting = [Path(folder)]
    while waiting:
        here = waiting.pop()
        place = os.path.normcase(os.path.realpath(here))
        if place in gone_through:
            continue
        gone_through.add(place)
        try:
            scenes, folders = _listed(here)
        except OSError as error:
            remedy = "Look at who may read the folder."
            why = f"the folder cannot be read: {error.strerror}"
            yield SceneReadError(here, why, remedy=remedy)
            continue
        yield from scenes
        # The last is taken first.
        waiting += reversed(folders)


def _listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """The scenes and the folders right in a folder, each by name."""
    scenes, folders = [], []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: (each.name.lower(), each.name)):
            if _is_folder(entry):
                folders.append(folder / entry.name)
            elif _is_scene(entry.name):
                scenes.append(folder / entry.name)
    return scenes, folders


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or one into a folder that may not be read
        return False


def _is_scene(name: str) -> bool:
    # macOS keeps what other disks cannot hold of shot.ma in ._shot.ma beside it.
    return name.lower().endswith(SUFFIXES) and not name.startswith("._")
