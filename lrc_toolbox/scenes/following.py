"""Loaded references followed: finds and reads the files and offers their cameras.

Edits that the scene makes on a reference are applied where they switch a camera on or
off; all else in a referenced file is left alone. Any thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.scenes.cameras import camera_names, camera_snapshot
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import Reference, SceneGraph, path_name
from lrc_toolbox.scenes.kinds import matters_to_snapshot
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import CameraSnapshot, ReferenceSnapshot
from lrc_toolbox.scenes.values import number

_READ = ("", "mayaAscii", "mayaBinary")
#: Past these a chain of references is a mistake or an attack.
_DEEPEST, _MOST_FILES = 20, 500
_RENDERABLE = ("renderable", "rnd")


class FoundCamera(NamedTuple):
    """A camera of a referenced file, under the names that the scene gives it.

    Attributes:
        path: its DAG path, `|set:cam|set:camShape`.
        camera: what is said of it.
    """

    path: str
    camera: CameraSnapshot


@dataclass(slots=True)
class Followed:
    """What following the references of one scene gave.

    Attributes:
        references: in file order, nested ones after their parent.
        cameras: of the references, start-up cameras left out: Maya drops them.
    """

    references: list[ReferenceSnapshot] = field(default_factory=list)
    cameras: list[FoundCamera] = field(default_factory=list)


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


def follow_references(graph: SceneGraph, places: Places | None = None) -> Followed:
    """Read the loaded references, and theirs, as far as they are on this disk.

    Args:
        graph: the scene.
        places: where its files are; found out where it is not given.
    """
    walk = _Walk(places or Places(graph.path))
    walk.file(graph, (), (_place(graph.path),))
    return walk.followed


def list_references(graph: SceneGraph, places: Places | None = None) -> Followed:
    """The references that a scene names, none of them read.

    Args:
        graph: the scene.
        places: where to look for them; None looks nowhere.
    """
    listed = []
    for each in graph.references:
        found = find_reference(each.path, graph.path, places) if places else ""
        listed.append(replace(reference_snapshot(each), found=found))
    return Followed(listed)


def find_reference(path: str, beside: str, places: Places) -> str:
    """Where a reference is on this disk; empty if it is nowhere.

    As Maya looks for it, else under its own name beside the file that refers to it, or
    beside the scene: scenes are handed on together with their references, which then
    carry the paths of another computer.
    """
    found = places.resolve(path, "scene")
    name = path.replace("\\", "/").rpartition("/")[2]
    if found or not name:
        return found
    folders = (Path(beside).absolute().parent, places.scene.parent)
    near = dict.fromkeys(f"{folder.as_posix()}/{name}" for folder in folders)
    return next((each for each in near if places.exists(each)), "")


def _place(path: str) -> str:
    """What tells one file from another, however it is spelled."""
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

    def __init__(self, places: Places) -> None:
        self.followed = Followed()
        self.places = places
        self.read: dict[str, SceneGraph | str] = {}
        self.visited = 0
        self.switches: dict[SceneGraph, dict[str, bool]] = {}

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
        found = find_reference(reference.path, graph.path, self.places)
        child = self.open(reference, found, above) if found else ""
        problem = child if isinstance(child, str) else ""
        self.followed.references.append(replace(said, found=found, problem=problem))
        if isinstance(child, SceneGraph):
            below = (*levels, _Level(graph, _renaming(reference)))
            self.followed.cameras += self.cameras(child, below, found)
            self.file(child, below, (*above, _place(found)))

    def open(
        self, reference: Reference, place: str, above: tuple[str, ...]
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
                self.read[key] = read_scene(
                    place, partial=True, wanted=matters_to_snapshot
                )
            except SceneReadError as error:
                self.read[key] = str(error)
        return self.read[key]

    def cameras(
        self, graph: SceneGraph, levels: tuple[_Level, ...], file: str
    ) -> Iterator[FoundCamera]:
        """A file's cameras as the scene names them; Maya drops its start-up ones."""
        for name, node in camera_names(graph).items():
            if node.shared:
                continue
            camera = camera_snapshot(name, node, reference=file)
            path = path_name(graph.paths(node)[0])
            for level in reversed(levels):
                path = _renamed(path, level.rename)
                switch = self.edits(level.graph).get(path)
                camera = replace(
                    camera,
                    name=_renamed(camera.name, level.rename),
                    node=level.rename(camera.node),
                    renderable=camera.renderable if switch is None else switch,
                )
            yield FoundCamera(path, camera)

    def edits(self, graph: SceneGraph) -> dict[str, bool]:
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


def _switches(graph: SceneGraph) -> Iterator[tuple[str, bool]]:
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
                yield path, number(str(value).strip()) > 0
