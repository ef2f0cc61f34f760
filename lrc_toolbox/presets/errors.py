"""What can be wrong with presets; what is wrong inside one is its own kind's error."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.nearest import did_you_mean


class PresetError(LrcError):
    """A preset's file cannot be read, written or removed.

    Attributes:
        where: the file or folder.
    """

    def __init__(self, problem: str, *, remedy: str = "", where: str = "") -> None:
        super().__init__(f"{where}: {problem}" if where else problem, remedy=remedy)
        self.where = where


class UnknownPresetError(LrcError):
    """No place has a preset with this name.

    Attributes:
        name: the name asked for.
        folders: where it was looked for.
    """

    def __init__(
        self, noun: str, name: str, known: Iterable[str], folders: Iterable[Path]
    ) -> None:
        self.name = name
        self.folders = tuple(folders)
        looked = f"It was looked for in {', '.join(map(str, self.folders))}."
        remedy = did_you_mean(name, known) or looked
        super().__init__(f'There is no {noun} "{name}".', remedy=remedy)


class PresetNameError(LrcError):
    """A name that no file can have on every system.

    Attributes:
        name: it.
    """

    def __init__(self, name: str) -> None:
        remedy = (
            "Use letters, digits, blanks and any of . _ + - and begin with a letter"
        )
        super().__init__(f'"{name}" cannot name a preset.', remedy=f"{remedy}.")
        self.name = name


class PresetExistsError(LrcError):
    """There is a preset with this name already.

    Attributes:
        path: its file.
    """

    def __init__(self, name: str, path: Path) -> None:
        remedy = "Give it another name, or replace it: --replace, replace=True."
        super().__init__(f'There is a preset "{name}" already: {path}.', remedy=remedy)
        self.path = path
