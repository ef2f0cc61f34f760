r"""References as Maya binary stores them: which files, and the scene's edits of them.

`binary_scene` finds the chunks, `binary_values` the attributes. Any thread.

Source: files of Maya 2009 (FOR4) and 2020 (FOR8) in public repositories, whose chunks
stand for what the same Maya writes into `.ma` files as `file -rdi` and `file -r`:

`FRDI`: depth (four bytes), `path\0`, `namespace\0`, a byte that was 1 in every file, a
byte that is 1 for `-dr 1`, `node\0`, three bytes, `options\0`, `type\0`; `FREF`: the
same without depth and with eight bytes before the options. That the first byte says
0 for a prefix (`-rpr`) in the namespace's place is taken, not seen; what the other
bytes say is not known.

`REFE`: the words of `.ed`, each with a NUL behind it, its numbers as four bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lrc_toolbox.scenes.building import without_copy_number
from lrc_toolbox.scenes.hierarchy import Reference

#: Unknown bytes between the reference node and the options, by tag.
_UNKNOWN_BYTES = {b"FRDI": 3, b"FREF": 8}
_FILE_TYPE = re.compile(r"[\w .]{1,40}$")
_DEPTH_BYTES = 4
_MOST_DEPTH = 1_000_000
_WORD = rb"[^\0]*\0"
_PLACEHOLDER = rb"[^\0]*\.placeHolderList\[\d{1,9}\]\0"
#: Edits that move and set, then those that connect, within a reference and out of it.
_EDIT = re.compile(
    rb"\0\0\0(?:(?P<kind>[\x00\x02])(?P<words>\|%(word)s%(word)s%(word)s)"
    rb"|\x05\0\0\0(?P<reach>\x00)(?P<two>%(word)s{3}%(holder)s{2})"
    rb"|\x05\0\0\0(?P<across>[\x01-\x04])(?P<one>%(word)s{2}%(holder)s))"
    % {b"word": b"(?:%b)" % _WORD, b"holder": b"(?:%b)" % _PLACEHOLDER}
)


def read_reference(tag: bytes, data: bytes) -> Reference | None:
    """What one chunk says of a reference; None where it names no file.

    Args:
        tag: `FRDI`, or `FREF`, which does not say what is loaded.
        data: its payload.
    """
    listed = tag == b"FRDI"
    depth = int.from_bytes(data[:_DEPTH_BYTES], "big") if listed else 1
    words = data[_DEPTH_BYTES:] if listed else data
    path, _, rest = words.partition(b"\0")
    name, _, rest = rest.partition(b"\0")
    spaced, deferred, rest = rest[:1] != b"\0", rest[1:2] == b"\1", rest[2:]
    node, _, rest = rest.partition(b"\0")
    _, _, behind = rest[_UNKNOWN_BYTES[tag] :].partition(b"\0")
    file_type = _text(behind.partition(b"\0")[0])
    if not path:
        return None
    return Reference(
        path=without_copy_number(_text(path)),
        node=_text(node),
        namespace=_text(name) if spaced else "",
        prefix="" if spaced else _text(name),
        type=file_type if _FILE_TYPE.match(file_type) else "",
        loaded=not (listed and deferred),
        depth=min(max(depth, 1), _MOST_DEPTH),
    )


def edit_words(data: bytes) -> tuple[str, ...]:
    """The edits of a `REFE` payload as Maya ASCII writes them.

    Only the kinds that `reference_edits` asks for, found by how they look.
    """
    return tuple(word for match in _EDIT.finditer(data) for word in _words(match))


def _words(match: re.Match[bytes]) -> Iterator[str]:
    words = match["words"] or match["one"] or match["two"]
    numbers = match["kind"] or b"\x05" + (match["reach"] or match["across"])
    yield from map(str, numbers)
    yield from map(_text, words.split(b"\0")[:-1])


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
