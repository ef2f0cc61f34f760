"""The text of a Maya ASCII file, cut into its statements.

Opens the file, tells its codec and finds where each statement begins and ends. What the
statements mean is `graph`'s matter. Any thread.
"""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lrc_toolbox.scenes.scene_read_error import SceneReadError

#: Statements that Maya writes at the start of a line; one of them must be there.
_MAYA_WORDS = re.compile(
    r"^\s*(?://Maya ASCII|(?:file|requires|currentUnit|fileInfo|createNode|select"
    r"|connectAttr|setAttr)\b)",
    re.MULTILINE,
)
_CODESET = re.compile(rb"^//Codeset:\s*([\w-]+)", re.MULTILINE)

#: Blanks, comments and stray semicolons between two statements.
_BETWEEN = re.compile(r"(?:[\s;]+|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
#: The common statement in one stroke: no comment and no backslash in it. The pieces
#: cannot match each other's text, so a failure costs no more than a success.
_PLAIN = re.compile(r'([A-Za-z_]\w*)([^";/\\]*(?:"[^"\\]*"[^";/\\]*)*);')
_KEYWORD = re.compile(r"[A-Za-z_]\w*")
#: Where the careful reading has to look: a string, a comment, the end.
_MARK = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|//[^\r\n]*|/\*|;|"', re.DOTALL)


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


def open_scene(path: str | Path) -> BinaryIO:
    """Open a scene file for reading.

    Raises:
        SceneReadError: it is missing, no regular file or unreadable.
    """
    file = Path(path)
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise SceneReadError(path, "this is no file", remedy="Choose a scene file.")
        return file.open("rb")
    except FileNotFoundError as error:
        raise SceneReadError(
            path, "there is no such file", remedy="Check the path."
        ) from error
    except (OSError, ValueError) as error:
        # ValueError: a NUL character inside the path itself.
        reason = getattr(error, "strerror", None) or str(error)
        raise SceneReadError(
            path, f"cannot be read: {reason}", remedy="Check its permissions."
        ) from error


def check_head(path: str | Path, head: bytes) -> str:
    """Refuse what is no Maya ASCII; give the codec of what is."""
    if not head.strip():
        raise SceneReadError(path, "the file is empty", remedy="Save the scene again.")
    _refuse_nul(path, head)
    codec = _codec(head)
    if not _MAYA_WORDS.search(head.decode(codec, errors="replace")):
        raise SceneReadError(
            path,
            "nothing in it looks like a Maya scene",
            remedy="Save it as Maya ASCII (.ma).",
        )
    return codec


def _refuse_nul(path: str | Path, data: bytes) -> None:
    """A text scene has no NUL; a damaged disk block or another format does."""
    position = data.find(0)
    if position < 0:
        return
    line = data.count(b"\n", 0, position) + 1
    raise SceneReadError(
        path,
        "binary data where text should be",
        line=line,
        position=position,
        remedy="The file is damaged or no Maya ASCII scene.",
    )


def codeset_of(head: bytes) -> str:
    """The codeset that a file declares; empty where it does not."""
    declared = _CODESET.search(head)
    return declared.group(1).decode("ascii", "replace") if declared else ""


def _codec(head: bytes) -> str:
    """The Python codec for `//Codeset: 1252`, `936`, `UTF-8`...; UTF-8 if not said."""
    name = codeset_of(head) or "utf-8"
    candidate = f"cp{name}" if name.isdigit() else name
    try:
        return codecs.lookup(candidate).name
    except LookupError:
        return "utf-8"


def statements(text: str, path: str | Path) -> Iterator[Statement]:
    """Yield the statements of a scene's text in their order.

    Args:
        text: decoded, from the first line or from between two statements.
        path: only named in errors.

    Raises:
        SceneReadError: the last statement never ends: the file is truncated; or the
            text between two statements is no MEL.
    """
    between, plain = _BETWEEN.match, _PLAIN.match
    position, end = 0, len(text)
    while True:
        gap = between(text, position)
        position = gap.end() if gap else position
        if position >= end:
            return
        match = plain(text, position)
        if match:
            position = match.end()
            yield Statement(match.group(1), match.end(1), position - 1)
            continue
        statement = _careful(text, position, path)
        position = statement.end + 1
        yield statement


def _careful(text: str, start: int, path: str | Path) -> Statement:
    """Read one statement with comments, backslashes or an open end in it."""
    keyword = _KEYWORD.match(text, start)
    if not keyword:
        raise _damage(text, start, path, "this is no Maya statement")
    position = keyword.end()
    while True:
        mark = _MARK.search(text, position)
        if mark is None or mark.group() == '"':
            raise _damage(
                text, start, path, f"the file ends inside this {keyword.group()}"
            )
        if mark.group() == ";":
            return Statement(keyword.group(), keyword.end(), mark.start())
        position = mark.end()
        if mark.group() == "/*":
            close = text.find("*/", position)
            position = len(text) if close < 0 else close + 2


def _damage(text: str, start: int, path: str | Path, problem: str) -> SceneReadError:
    return SceneReadError(
        path,
        problem,
        line=text.count("\n", 0, start) + 1,
        position=start,
        remedy="The file is truncated or damaged: save the scene again.",
    )
