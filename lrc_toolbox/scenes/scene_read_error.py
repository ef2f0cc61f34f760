"""The error of every reader of scenes: what is wrong with which file, and where."""

from __future__ import annotations

from pathlib import Path

from lrc_toolbox.jobs.errors import LrcError


class SceneReadError(LrcError):
    """A file cannot be read as a Maya scene.

    Attributes:
        path: the file.
        problem: what is wrong with it, without the place.
        line: 1-based line of the trouble; None where no line has a meaning.
        position: character offset of the trouble; None likewise.
    """

    def __init__(
        self,
        path: str | Path,
        problem: str,
        *,
        line: int | None = None,
        position: int | None = None,
        remedy: str = "",
    ) -> None:
        place = f"{path}" if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {problem}.", remedy=remedy)
        self.path = str(path)
        self.problem = problem
        self.line = line
        self.position = position

    @property
    def detail(self) -> str:
        """What is wrong and on which line, where the file is known already."""
        place = "" if self.line is None else f"line {self.line}: "
        return f"{place}{self.problem}"
