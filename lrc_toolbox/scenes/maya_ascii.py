"""The text of a Maya ASCII file, cut into its statements.

Decodes by the declared codeset and finds where each statement begins and ends. What the
statements mean is `graph`'s matter. Any thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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


class Statement(NamedTuple):
    """One statement of the file, as offsets into its text.

    Attributes:
        keyword: its first word, e.g. `setAttr`.
        start: offset of what follows the keyword.
        end: offset of the closing `;`.
    """

    keyword: str
    start: int
    end: int


def read_text(path: str | Path) -> str:
    """Read a Maya ASCII file and decode it by the codeset that it declares.

    Raises:
        SceneReadError: it is missing, no regular file, unreadable, empty, binary, or
            nothing in it looks like a Maya scene.
    """
    raise NotImplementedError


def statements(text: str, path: str | Path) -> Iterator[Statement]:
    """Yield the statements of a scene's text in their order.

    Args:
        text: from `read_text`.
        path: only named in errors.

    Raises:
        SceneReadError: the last statement never ends: the file is truncated.
    """
    raise NotImplementedError
