"""Scenes that no Maya wrote: cut off, with flipped bits, lying sizes, endless nests.

Makes bytes and files only; what the readers make of them is `reading_child`'s. Every
case is the same on every machine, so that its number is enough to see it again.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

_HEADER_8 = struct.Struct(">4s4xQ")
_HEADER_4 = struct.Struct(">4sI")
_UUID = bytes(16)
_MEGABYTE = 1_000_000

SMALL_ASCII = rb"""//Maya ASCII 2025 scene
//Name: small.ma
//Codeset: 932
file -rdi 1 -ns "prop" -rfn "propRN" -op "v=0;" -typ "mayaAscii" "prop.ma";
requires maya "2025";
requires -nodeType "aiOptions" "mtoa" "5.3.0";
currentUnit -l centimeter -a degree -t film;
fileInfo "application" "maya";
createNode transform -s -n "persp";
	rename -uid "00000000-0000-0000-0000-000000000001";
	setAttr ".t" -type "double3" 28 21 28 ;
createNode camera -s -n "perspShape" -p "persp";
	setAttr -k off ".v" no;
	setAttr ".rnd" yes;
createNode transform -n "group1";
createNode mesh -n "meshShape" -p "group1";
	addAttr -ci true -sn "note" -ln "note" -dt "string";
	setAttr -s 4 ".vt[0:3]"  0 0 0 1 0 0
		1 1 0 0 1 nan;
	setAttr ".fc[0]" -type "polyFaces" f 4 0 1 2 3 mu 0 4 0 1 2 3;
	setAttr ".note" -type "string" ( "a;\"b\"\n" + "createNode mesh;" );
createNode renderLayerManager -n "renderLayerManager";
createNode renderLayer -n "defaultRenderLayer";
createNode renderSetup -n "renderSetup";
createNode renderSetupLayer -n "beauty";
createNode renderLayer -n "rs_beauty";
	setAttr ".do" 1;
createNode collection -n "all";
createNode simpleSelector -n "allSelector";
	setAttr ".pat" -type "string" "group*";
createNode file -n "wood";
	setAttr ".ftn" -type "string" "wood.<UDIM>.tif";
createNode script -n "sceneConfigurationScriptNode";
	setAttr ".b" -type "string" "playbackOptions -min 1 -max 24 -ast 1 -aet 48 ";
	setAttr ".st" 6;
select -ne :time1;
	setAttr ".o" 12;
select -ne :defaultRenderGlobals;
	setAttr ".ren" -type "string" "arnold";
	setAttr ".an" yes;
	setAttr ".ef" 24;
	setAttr ".pram" -type "string" "print 1;";
	setAttr ".ifp" -type "string" "<Scene>/<RenderLayer>";
