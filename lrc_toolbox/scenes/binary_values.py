r"""Attribute values as Maya binary stores them: `storage` over payloads of chunks.

Values come out as in Maya ASCII: times are frames, angles are
degrees. Where the bytes are is `binary_payloads`' matter. Any thread.

Sources: SCENES.md of this project and files of Maya 8.5, 2019 and 2023. A payload is
`name\0`, a byte of flags and the value; flag 8 means that the array's size follows and
no value.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from lrc_toolbox.scenes.binary_meshes import MeshPayload
from lrc_toolbox.scenes.binary_payloads import (
    Chunks,
    Origin,
    Payload,
    Timing,
    chunks_of,
    payload_bytes,
)
from lrc_toolbox.scenes.binary_references import edit_words
from lrc_toolbox.scenes.storage import FaceWord, Stored
from lrc_toolbox.scenes.values import DynamicAttribute, Value, split_index

_ARRAY_SIZE = 8
_NO_VALUES = frozenset((b"FLGS", b"ATTR", b"CREA", b"SLCT"))
_FLOATS = frozenset((b"FLT2", b"FLT3", b"FLT4"))
_WHOLE = frozenset((b"I32#",))
_DOUBLES = frozenset(
    (b"DBLE", b"DBL2", b"DBL3", b"DBL4", b"CMPD", b"MATR", b"DBL#", b"D64#")
)
_MOST_DIGITS = struct.Struct(">q")

#: Attributes that are angles, which Maya stores in radians; by node type where the
#: same short name is something else elsewhere.
_ROTATIONS = frozenset(
    [f"{stem}{axis}" for stem in ("r", "ra", "jo") for axis in ("", "x", "y", "z")]
)
_ANGLES = {
    **dict.fromkeys(("transform", "joint", "place3dTexture", "ikHandle"), _ROTATIONS),
    "spotLight": frozenset(("ca", "pa")),
    "place2dTexture": frozenset(("rf", "r")),
    "file": frozenset(("rf", "ro")),
    "camera": frozenset(("sa", "frv")),
    "polyPlanarProj": frozenset(("ro",)),
}


class BinaryBlock:
    """The attribute chunks of one node."""

    __slots__ = ("_held", "_origin", "_type")

    def __init__(self, node_type: str, held: Chunks, origin: Origin) -> None:
        """Take a block.

        Args:
            node_type: Maya's name of it; says which attributes are angles.
            held: the chunks as they stand in the file.
            origin: the file.
        """
        self._type = node_type
        self._held = held
        self._origin = origin

    def stored(self) -> Iterator[Stored]:
        """What is stored, in file order."""
        for tag, head, payload in chunks_of(self._held, self._origin.format):
            end = head.find(b"\0")
            skip = end + 2
            if end < 0 or tag in _NO_VALUES or skip > len(head):
                continue
            if head[end + 1] & _ARRAY_SIZE:
                continue
            if tag == b"MESH":
                yield from MeshPayload(partial(payload_bytes, payload), skip).stored()
                continue
            attr = head[:end].decode("utf-8", "replace")
            first = last = -1
            if attr.endswith("]"):
                attr, first, last = split_index(attr)
            value = BinaryValue(tag, payload, skip, self._type, attr, self._origin)
            yield Stored(attr, first, last, value)

    def adds(self) -> bool:
        """True if a chunk adds an attribute, or if the bytes only look like it."""
        if isinstance(self._held, bytes):
            return b"ATTR" in self._held
        return any(chunk.tag == b"ATTR" for chunk in self._held)

    def added(self) -> Iterator[DynamicAttribute]:
        """The attributes that the file adds to the node."""
        for tag, _, payload in chunks_of(self._held, self._origin.format):
            added = _read_added(payload_bytes(payload)) if tag == b"ATTR" else None
            if added is not None:
                yield added


class BinaryValue(NamedTuple):
    """The value of one chunk, unread.

    Attributes:
        tag: what it is, e.g. `DBL3`.
        payload: all of the chunk.
        skip: bytes before the value: the name and the flags.
        type: of the node.
        attr: the attribute, without its last index.
        origin: the file.
    """

    tag: bytes
    payload: Payload
    skip: int
    type: str
    attr: str
    origin: Origin

    def _data(self) -> bytes:
        return payload_bytes(self.payload)[self.skip :]

    def read(self) -> Value | None:
        """The value; None where nothing is known of its kind."""
        if self.tag == b"STR ":
            return _text(self._data())
        if self.tag == b"STR#":
            return tuple(names_in(self._data()[4:]))
        if self.tag == b"REFE":
            return edit_words(self._data())
        numbers = self.numbers()
        if not numbers:
            return None
        return numbers[0] if len(numbers) == 1 else tuple(numbers)

    def numbers(self) -> array[float]:
        """All of its numbers; times are frames, angles are degrees."""
        tag = self.tag
        if tag in _FLOATS:
            return _big_endian("f", self._data())
        if tag in _WHOLE:
            return _big_endian("i", self._data())
        return self._doubles() if tag in _DOUBLES else array("d")

    def _doubles(self) -> array[float]:
        timing, data = self.origin.timing, self._data()
        if self.attr == "ktv" and self.type.startswith("animCurve"):
            turn = timing.turn if self.type.endswith("A") else 1.0
            if self.type.startswith("animCurveT"):
                return _keys(data, timing, turn)
            return _scaled(_numbers(data, timing), 1.0, turn)
        if self.attr in _ANGLES.get(self.type, ()):
            return _scaled(_numbers(data, timing), timing.turn, timing.turn)
        return _numbers(data, timing)

    def empty(self) -> bool:
        """False: what has no value is a chunk of another kind."""
        return False

    def faces(self) -> Iterator[FaceWord]:
        """Faces come from the mesh chunk only.

        Raises:
            ValueError: always.
        """
        raise ValueError(f"a {self.tag.decode('latin-1')} chunk holds no faces")


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode("utf-8", "replace")


def _big_endian(code: str, data: bytes) -> array[float]:
    size = struct.calcsize(f">{code}")
    count = len(data) // size
    return array("d", struct.unpack_from(f">{count}{code}", data))


def _numbers(data: bytes, timing: Timing) -> array[float]:
    """Numbers of eight bytes; four bytes alone are a time of Maya 2016 or older.

    An eight-byte time is a whole number of ticks. Read as a double it would be smaller
    than any number that a scene holds (1e-308), or not a number.
    """
    if len(data) == 4:
        return array("d", (timing.frames(*struct.unpack(">i", data)),))
    numbers = _big_endian("d", data)
    if timing.wide:
        for place, number in enumerate(numbers):
            high = data[place * 8 : place * 8 + 2]
            if (number and high == b"\0\0") or high == b"\xff\xff":
                (ticks,) = _MOST_DIGITS.unpack_from(data, place * 8)
                numbers[place] = timing.frames(ticks)
    return numbers


def _keys(data: bytes, timing: Timing, turn: float) -> array[float]:
    """Time and value of each key of a curve over time."""
    record = struct.Struct(">qd" if timing.wide else ">id")
    whole = data[: len(data) // record.size * record.size]
    numbers: array[float] = array("d")
    for ticks, value in record.iter_unpack(whole):
        numbers.append(timing.frames(ticks))
        numbers.append(value * turn)
    return numbers


def _scaled(numbers: array[float], even: float, odd: float) -> array[float]:
    return array(
        "d", (number * (odd if at % 2 else even) for at, number in enumerate(numbers))
    )


def _read_added(data: bytes) -> DynamicAttribute | None:
    """An added attribute: kind and flags, long name, short name, defaults.

    Seen: `aTYP` (text) has twelve bytes before its names with the data's type in the
    last four, others sixteen; numbers end with `DBLE` and the default.
    """
    text = data.startswith(b"aTYP")
    names = data[16:].lstrip(b"\0").split(b"\0")
    if len(names) < 2:
        return None
    long, short = (_text(name) for name in names[:2])
    mark = data.rfind(b"DBLE")
    default = 0.0
    if 0 <= mark <= len(data) - 12:
        (default,) = struct.unpack_from(">d", data, mark + 4)
    short = short or long
    return DynamicAttribute(short, long or short, None if text else default)


def names_in(data: bytes) -> list[str]:
    """The texts of a payload that end with a NUL each."""
    return [_text(part) for part in data.split(b"\0")[:-1]]
