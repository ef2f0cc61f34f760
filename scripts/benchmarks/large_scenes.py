"""Big Maya ASCII scenes to measure with, made of real ones at run time.

Takes the scenes that lie in ``../shared/scenes`` where they are there, else the example
of the documents, and repeats their nodes and connections under new names until the file
has its size: a valid scene with the mixture of statements that real ones have. Maya
binary is ``large_binary_scenes``'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED_SCENES = ROOT.parent / "shared" / "scenes"
EXAMPLE = ROOT / "docs" / "examples" / "rocket.ma"

_MEGABYTE = 1_000_000
_FIRST_NODE = re.compile(r"^createNode ", re.MULTILINE)
_FIRST_SELECTION = re.compile(r"^select -ne ", re.MULTILINE)
_FIRST_CONNECTION = re.compile(r"^connectAttr ", re.MULTILINE)
_CREATION = re.compile(r"^createNode [^;]*;", re.MULTILINE)
_CONNECTION = re.compile(r"^(?:connectAttr|parent) [^;]*;", re.MULTILINE)
_NAME = re.compile(r'-(?:n|p|name|parent) "([^"]*)"')
_PLUG = re.compile(r'"([^"]*)"')
#: Anything up to a semicolon that stands in no string.
_STATEMENT = re.compile(r'(?:[^";]|"(?:[^"\\]|\\.)*")*;', re.DOTALL)
_CODESET = re.compile(rb"^//Codeset:\s*(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class LargeScene:
    """A scene that was written to be measured.

    Attributes:
        path: the file.
        size: in bytes.
        nodes: how many it creates.
        largest: bytes of its largest statement, or of its largest chunk.
        made_from: which files its parts come from, for a person.
    """

    path: Path
    size: int
    nodes: int
    largest: int
    made_from: str

    @property
    def megabytes(self) -> float:
        """Its size in units of a million bytes."""
        return self.size / _MEGABYTE


class _Part:
    """One real scene, cut where the names of its nodes begin."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        declared = _CODESET.search(data)
        codec = f"cp{declared.group(1).decode()}" if declared else "utf-8"
        text = data.decode(codec).replace("\r\n", "\n")
        first = _place(_FIRST_NODE, text, 0)
        selection = _place(_FIRST_SELECTION, text, first)
        connection = _place(_FIRST_CONNECTION, text, selection)
        self.header = text[:first].encode()
        self.selections = text[selection:connection].encode()
        body = text[first:selection]
        links = "\n".join(_CONNECTION.findall(text[connection:])) + "\n"
        self.nodes = len(_CREATION.findall(body))
        self.body = _cut(body, _name_starts(body, _CREATION, _NAME))
        self.links = _cut(links, _name_starts(links, _CONNECTION, _PLUG))
        self.size = sum(map(len, self.body)) + sum(map(len, self.links))
        self.largest = max(len(found[0]) for found in _STATEMENT.finditer(body))


def _place(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.search(text, start)
    return found.start() if found else len(text)


def _name_starts(
    text: str, statement: re.Pattern[str], name: re.Pattern[str]
) -> Iterator[int]:
    """Where a prefix goes, so that the node gets a name of its own.

    Before each part of a path; not before `:time1` and the like, which Maya has once.
    """
    for found in statement.finditer(text):
        for quoted in name.finditer(text, found.start(), found.end()):
            path = quoted.group(1).partition(".")[0]
            start = quoted.start(1)
            for part in path.split("|"):
                if part and not part.startswith(":"):
                    yield start
                start += len(part) + 1


def _cut(text: str, places: Iterator[int]) -> list[bytes]:
    pieces: list[bytes] = []
    last = 0
    for place in places:
        pieces.append(text[last:place].encode())
        last = place
    pieces.append(text[last:].encode())
    return pieces


def real_scenes(pattern: str = "*.ma") -> list[Path]:
    """The real scenes beside the checkout; none where they are absent."""
    return sorted(SHARED_SCENES.glob(pattern))


def write_ascii_scene(
    path: Path, size: int, *, largest_part: int | None = None
) -> LargeScene:
    """Writes a scene of at least this many bytes.

    Args:
        path: the file to write.
        size: in bytes; as many copies of all parts as are needed.
        largest_part: leave out real scenes that are larger than this.
    """
    sources = [
        source
        for source in real_scenes() or [EXAMPLE]
        if largest_part is None or source.stat().st_size <= largest_part
    ]
    parts = [_Part(source) for source in sources]
    rounds = -(-size // sum(part.size for part in parts))
    with path.open("wb") as file:
        file.write(_header(parts[0]))
        for prefix, part in _copies(parts, rounds):
            file.write(prefix.join(part.body))
        file.write(parts[0].selections)
        for prefix, part in _copies(parts, rounds):
            file.write(prefix.join(part.links))
        file.write(b"// End of %s\n" % path.name.encode())
        written = file.tell()
    return LargeScene(
        path,
        written,
        rounds * sum(part.nodes for part in parts),
        max(part.largest for part in parts),
        f"{rounds} x {', '.join(source.name for source in sources)}",
    )


def _header(part: _Part) -> bytes:
    """The first part's header; all parts are written in UTF-8."""
    return re.sub(rb"(?m)^//Codeset:.*$", b"//Codeset: UTF-8", part.header)


def _copies(parts: list[_Part], rounds: int) -> Iterator[tuple[bytes, _Part]]:
    """Every copy and what its names begin with: the very first has its own names."""
    for number in range(rounds):
        for place, part in enumerate(parts):
            yield (b"r%dp%d_" % (number, place) if number or place else b""), part


def write_single_statement(path: Path, size: int) -> LargeScene:
    """Writes a scene of which nearly all is one `setAttr` with very many numbers."""
    line = b"\n\t\t" + b" ".join(b"%d.25 -0.%d 1e-%d" % (n, n, n) for n in range(40))
    lines = max(1, size // len(line))
    with path.open("wb") as file:
        file.write(b"//Maya ASCII 2025 scene\n//Codeset: UTF-8\n")
        file.write(b'requires maya "2025";\ncreateNode mesh -n "heavy";\n')
        start = file.tell()
        file.write(b'\tsetAttr ".vt[0:%d]"' % (40 * lines - 1))
        for _ in range(lines):
            file.write(line)
        file.write(b";\n")
        largest = file.tell() - start
        file.write(b'createNode camera -n "cameraShape1";\n')
        file.write(b"// End of heavy.ma\n")
        written = file.tell()
    return LargeScene(path, written, 2, largest, "one statement of numbers")
