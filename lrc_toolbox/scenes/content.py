"""What a scene is rendered from: its own content, and the files that it names.

The scene's content is read whole; of other files, which may be terabytes, size and time
of change stand for their content. Any thread; takes as long as reading takes. `python
-m lrc_toolbox.scenes.content COPY SCENE` prints `named_files` as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.scenes.external_files import names_files, read_files
from lrc_toolbox.scenes.following import list_references
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.numbered_files import read_pattern
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.scene_read_error import SceneReadError

_MAYA = (".ma", ".mb")
_CHUNK = 1024 * 1024
#: What Maya writes anew with every save: its comment with the date, and `fileInfo`
#: with a UUID and the version of the system, as files of several versions have them.
_EVERY_SAVE = (b"//", b"fileInfo ")
#: What else stands before a Maya ASCII scene begins in earnest.
_HEAD = (b"requires ", b"currentUnit ", b"\t", b" ", b"\r", b"\n")


class FileStamp(NamedTuple):
    """A file that a scene names, in one state.

    Attributes:
        path: where it is; as written in the scene where it is nowhere.
        size: in bytes; -1 where it is nowhere.
        changed_ns: when it was last changed, nanoseconds since 1970 UTC.
    """

    path: str
    size: int = -1
    changed_ns: int = 0


def content_digest(path: str | Path) -> str:
    """Make a short text of a file's content, another one for other content.

    A Maya ASCII scene that was saved again without a change keeps its own.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    with Path(path).open("rb") as stream:
        if Path(path).suffix.lower() == ".ma":
            for line in stream:
                if not line.startswith(_EVERY_SAVE):
                    digest.update(line)
                    if not line.startswith(_HEAD):
                        break
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def named_files(copy: str | Path, scene: str | Path) -> tuple[str, ...]:
    """List the files that a scene and the scenes it references name.

    Args:
        copy: the file to read; may be a copy that lies somewhere else.
        scene: where the scene itself lies, from which its paths count.

    Returns:
        Paths, and patterns for sequences and tiles; nothing of a file that is no Maya
        scene or cannot be read.
    """
    if not is_scene(scene):
        return ()
    found: dict[str, None] = {}
    read = {os.fspath(scene)}
    to_read = [(os.fspath(copy), os.fspath(scene))]
    while to_read:
        names = files_in(*to_read.pop())
        found.update(dict.fromkeys(names))
        further = [name for name in names if is_scene(name) and name not in read]
        read.update(further)
        to_read += zip(further, further, strict=True)
    return tuple(found)


def stamps(names: Iterable[str]) -> tuple[FileStamp, ...]:
    """Look at the files that `named_files` listed, each of a sequence by itself."""
    return tuple(stamp for name in names for stamp in _stamps(name))


def is_scene(path: str | Path) -> bool:
    """Say whether a path is that of a Maya scene, by its name."""
    return os.fspath(path).lower().endswith(_MAYA)


def files_in(copy: str | Path, scene: str | Path) -> tuple[str, ...]:
    """List the files that a scene names itself; see `named_files`."""
    return tuple(dict.fromkeys(_names_in(copy, scene)))


def _names_in(copy: str | Path, scene: str | Path) -> Iterator[str]:
    try:
        graph = read_scene(copy, partial=True, wanted=names_files)
    except SceneReadError:
        return
    places = Places(scene)
    for reference in list_references(graph, places).references:
        yield reference.found or reference.path
    for file in read_files(graph, places):
        yield file.resolved or file.path


def _stamps(name: str) -> Iterator[FileStamp]:
    pattern = read_pattern(name)
    if pattern is None or os.path.exists(name):  # noqa: PTH110 - half as slow
        yield _stamp(name)
        return
    try:
        names = sorted(os.listdir(pattern.folder or "."))  # noqa: PTH208
    except OSError:
        names = []
    for one in names:
        if pattern.expression.fullmatch(one):
            yield _stamp(pattern.folder + one)


def _stamp(path: str) -> FileStamp:
    try:
        seen = os.stat(path)  # noqa: PTH116 - half the time of Path.stat
    except OSError:
        return FileStamp(path)
    return FileStamp(path, seen.st_size, seen.st_mtime_ns)


if __name__ == "__main__":
    json.dump(named_files(sys.argv[1], sys.argv[2]), sys.stdout)
