r"""Attribute values as Maya binary stores them: `storage` over payloads of chunks.

Small payloads are kept; large ones, geometry above all, stay in the file and are read
when they are asked for. Values come out as in Maya ASCII: times are frames, angles are
degrees. Any thread.

Sources: SCENES.md of this project and files of Maya 8.5, 2019 and 2023. A payload is
`name\0`, a byte of flags and the value; flag 8 means that the array's size follows and
no value.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.scenes.binary_meshes import MeshPayload
from lrc_toolbox.scenes.maya_binary import Format
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.storage import FaceWord, Stored
from lrc_toolbox.scenes.values import DynamicAttribute, Value, split_index

#: A payload up to here is kept in memory.
HELD_BYTES = 4096
#: Names end within so many bytes.
_NAME_BYTES = 1024
_ARRAY_SIZE = 8
_FLOATS = {b"FLT2": "f", b"FLT3": "f", b"FLT4": "f"}
_TEXTS = frozenset((b"STR ", b"STR#"))
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


class Timing(NamedTuple):
    """How a file counts time.

    Attributes:
        ticks: a second; 6000 until Maya 2016, then as the file says.
        wide: times have eight bytes, else four.
        fps: frames per second.
        turn: from radians to the scene's unit of angles.
    """

    ticks: float = 6000.0
    wide: bool = False
    fps: float = 24.0
    turn: float = math.degrees(1.0)

    def frames(self, ticks: int) -> float:
        """Ticks as frames."""
        return ticks / self.ticks * self.fps


class Payload(NamedTuple):
    """The bytes of one chunk, or where they stand.

    Attributes:
        path: the file.
        start: offset of the payload.
        end: offset behind it.
        changed_ns: when the file was last changed, as it was read.
        file_size: its size then.
        held: the bytes; None where they stay in the file.
    """

    path: str
    start: int
    end: int
    changed_ns: int
    file_size: int
    held: bytes | None = None

    def data(self) -> bytes:
        """The bytes.

        Raises:
            SceneReadError: the file was changed or went away since it was read.
        """
        if self.held is not None:
            return self.held
        try:
            status = Path(self.path).stat()
            if (status.st_size, status.st_mtime_ns) != (
                self.file_size,
                self.changed_ns,
            ):
                raise SceneReadError(
                    self.path,
                    "it was changed while it was read",
                    remedy="Try again when the scene is saved.",
                )
            with Path(self.path).open("rb") as stream:
                stream.seek(self.start)
                return stream.read(self.end - self.start)
        except OSError as error:
            reason = error.strerror or str(error)
            raise SceneReadError(
                self.path, f"cannot be read: {reason}", remedy="Check the disk."
            ) from error


class BinaryChunk(NamedTuple):
    """One attribute chunk of a node: its tag, its first bytes and its payload."""

    tag: bytes
    head: bytes
    payload: Payload


class HeldGroup:
    """A small group whose bytes are kept whole; proved by `BinaryFile.leaves`."""

    __slots__ = ("_data", "_format", "_path")

    def __init__(self, path: str, data: bytes, layout: Format) -> None:
        """Take the bytes of a group's chunks, which came from this file."""
        self._path = path
        self._data = data
        self._format = layout

    def holds(self, tag: bytes) -> bool:
        """True if these four bytes are anywhere in the group."""
        return tag in self._data

    def __iter__(self) -> Iterator[BinaryChunk]:
        """The chunks; groups inside are left out."""
        data, layout, at = self._data, self._format, 0
        while at < len(data):
            tag, size = layout.leaf.unpack_from(data, at)
            first = at + layout.header
            at = first + size
            if tag not in layout.groups:
                held = data[first:at]
                yield BinaryChunk(tag, held, Payload(self._path, 0, 0, 0, 0, held))
                at += -size % layout.alignment


class BinaryBlock:
    """The attribute chunks of one node."""

    __slots__ = ("_chunks", "_timing", "_type")

    def __init__(
        self, node_type: str, chunks: Iterable[BinaryChunk], timing: Timing
    ) -> None:
        """Take a block.

        Args:
            node_type: Maya's name of it; says which attributes are angles.
            chunks: as they stand in the file.
            timing: how the file counts time.
        """
        self._type = node_type
        self._chunks = chunks
        self._timing = timing

    def stored(self) -> Iterator[Stored]:
        """What is stored, in file order."""
        for tag, head, payload in self._chunks:
            name, zero, rest = head.partition(b"\0")
            if not zero or tag in (b"FLGS", b"ATTR", b"CREA", b"SLCT") or not rest:
                continue
            if rest[0] & _ARRAY_SIZE:
                continue
            attr, first, last = split_index(name.decode("utf-8", "replace"))
            skip = len(name) + 2
            if tag == b"MESH":
                yield from MeshPayload(payload.data, skip).stored()
                continue
            value = BinaryValue(tag, payload, skip, self._fixing(attr))
            yield Stored(attr, first, last, value)

    def adds(self) -> bool:
        """True if a chunk adds an attribute, or if the bytes only look like it."""
        if isinstance(self._chunks, HeldGroup):
            return self._chunks.holds(b"ATTR")
        return any(chunk.tag == b"ATTR" for chunk in self._chunks)

    def added(self) -> Iterator[DynamicAttribute]:
        """The attributes that the file adds to the node."""
        for tag, _, payload in self._chunks:
            added = _read_added(payload.data()) if tag == b"ATTR" else None
            if added is not None:
                yield added

    def _fixing(self, attr: str) -> Callable[[bytes], array[float]]:
        """How the numbers of this attribute become those of Maya ASCII."""
        timing = self._timing
        if attr == "ktv" and self._type.startswith("animCurve"):
            turn = timing.turn if self._type.endswith("A") else 1.0
            if self._type.startswith("animCurveT"):
                return lambda data: _keys(data, timing, turn)
            return lambda data: _scaled(_doubles(data, timing), 1.0, turn)
        if attr in _ANGLES.get(self._type, ()):
            turn = timing.turn
            return lambda data: _scaled(_doubles(data, timing), turn, turn)
        return lambda data: _doubles(data, timing)


class BinaryValue(NamedTuple):
    """The value of one chunk, unread."""

    tag: bytes
    payload: Payload
    skip: int
    doubles: Callable[[bytes], array[float]]

    def _data(self) -> bytes:
        return self.payload.data()[self.skip :]

    def read(self) -> Value | None:
        """The value; None where nothing is known of its kind."""
        if self.tag == b"STR ":
            return _text(self._data())
        if self.tag == b"STR#":
            data = self._data()[4:]
            return tuple(_text(part) for part in data.split(b"\0")[:-1])
        numbers = self.numbers()
        if not numbers:
            return None
        return numbers[0] if len(numbers) == 1 else tuple(numbers)

    def numbers(self) -> array[float]:
        """All of its numbers."""
        if self.tag in _FLOATS:
            return _big_endian("f", self._data())
        if self.tag in _WHOLE:
            return _big_endian("i", self._data())
        return self.doubles(self._data()) if self.tag in _DOUBLES else array("d")

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


def _doubles(data: bytes, timing: Timing) -> array[float]:
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


def head_bytes(size: int) -> int:
    """How much of a payload is read at once, to know its name."""
    return size if size <= HELD_BYTES else _NAME_BYTES
