"""Loaded references followed: finds and reads the files and offers their cameras.

Edits that the scene makes on a reference are applied where they switch a camera on or
off; all else in a referenced file is left alone. Any thread.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lrc_toolbox.scenes.cameras import camera_names, camera_snapshot
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import Reference, SceneGraph, path_name
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import CameraSnapshot, ReferenceSnapshot
from lrc_toolbox.scenes.values import number

_READ = ("", "mayaAscii", "mayaBinary")
#: Past these a chain of references is a mistake or an attack.
_DEEPEST, _MOST_FILES = 20, 500
_RENDERABLE = ("renderable", "rnd")
_SEPARATOR = re.compile(r"[|:]")


@dataclass(slots=True)
class Followed:
    """What following the references of one scene gave.

    Attributes:
        references: in file order, nested ones after their parent.
        cameras: of the references, under the names that the scene gives them.
    """

    references: list[ReferenceSnapshot] = field(default_factory=list)
    cameras: list[CameraSnapshot] = field(default_factory=list)


def reference_snapshot(reference: Reference) -> ReferenceSnapshot:
    """What the scene itself says of a reference."""
    return ReferenceSnapshot(
        path=reference.path,
        node=reference.node,
        namespace=reference.namespace,
        prefix=reference.prefix,
        type=reference.type,
        loaded=reference.loaded,
        depth=reference.depth,
    )


def follow_references(graph: SceneGraph) -> Followed:
    """Read the loaded references, and theirs, as far as they are on this disk."""
    walk = _Walk(graph)
    walk.file(graph, (), (_place(graph.path),))
    return walk.followed


def find_reference(path: str, scene: str) -> Path | None:
    """Where a reference is on this disk; None if it is nowhere.

    As written, else below the folder that holds the scene or one of those above it (the
    project among them), else beside the scene under its own name, as scenes that were
    moved together with their references need it.
    """
    text = os.path.expandvars(path).replace("\\", "/")
    folder = Path(scene).absolute().parent
    places = [Path(text)] if Path(text).is_absolute() else []
    if not places and not re.match(r"[A-Za-z]:/", text):
        places += [above / text for above in (folder, *folder.parents)]
    places.append(folder / text.rpartition("/")[2])
    for place in places:
        try:
            if place.is_file():
                return place
        except (OSError, ValueError):
            continue
    return None


def _place(path: str | Path) -> str:
    return os.path.normcase(os.path.realpath(path))


#: A name, as the file above a reference sees it.
_Rename = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Level:
    """One file on the way from the scene down to a reference."""

    graph: SceneGraph
    rename: _Rename


class _Walk:
    """One walk over the references of a scene, depth first."""

    def __init__(self, scene: SceneGraph) -> None:
        self.followed = Followed()
        self.scene = scene
        self.read: dict[str, SceneGraph | str] = {}
        self.visited = 0
        self.switches: dict[SceneGraph, dict[tuple[str, ...], bool]] = {}

    def file(
        self, graph: SceneGraph, levels: tuple[_Level, ...], above: tuple[str, ...]
    ) -> None:
        """Follow what one file refers to.

        Args:
            graph: the file.
            levels: the files above it, the scene first, with what each calls its nodes.
            above: the files that are open: one of them again is a cycle.
        """
        own = [each for each in graph.references if each.depth == 1]
        for reference in own:
            self.reference(reference, graph, levels, above)
        if levels or self.followed_deeper():
            return
        # Nested ones that this file lists, where none of them could be read.
        self.followed.references += [
            reference_snapshot(each) for each in graph.references if each.depth > 1
        ]

    def followed_deeper(self) -> bool:
        return any(each.depth > 1 for each in self.followed.references)

    def reference(
        self,
        reference: Reference,
        graph: SceneGraph,
        levels: tuple[_Level, ...],
        above: tuple[str, ...],
    ) -> None:
        said = replace(reference_snapshot(reference), depth=len(levels) + 1)
        self.visited += 1
        place = find_reference(reference.path, graph.path)
        found = str(place) if place else ""
        child = self.open(reference, place, above) if place else ""
        problem = child if isinstance(child, str) else ""
        self.followed.references.append(replace(said, found=found, problem=problem))
        if isinstance(child, SceneGraph) and place:
            below = (*levels, _Level(graph, _renaming(reference)))
            self.followed.cameras += self.cameras(child, below, found)
            self.file(child, below, (*above, _place(place)))

    def open(
        self, reference: Reference, place: Path, above: tuple[str, ...]
    ) -> SceneGraph | str:
        """The file's graph, or why there is none; empty where none is wanted."""
        if not reference.loaded:
            return ""
        if reference.type not in _READ:
            return f"{reference.type} files are not read."
        if _place(place) in above:
            return "It refers to itself, directly or by way of others."
        if len(above) > _DEEPEST or self.visited > _MOST_FILES:
            return "There are too many references: this one was not read."
        key = _place(place)
        if key not in self.read:
            try:
                self.read[key] = read_scene(place, partial=True)
            except SceneReadError as error:
                self.read[key] = str(error)
        return self.read[key]

    def cameras(
        self, graph: SceneGraph, levels: tuple[_Level, ...], file: str
    ) -> Iterator[CameraSnapshot]:
        """A file's cameras as the scene names them; Maya drops its start-up ones."""
        for name, node in camera_names(graph).items():
            if node.shared:
                continue
            camera = camera_snapshot(name, node, reference=file)
            path = path_name(graph.paths(node)[0])
            for level in reversed(levels):
                rename = level.rename
                path = _renamed(path, rename)
                switch = self.edits(level.graph).get(_words(path))
                camera = replace(
                    camera,
                    name=_renamed(camera.name, rename),
                    node=rename(camera.node),
                    renderable=camera.renderable if switch is None else switch,
                )
            yield camera

    def edits(self, graph: SceneGraph) -> dict[tuple[str, ...], bool]:
        if graph not in self.switches:
            self.switches[graph] = dict(_switches(graph))
        return self.switches[graph]


def _renaming(reference: Reference) -> _Rename:
    if reference.namespace:
        return lambda name: f"{reference.namespace}:{name}"
    if reference.prefix:
        return lambda name: f"{reference.prefix}_{name}"
    return lambda name: name


def _renamed(path: str, rename: _Rename) -> str:
    return "|".join(rename(part) if part else part for part in path.split("|"))


def _words(path: str) -> tuple[str, ...]:
    return tuple(_SEPARATOR.split(path.removeprefix("|")))


def _switches(graph: SceneGraph) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The `renderable` attributes that a file sets on nodes of its references.

    An edit of kind 2 sets an attribute: `2 "|ns:cam|ns:camShape" "renderable" " 1"`
    (file 22 of the shared scenes, line 6337).
    """
    for node in graph.of_type("reference"):
        edits = node.get("ed")
        words = edits if isinstance(edits, tuple) else ()
        for place in range(len(words) - 3):
            kind, path, attr, value = words[place : place + 4]
            if kind == "2" and attr in _RENDERABLE and isinstance(path, str):
                yield _words(path), number(str(value).strip()) > 0
