"""One node of a scene and the attributes that the file stores for it.

Attributes are read from the file's blocks when they are first asked for, which fills a
cache: one thread at a time. `animation` and `layers` evaluate them.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from lrc_toolbox.scenes.attributes import children, parent_of, related, short_name
from lrc_toolbox.scenes.defaults import default_value
from lrc_toolbox.scenes.storage import AttributeBlock, FaceWord, Stored
from lrc_toolbox.scenes.values import DynamicAttribute, Value, split_index


class Plug(NamedTuple):
    """One end of a connection: a node and the attribute by its short name."""

    node: Node
    attr: str


class NumberRange(NamedTuple):
    """One stored range of an array attribute.

    Attributes:
        first: index of the first element.
        last: index of the last element, included.
        numbers: the elements one after another, each as wide as the attribute says.
    """

    first: int
    last: int
    numbers: array[float]


_Item = TypeVar("_Item")


def _with(items: Sequence[_Item], new: _Item) -> list[_Item]:
    """A list with one more; the same list where it is one already."""
    if isinstance(items, list):
        items.append(new)
        return items
    return [*items, new]


class Node:
    """One node: its type, its place and its stored attributes.

    Attribute names may be given short (`t`, `tx`, `fl`) or long (`translate`,
    `translateX`, `focalLength`) where the long name is known, without a leading dot.
    A child of a compound is found in the compound (`tx` in `.t`) and the other way.

    Attributes:
        type: Maya's node type; for a default node that the file only selects
            (`:time1`), the type Maya gives it, or empty where unknown.
        name: without the leading `:` of the root namespace; not unique in the DAG.
        shared: created with `-s`, as Maya's start-up cameras are.
        parents: DAG parents; several through instancing, none for the world or for a
            node outside the DAG.
        children: DAG children in file order, instances included.
    """

    __slots__ = (
        "_adding",
        "_blocks",
        "_dynamic",
        "_stored_values",
        "children",
        "incoming",
        "name",
        "outgoing",
        "parents",
        "shared",
        "type",
    )

    def __init__(self, node_type: str, name: str, *, shared: bool = False) -> None:
        self.type = node_type
        self.name = name
        self.shared = shared
        # Most nodes of a big scene lack one of these: no list is made for that.
        self.parents: Sequence[Node] = ()
        self.children: Sequence[Node] = ()
        #: own attribute -> what feeds it; several only where the file said `-na`.
        self.incoming: dict[str, list[Plug]] = {}
        #: own attribute -> what it feeds.
        self.outgoing: dict[str, list[Plug]] = {}
        self._blocks: Sequence[AttributeBlock] = ()
        self._adding = False
        self._stored_values: dict[str, list[Stored]] | None = None
        self._dynamic: dict[str, DynamicAttribute] | None = None

    def __repr__(self) -> str:
        return f"<Node {self.type} {self.name}>"

    def add_block(self, block: AttributeBlock) -> None:
        """Take what another place of the file says about the node; read when needed."""
        self._blocks = _with(self._blocks, block)
        self._adding = self._adding or block.adds()
        self._stored_values = self._dynamic = None

    def hang(self, above: Node) -> None:
        """Put it under a parent, beside those that it has."""
        self.parents = _with(self.parents, above)
        above.children = _with(above.children, self)

    def unhang(self) -> None:
        """Take it from all its parents."""
        for above in self.parents:
            above.children = list(above.children)
            above.children.remove(self)
        self.parents = []

    def short(self, attr: str) -> str:
        """The short form of an attribute's name, this node's own additions included."""
        own = self._own_attributes().get(attr) if self._adding else None
        if own is not None:
            return own.short
        return short_name(self.type, attr)

    def dynamic(self, attr: str) -> DynamicAttribute | None:
        """What `addAttr` said about an attribute; None where it is no added one."""
        return self._own_attributes().get(attr)

    def _own_attributes(self) -> dict[str, DynamicAttribute]:
        """Added attributes by their short and by their long names."""
        if self._dynamic is None:
            self._dynamic = {}
            for block in self._blocks if self._adding else ():
                for added in block.added():
                    self._dynamic[added.short] = self._dynamic[added.long] = added
        return self._dynamic

    def get(self, attr: str, default: Value | None = None) -> Value | None:
        """The stored value, else `default`, else Maya's default where it is known."""
        attr = self.short(attr)
        value = None
        # Most questions are about what the file leaves at its default.
        if self.stores_any(related(self.type, attr)):
            value = self._stored(attr)
            if value is None:
                value = self._compound(attr, default)
            if value is None:
                value = self._from_parent(attr)
        if value is None:
            value = default
        return self._default(attr) if value is None else value

    def number(self, attr: str, default: float | None = None) -> float:
        """`get` as a float; bool counts as 0 and 1; 0.0 where nothing is known."""
        return as_number(self.get(attr, default))

    def integer(self, attr: str, default: int | None = None) -> int:
        """`get` as a whole number; what is no finite number counts as 0."""
        return as_integer(self.get(attr, default))

    def flag(self, attr: str, default: bool | None = None) -> bool:
        """`get` as a bool; False where nothing is known."""
        return bool(as_number(self.get(attr, default)))

    def text(self, attr: str, default: str | None = None) -> str:
        """`get` as text; empty where nothing is known."""
        value = self.get(attr, default)
        return value if isinstance(value, str) else default or ""

    def vector(
        self, attr: str, default: tuple[float, ...] | None = None
    ) -> tuple[float, ...]:
        """`get` as numbers: `t` gives three even where only `.tx` is stored."""
        return as_vector(self.get(attr, default))

    def has(self, attr: str) -> bool:
        """True if the file stores a value for it, or for a child of it."""
        attr = self.short(attr)
        return self._stored(attr) is not None or any(
            self._stored(child) is not None for child in children(self.type, attr)
        )

    def stores_any(self, attrs: frozenset[str]) -> bool:
        """True if the file stores one of these, given by their short names."""
        return not self._read().keys().isdisjoint(attrs)

    def numbers(self, attr: str) -> array[float]:
        """All numbers of an array attribute (`vt`, `ktv`, `pt`), in index order.

        Statements over several ranges are merged. Element width is not known here:
        `vt` gives x y z x y z, `ktv` time value time value. `uvst[0].uvsp` works too.

        Raises:
            ValueError: a mesh of a `.mb` file claims more than its block holds.
        """
        merged = array("d")
        for stored in self._ranges(attr):
            merged.extend(stored.value.numbers())
        return merged

    def faces(self, attr: str) -> Iterator[FaceWord]:
        """The words of a mesh's face list, all ranges in index order.

        Raises:
            ValueError: something else is stored.
        """
        for stored in self._ranges(attr):
            yield from stored.value.faces()

    def pieces(self, attr: str) -> list[NumberRange]:
        """The numbers of an array attribute piece by piece, for sparse arrays.

        Raises:
            ValueError: as `numbers` does.
        """
        return [
            NumberRange(
                max(stored.first, 0), max(stored.last, 0), stored.value.numbers()
            )
            for stored in self._ranges(attr)
        ]

    def _ranges(self, attr: str) -> list[Stored]:
        """The stored pieces of an array attribute, ordered by first index.

        Of two statements on the same range the later one counts.
        """
        found: dict[tuple[int, int], Stored] = {}
        for stored in self._read().get(self.short(attr), ()):
            if not stored.value.empty():
                found[max(stored.first, 0), max(stored.last, 0)] = stored
        return [found[span] for span in sorted(found)]

    def attributes(self) -> list[str]:
        """Short names of all stored attributes, without dot and last index."""
        return list(self._read())

    def _read(self) -> dict[str, list[Stored]]:
        """What the blocks store, their names read once."""
        if self._stored_values is None:
            self._stored_values = {}
            for block in self._blocks:
                for stored in block.stored():
                    attr = self.short(stored.attr)
                    self._stored_values.setdefault(attr, []).append(stored)
        return self._stored_values

    def _stored(self, attr: str) -> Value | None:
        values = self._read()
        for stored in reversed(values.get(attr, ())):
            value = stored.value.read()
            if value is not None:
                return value
        base, index, _ = split_index(attr) if attr.endswith("]") else ("", -1, -1)
        for stored in reversed(values.get(base, ())):
            if stored.first <= index <= stored.last:
                value = stored.value.read()
                if value is not None:
                    return _element(value, index - stored.first, stored)
        return None

    def _compound(self, attr: str, default: Value | None) -> Value | None:
        """A compound put together from the children that are stored."""
        names = children(self.type, attr)
        parts = [self._stored(name) for name in names]
        if all(part is None for part in parts):
            return None
        rest = default_value(self.type, attr) if default is None else default
        base = as_vector(rest) or (0.0,) * len(names)
        return tuple(
            base[place] if part is None else as_number(part)
            for place, part in enumerate(parts)
        )

    def _from_parent(self, attr: str) -> Value | None:
        """A child's value out of its compound, where that is stored."""
        found = parent_of(self.type, attr)
        if found is None:
            return None
        parent, place = found
        value = self._stored(parent)
        if isinstance(value, tuple) and place < len(value):
            return value[place]
        return None

    def _default(self, attr: str) -> Value | None:
        """Maya's default, or what `addAttr` said; None where neither is known."""
        value = default_value(self.type, attr)
        if value is None and (added := self.dynamic(attr)):
            return added.default
        found = parent_of(self.type, attr) if value is None else None
        if found is not None:
            whole = default_value(self.type, found[0])
            if isinstance(whole, tuple) and found[1] < len(whole):
                return whole[found[1]]
        return value


def _element(value: Value, place: int, stored: Stored) -> Value:
    """One element of a range that was given in one statement."""
    if not isinstance(value, tuple):
        return value
    width = max(1, len(value) // (stored.last - stored.first + 1))
    part = value[place * width : (place + 1) * width]
    return part[0] if width == 1 and part else part


def as_number(value: Value | None) -> float:
    """A value as a float: the first of several, 0.0 where there is none."""
    if isinstance(value, tuple):
        value = value[0] if value else None
    return float(value) if isinstance(value, int | float) else 0.0


def as_integer(value: Value | None) -> int:
    """A value as a whole number; 0 where it is none or not finite."""
    number = as_number(value)
    return int(number) if math.isfinite(number) else 0


def as_vector(value: Value | None) -> tuple[float, ...]:
    """A value as numbers; text and nothing give none."""
    if isinstance(value, tuple):
        return tuple(float(part) for part in value if isinstance(part, int | float))
    return (float(value),) if isinstance(value, int | float) else ()
