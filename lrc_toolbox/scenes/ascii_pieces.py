"""A Maya ASCII file as a stream of pieces: nodes, runs of connections, statements.

Maya begins every statement that is no attribute at the start of a line, so a search for
such lines finds the nodes without looking into them. Each find is checked: where quotes
stay open or a statement hides inside another, the piece is cut statement by statement.
Memory is one window, whatever the size of the file. Any thread.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lrc_toolbox.scenes.maya_ascii import check_head, codeset_of, open_scene, statements
from lrc_toolbox.scenes.scene_read_error import SceneReadError

#: How much is read at a time; it fits a core's cache.
_WINDOW = 1 << 20
#: A piece that is longer is followed through the file without being kept.
_LONGEST = 8 << 20
#: Enough of such a piece to know its node.
_HEAD = 65_536

#: Ends of statements behind which something else comes than the next attribute or the
#: next connection as Maya writes them.
_TURN = re.compile(
    rb";(?!\r?\n(?:\tsetAttr (?:\"\.|-)|connectAttr ))"
    # A piece begins at the start of a line; only this has the group.
    rb"(?:\r?\n(?=[A-Za-z/])()"
    # A statement hides inside a piece: Maya writes none there, or not so; people do.
    rb"|\s*(?:/|createNode|select|parent|connectAttr|disconnectAttr|currentUnit"
    rb"|requires|file|relationship|setAttr(?! (?:\"\.|-))))"
)
_COMMENTS = re.compile(rb"(?://[^\n]*\n\s*)+")
_COMMENT_OR_STRING = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"|//[^\r\n]*|/\*.*?\*/', re.DOTALL
)
_AFTER_LAST = re.compile(rb"(?:[\s;]+|//[^\r\n]*)*")


class Piece(NamedTuple):
    """One piece of the file.

    Attributes:
        data: its bytes; only the first ones where it is not `whole`.
        start: its place in the file in bytes.
        end: where it ends.
        whole: `data` is all of it.
        connections: it is a run of `connectAttr` and nothing else.
        statements: keyword and text of each, where the piece had to be cut; None for a
            node with its attributes.
    """

    data: bytes
    start: int
    end: int
    whole: bool = True
    connections: bool = False
    statements: list[tuple[str, str]] | None = None


class Pieces:
    """Iterates once over a file's pieces; the facts are complete when it has ended.

    Attributes:
        codec: Python's name of the encoding.
        codeset: as the file declares it.
        head: the beginning of the file.
        size: of the file in bytes.
        non_ascii: characters beyond ASCII met so far.
        complete: the comment that Maya ends a file with was there.
    """

    def __init__(self, path: str | Path) -> None:
        """Look at the beginning.

        Raises:
            SceneReadError: the file can't be read or is no Maya ASCII scene.
        """
        self.path = path
        with open_scene(path) as stream:
            head = stream.read(_HEAD)
            self.codec = check_head(path, head)
            self.size = stream.seek(0, 2)
        self.codeset = codeset_of(head)
        # Editors put a byte order mark before UTF-8; Maya does not.
        self._begin = 3 if head.startswith(b"\xef\xbb\xbf") else 0
        self.head = head[self._begin :].decode(self.codec, errors="replace")
        self.non_ascii = 0
        self.complete = False

    def __iter__(self) -> Iterator[Piece]:
        """Yield the pieces.

        Raises:
            SceneReadError: the file ends inside a statement, or holds binary data.
        """
        with open_scene(self.path) as stream:
            stream.seek(self._begin)
            base, rest, last = self._begin, b"", False
            while not last:
                chunk = stream.read(_WINDOW)
                last = not chunk
                self._look_at(chunk, base + len(rest))
                data = rest + chunk
                found = self._window(data, base, last)
                yield from found
                used = found[-1].end - base if found else 0
                base, rest = base + used, data[used:]
                if len(rest) > _LONGEST:
                    piece = self._long(stream, rest, base)
                    yield piece
                    base, rest = piece.end, b""

    def cut(self, piece: bytes, offset: int) -> list[tuple[str, str]]:
        """Keyword and text of each statement of a piece.

        Args:
            piece: bytes of the file.
            offset: where they stand in it.

        Raises:
            SceneReadError: they end inside a statement.
        """
        text = piece.decode(self.codec, errors="replace")
        try:
            return list(cut_statements(text, self.path))
        except SceneReadError as error:
            before = text[: error.position or 0].encode(self.codec, errors="replace")
            raise self._damage(offset + len(before), error.problem) from error

    def _look_at(self, chunk: bytes, base: int) -> None:
        """Count what is no ASCII; refuse what is no text."""
        zero = chunk.find(0)
        if zero >= 0:
            raise self._damage(base + zero, "binary data where text should be")
        if not chunk.isascii():
            text = chunk.decode(self.codec, errors="ignore")
            self.non_ascii += len(text) - len(text.encode("ascii", "ignore"))
        if chunk:
            self.complete = b"// End of" in chunk[-1000:]

    def _window(self, data: bytes, base: int, last: bool) -> list[Piece]:
        """The pieces of a window that surely end in it."""
        cuts, hidden = _turns(data)
        if last:
            cuts.append(len(data))
        else:
            _cut_run(data, cuts)
        found: list[Piece] = []
        if not cuts:
            return found
        runs = b"\nconnectAttr " in data
        start, at = 0, 0
        while at < len(cuts):
            end = cuts[at]
            at += 1
            start = min(_behind_comments(data, start), end)
            body = _begin_of_run(data, start, end) if runs else end
            piece, run = data[start:body], data[body:end]
            if (
                (last and end == len(data))
                or bisect_left(hidden, start) < bisect_left(hidden, body)
                or self._is_odd(piece)
                or (run and self._is_odd(run))
            ):
                careful, at = self._careful(data, start, base, cuts, at, last)
                if careful is None:
                    return found
                found.append(careful)
                start = careful.end - base
                continue
            if piece.startswith((b"createNode ", b"select -ne ")):
                found.append(Piece(piece, base + start, base + body))
            elif piece:
                cut = self.cut(piece, base + start)
                found.append(Piece(piece, base + start, base + body, statements=cut))
            if run:
                found.append(Piece(run, base + body, base + end, connections=True))
            start = end
        return found

    def _is_odd(self, piece: bytes) -> bool:
        """True if a string or a comment of this piece may go on behind it."""
        return _is_open(piece, self.codec) or (
            b"*" in piece and _has_block_comment(piece)
        )

    def _careful(
        self, data: bytes, start: int, base: int, cuts: list[int], at: int, last: bool
    ) -> tuple[Piece | None, int]:
        """Cut a piece statement by statement, with as many after it as it takes.

        Returns:
            The piece, or None where the window ends first; how many cuts are used up.
        """
        step = 1
        while True:
            end = cuts[at - 1]
            piece = data[start:end]
            try:
                cut = self.cut(piece, base + start)
                return Piece(piece, base + start, base + end, statements=cut), at
            except SceneReadError:
                if at >= len(cuts):
                    if last:
                        raise
                    return None, at
                at = min(len(cuts), at + step)
                step *= 2

    def _long(self, stream: BinaryIO, data: bytes, base: int) -> Piece:
        """Follow a piece of many megabytes to its end without keeping it."""
        base += (skipped := _behind_comments(data, 0))
        data = data[skipped:]
        if data.find(b"createNode ", 1) >= 0:
            raise self._damage(
                base, "its statements do not begin on lines of their own"
            )
        position, tail = base + len(data), data[-1000:]
        quotes = _quotes(data)
        while chunk := _read_whole_escapes(stream):
            self._look_at(chunk, position)
            text, before = tail[-2:] + chunk, 2
            for match in _TURN.finditer(text):
                if not match.lastindex:
                    continue
                inside = _quotes(text[before : match.end()])
                if (quotes + inside) % 2 == 0:
                    end = position - 2 + match.end()
                    stream.seek(end)
                    return Piece(data[:_HEAD], base, end, whole=False)
            quotes += _quotes(chunk)
            position += len(chunk)
            tail = (tail + chunk)[-1000:]
        rest = tail[tail.rfind(b";") + 1 :] if b";" in tail else b"?"
        if quotes % 2 or not _AFTER_LAST.fullmatch(rest):
            raise self._damage(base, "the file ends inside this statement")
        return Piece(data[:_HEAD], base, position, whole=False)

    def _damage(self, position: int, problem: str) -> SceneReadError:
        """An error at a place of the file; its line is counted only now."""
        line = 1
        with open_scene(self.path) as stream:
            left = position
            while left > 0 and (chunk := stream.read(min(left, _WINDOW))):
                line += chunk.count(b"\n")
                left -= len(chunk)
        return SceneReadError(
            self.path,
            problem,
            line=line,
            position=position,
            remedy="The file is truncated or damaged: save the scene again.",
        )


def cut_statements(text: str, path: str | Path) -> Iterator[tuple[str, str]]:
    """Keyword and text of each statement, block comments left out.

    Raises:
        SceneReadError: the text ends inside a statement.
    """
    for keyword, start, end in statements(text, path):
        yield keyword, _without_comments(text[start:end])


def _without_comments(text: str) -> str:
    """A statement with a blank for every block comment that is in no string."""
    if "/*" not in text:
        return text
    return _COMMENT_OR_STRING.sub(
        lambda found: " " if found[0].startswith("/*") else found[0], text
    )


def _behind_comments(data: bytes, start: int) -> int:
    if data.startswith(b"/", start) and (comments := _COMMENTS.match(data, start)):
        return comments.end()
    return start


def _begin_of_run(data: bytes, start: int, end: int) -> int:
    """Where the connections behind a piece begin; its end where there are none."""
    if data.startswith(b"connectAttr ", start):
        return start
    found = data.find(b"\nconnectAttr ", start, end)
    return found + 1 if found >= 0 else end


def _turns(data: bytes) -> tuple[list[int], list[int]]:
    """Where pieces begin, and where statements hide that nobody expects there."""
    cuts: list[int] = []
    hidden: list[int] = []
    for match in _TURN.finditer(data):
        if match.lastindex:
            cuts.append(match.end())
        else:
            hidden.append(match.start())
    return cuts, hidden


def _cut_run(data: bytes, cuts: list[int]) -> None:
    """Cut a long run of connections where the window ends."""
    done = cuts[-1] if cuts else 0
    for ending in (b";\nconnectAttr ", b";\r\nconnectAttr "):
        found = data.rfind(ending, done)
        if found >= 0:
            cuts.append(found + ending.index(b"c"))
            return


def _read_whole_escapes(stream: BinaryIO) -> bytes:
    """The next chunk, not ending between a backslash and what it escapes."""
    chunk = stream.read(_WINDOW)
    while chunk.endswith(b"\\") and (more := stream.read(1)):
        chunk += more
    return chunk


def _quotes(data: bytes) -> int:
    """How many quotes open or close a string."""
    if b"\\" not in data:
        return data.count(b'"')
    if b'\\\\"' in data:
        data = data.replace(b"\\\\", b"")
    return data.count(b'"') - data.count(b'\\"')


def _is_open(piece: bytes, codec: str) -> bool:
    """True if a string of this piece is still open at its end."""
    if b"\\" in piece and codec.startswith("cp9") and not piece.isascii():
        # The second byte of a double-byte character may be a backslash.
        piece = piece.decode(codec, errors="replace").encode()
    return _quotes(piece) % 2 == 1


def _has_block_comment(piece: bytes) -> bool:
    star = piece.find(b"*", 1)
    while star >= 0:
        if piece.startswith(b"/", star - 1):
            return True
        star = piece.find(b"*", star + 1)
    return False
