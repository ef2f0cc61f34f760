"""What a file stores for a node: the form in which both file formats hand it over.

A reader gives a node blocks; a node asks its blocks for what is stored when it is first
needed. `ascii_values` and `binary_values` are the two implementations. Any thread.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from lrc_toolbox.scenes.values import DynamicAttribute, Value


class FaceWord(NamedTuple):
    """One word of a mesh's face list (`polyFaces`) with its numbers.

    Attributes:
        tag: `f` an outline, `h` a hole in it, `mu` its texture coordinates, `mc` its
            colours.
        set: which UV or colour set; -1 for outlines and holes.
        numbers: edges (`-1 - edge` where it runs backwards), or indices into the set.
    """

    tag: str
    set: int
    numbers: Sequence[int]


class StoredValue(Protocol):
    """What one statement stores, still unread."""

    def read(self) -> Value | None:
        """The value; None where the statement gives none."""
        ...

    def numbers(self) -> array[float]:
        """All of its numbers; empty where it is text."""
        ...

    def empty(self) -> bool:
        """True where the file names the attribute without a value."""
        ...

    def faces(self) -> Iterator[FaceWord]:
        """The faces of a `polyFaces` value.

        Raises:
            ValueError: it holds something else.
        """
        ...


class Stored(NamedTuple):
    """One stored value and the name it has.

    Attributes:
        attr: the attribute as the file writes it, without dot and last index.
        first: first array index; -1 where the name ends without an index.
        last: last array index, included; -1 likewise.
        value: what is stored.
    """

    attr: str
    first: int
    last: int
    value: StoredValue


class AttributeBlock(Protocol):
    """Everything that one place of the file says about a node."""

    def stored(self) -> Iterable[Stored]:
        """What is stored, in file order."""
        ...

    def adds(self) -> bool:
        """True if `added` may give anything; quick to tell."""
        ...

    def added(self) -> Iterable[DynamicAttribute]:
        """The attributes that the file adds to the node."""
        ...
