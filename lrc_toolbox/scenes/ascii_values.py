"""Attribute values as Maya ASCII stores them: `storage` over pieces of text.

A block keeps the bytes of its statements, or only where they stand in the file when
they are large: geometry is read again when it is asked for. Any thread.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from lrc_toolbox.scenes.file_state import FileState
from lrc_toolbox.scenes.maya_ascii import statements
from lrc_toolbox.scenes.storage import FaceWord, Stored
from lrc_toolbox.scenes.values import (
    DynamicAttribute,
    Value,
    read_dynamic,
    read_numbers,
    read_piece,
    read_value,
)


class TextSource(Protocol):
    """Where a block's text comes from."""

    def text(self) -> str:
        """The decoded statements."""
        ...

    def adds(self) -> bool:
        """True if attributes may be added here."""
        ...


class HeldText(NamedTuple):
    """Statements that are kept in memory."""

    data: bytes
    codec: str

    def text(self) -> str:
        """The decoded statements."""
        return self.data.decode(self.codec, errors="replace")

    def adds(self) -> bool:
        """True if attributes are added here."""
        return b"addAttr" in self.data


class TextInFile(NamedTuple):
    """Statements that stay in the file until they are needed."""

    file: FileState
    start: int
    end: int
    codec: str
    adding: bool

    def adds(self) -> bool:
        """True if attributes are added here."""
        return self.adding

    def text(self) -> str:
        """The decoded statements.

        Raises:
            SceneReadError: the file was changed or went away after it was read.
        """
        data = self.file.read(self.start, self.end)
        return data.decode(self.codec, errors="replace")


class TextBlock:
    """The attribute statements of one node in one place of the file."""

    def __init__(self, source: TextSource, path: str) -> None:
        """Take a block.

        Args:
            source: its text.
            path: the file, for errors.
        """
        self._source = source
        self._path = path

    def stored(self) -> Iterator[Stored]:
        """What is stored, in file order."""
        text = self._source.text()
        for keyword, start, end in statements(text, self._path):
            if keyword == "setAttr":
                piece = read_piece(text, start, end)
                if piece is not None:
                    value = TextValue(text, piece.kind, piece.start, piece.end)
                    yield Stored(piece.attr, piece.first, piece.last, value)

    def adds(self) -> bool:
        """True if `added` may give anything."""
        return self._source.adds()

    def added(self) -> Iterator[DynamicAttribute]:
        """The attributes that the file adds to the node."""
        text = self._source.text()
        for keyword, start, end in statements(text, self._path):
            added = read_dynamic(text[start:end]) if keyword == "addAttr" else None
            if added is not None:
                yield added


class TextValue(NamedTuple):
    """The values of one `setAttr` statement, unread."""

    whole: str
    kind: str
    start: int
    end: int

    def read(self) -> Value | None:
        """The value; None where the statement gives none."""
        return read_value(self.whole[self.start : self.end], self.kind)

    def numbers(self) -> array[float]:
        """All of its numbers."""
        return read_numbers(self.whole[self.start : self.end])

    def empty(self) -> bool:
        """True where the statement has a name but no value."""
        return not self.whole[self.start : self.end].strip()

    def faces(self) -> Iterator[FaceWord]:
        """The faces of a `polyFaces` value."""
        words = self.whole[self.start : self.end].split()
        place = 0
        while place < len(words):
            tag = words[place]
            skip = 2 if tag in ("mu", "mc") else 1
            first = place + skip + 1
            count = int(words[place + skip])
            if count < 0:
                raise ValueError(f"a face list holds {count} numbers")
            numbers = [int(word) for word in words[first : first + count]]
            yield FaceWord(tag, int(words[place + 1]) if skip == 2 else -1, numbers)
            place = first + count