connectAttr "renderLayerManager.rlmi[0]" "defaultRenderLayer.rlid";
connectAttr "renderLayerManager.rlmi[1]" "rs_beauty.rlid";
connectAttr "renderSetup.frl" "beauty.prv";
connectAttr "rs_beauty.msg" "beauty.lrl";
connectAttr "all.msg" "beauty.cl";
connectAttr "allSelector.c" "all.sel";
connectAttr "meshShape.iog" ":initialShadingGroup.dsm" -na;
// End of small.ma
"""


class BinaryWriter:
    """Writes Maya binary: FOR8 or, before Maya 2014, FOR4.

    Attributes:
        wide: eight bytes of size and alignment instead of four.
    """

    def __init__(self, *, wide: bool) -> None:
        self.wide = wide
        self._header = _HEADER_8 if wide else _HEADER_4

    def leaf(self, tag: bytes, data: bytes) -> bytes:
        """A chunk, filled up to the alignment."""
        fill = -len(data) % (8 if self.wide else 4)
        return self._header.pack(tag, len(data)) + data + bytes(fill)

    def group(self, form: bytes, *inner: bytes, kind: bytes = b"FOR") -> bytes:
        """A group of chunks."""
        data = form + b"".join(inner)
        tag = kind + (b"8" if self.wide else b"4")
        return self._header.pack(tag, len(data)) + data

    def open_group(self, form: bytes, size: int) -> bytes:
        """The beginning of a group that claims this size."""
        tag = b"FOR8" if self.wide else b"FOR4"
        return self._header.pack(tag, size) + form

    def node(self, form: bytes, names: bytes, *attributes: bytes) -> bytes:
        """A node group; `names` as `CREA` has them, without their flags."""
        alone = names.count(b"\0") == 1
        flags = bytes([0x80 if alone else 0])
        return self.group(form, self.leaf(b"CREA", flags + names + _UUID), *attributes)


def small_binary(*, wide: bool) -> bytes:
    """A small sound scene: a camera, a mesh, settings, connections."""
    write = BinaryWriter(wide=wide)
    leaf = write.leaf
    header = write.group(
        b"HEAD",
        leaf(b"VERS", b"2025"),
        leaf(b"LUNI", b"cm"),
        leaf(b"TUNI", b"film"),
        leaf(b"AUNI", b"deg"),
        leaf(b"TDUR", b"141120000"),
        leaf(b"FINF", b"application\0maya\0"),
        leaf(b"PLUG", b'mtoa\x005.3.0\0 -nodeType "aiOptions"\0'),
    )
    nodes = (
        write.node(
            b"XFRM", b"view\0", leaf(b"DBL3", b"t\0 " + struct.pack(">3d", 1, 2, 3))
        ),
        write.node(
            b"DCAM", b"viewShape\0view\0", leaf(b"DBLE", b"fl\0 " + _double(35))
        ),
        write.node(b"XFRM", b"hull\0"),
        write.node(
            b"DMSH",
            b"hullShape\0hull\0",
            leaf(b"FLGS", b"vt\0\x00\x00\x00\x00\x04"),
            leaf(b"MESH", b"o\0 " + _triangle()),
            leaf(b"CMPD", b"uvst[0]\0 \0\0\0\x02"),
        ),
        write.node(b"RNLM", b"renderLayerManager\0"),
        write.node(b"RNDL", b"defaultRenderLayer\0"),
        write.node(b"SCRP", b"script1\0", leaf(b"STR ", b"b\0 print 1;\0")),
    )
    settings = write.group(
        b"SLCT",
        leaf(b"SLCT", b":defaultRenderGlobals\0"),
        leaf(b"STR ", b"ren\0 arnold\0"),
        leaf(b"DBLE", b"an\0 " + _double(1)),
    )
    links = write.group(
        b"CONN",
        leaf(b"CWFL", b"\0renderLayerManager.rlmi[0]\0defaultRenderLayer.rlid\0"),
        leaf(b"CWFL", b"\x01hullShape.iog\0:initialShadingGroup.dsm\0"),
    )
    connected = write.group(b"CONS", links, kind=b"LIS")
    footer = write.group(b"HEAD", leaf(b"OBJN", b"7\0"))
    return write.group(b"Maya", header, *nodes, settings, connected, footer)


def _triangle() -> bytes:
    """Three points, three edges, one face whose last corner is marked, no UV set."""
    points = struct.pack(">I9f", 9, *range(9))
    edges = struct.pack(">I6I", 6, 0, 1, 1, 2, 2, 0)
    corners = struct.pack(">I3I", 3, 0, 1, 2 | 0x6000_0000)
    return points + edges + corners + bytes(8)


def _double(value: float) -> bytes:
    return struct.pack(">d", value)


SMALL = {
    "ma": lambda: SMALL_ASCII,
    "mb8": lambda: small_binary(wide=True),
    "mb4": lambda: small_binary(wide=False),
}  # type: dict[str, Callable[[], bytes]]


def truncated(kind: str, number: int) -> bytes:
    """The small scene's first so many bytes."""
    return SMALL[kind]()[:number]


def flipped(kind: str, number: int) -> bytes:
    """The small scene with one to eight bits or bytes changed."""
    chance = random.Random(f"{kind} {number}")
    data = bytearray(SMALL[kind]())
    for _ in range(chance.choice((1, 1, 1, 2, 4, 8))):
        place = chance.randrange(len(data))
        if chance.random() < 0.5:
            data[place] ^= 1 << chance.randrange(8)
        else:
            data[place] = chance.choice((0, 0x22, 0x3B, 0x5C, 0x7F, 0x80, 0xFF))
    return bytes(data)


def lying(kind: str, number: int) -> bytes:
    """The small scene with one size, or array bound, that is not true."""
    data = SMALL[kind]()
    lies = (0, 1, 3, 7, 2**16, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)
    lie = lies[number % len(lies)]
    place = number // len(lies)
    if kind == "ma":
        found = [at for at in range(len(data)) if data.startswith(b"[0:3]", at)]
        at = found[place % len(found)]
        return data[:at] + b"[0:%d]" % lie + data[at + 5 :]
    wide = kind == "mb8"
    sizes = [at for at in range(0, len(data) - 16, 4) if _is_tag(data[at : at + 4])]
    at = sizes[place % len(sizes)] + (8 if wide else 4)
    size = struct.pack(">Q", lie) if wide else struct.pack(">I", lie & 0xFFFFFFFF)
    return data[:at] + size + data[at + len(size) :]


def _is_tag(word: bytes) -> bool:
    return word[:3] in (b"FOR", b"LIS") or word in (
        *(b"CREA", b"DBLE", b"DBL3", b"MESH", b"STR ", b"CWFL"),
        *(b"VERS", b"FINF", b"PLUG", b"SLCT", b"FLGS", b"CMPD"),
    )


def write_nest(path: Path, kind: str, depth: int) -> None:
    """Writes a nest: groups in groups, parents in parents, open brackets."""
    if kind == "parents":
        lines = (b'createNode transform -n "n0";\n',)
        rest = (
            b'createNode transform -n "n%d" -p "n%d";\n' % (number, number - 1)
            for number in range(1, depth)
        )
        path.write_bytes(b"//Maya ASCII 2025 scene\n" + b"".join((*lines, *rest)))
    elif kind in ("{", "(", "/*"):
        value = kind.encode() * depth
        path.write_bytes(
            b'//Maya ASCII 2025 scene\ncreateNode transform -n "a";\n'
            b'\tsetAttr ".x" -type "string" ' + value + b";\n"
        )
    else:
        write = BinaryWriter(wide=kind == "mb8")
        step = len(write.open_group(b"XFRM", 0))
        head = step - 4
        groups = b"".join(
            write.open_group(b"XFRM", (depth - number) * step - head)
            for number in range(1, depth)
        )
        size = len(groups) + 4
        path.write_bytes(write.open_group(b"Maya", size) + groups)


def write_single_statement(path: Path, kind: str, size: int) -> None:
    """Writes a scene that is almost only one statement or one chunk of this size."""
    filling = b"0.5 1.25 -3e-05 " * (_MEGABYTE // 16)
    rounds = max(1, size // len(filling))
    with path.open("wb") as file:
        if kind == "mb8":
            _write_single_chunk(file.write, filling, rounds)
            return
        file.write(b'//Maya ASCII 2025 scene\ncreateNode mesh -n "heavy";\n')
        quote = b'"' if kind == "string" else b""
        file.write(b'\tsetAttr ".x" -type "string" "' if quote else b'\tsetAttr ".vt" ')
        for _ in range(rounds):
            file.write(filling)
        if kind != "endless":
            file.write(quote + b';\ncreateNode camera -n "cameraShape1";\n')


def _write_single_chunk(
    write: Callable[[bytes], int], filling: bytes, rounds: int
) -> None:
    writer = BinaryWriter(wide=True)
    before = writer.leaf(b"CREA", b"\x80heavy\0" + _UUID)
    length = 4 + len(filling) * rounds
    size = 4 + len(before) + 16 + length + -length % 8
    head = writer.group(b"HEAD", writer.leaf(b"VERS", b"2025"))
    end = writer.group(b"HEAD", writer.leaf(b"OBJN", b"1\0"))
    write(writer.open_group(b"Maya", 4 + len(head) + 16 + size + len(end)))
    write(head + writer.open_group(b"DMSH", size))
    write(before + _HEADER_8.pack(b"MESH", length) + b"o\0  ")
    for _ in range(rounds):
        write(filling)
    write(bytes(-length % 8) + end)
