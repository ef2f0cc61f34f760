"""Loaded references followed: finds and reads the files and offers their cameras.

Edits that a scene makes on a reference are applied where they say something about a
camera: where it hangs, whether it is renderable, orthographic, its focal length. All
else in a referenced file is left alone, but malware in it is told: Maya runs the script
nodes of references too (Autodesk's node reference, `script`: "or if the file is
de-referenced"). Any thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.scenes.cameras import camera_names, camera_snapshot
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import Reference, SceneGraph, path_name
from lrc_toolbox.scenes.kinds import matters_to_snapshot
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.reference_edits import ReferenceEdits, read_edits
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.script_nodes import read_script_nodes
from lrc_toolbox.scenes.snapshot import CameraSnapshot, ReferenceSnapshot

_READ = ("", "mayaAscii", "mayaBinary")
#: Past these a chain of references is a mistake or an attack.
_DEEPEST, _MOST_FILES = 20, 500


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
        edits: what the scene changes about them; not read where there are none.
    """

    references: list[ReferenceSnapshot] = field(default_factory=list)
    cameras: list[FoundCamera] = field(default_factory=list)
    edits: ReferenceEdits = field(default_factory=ReferenceEdits)


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
        places: where its files are; found out where it is not given, and no scripts are
            judged then.
    """
    walk = _Walk(places or Places(graph.path), judging=places is not None)
    walk.file(graph, (), (_place(graph.path),))
    if walk.followed.cameras:
        walk.followed.edits = walk.edits(graph)
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


class _Trouble(NamedTuple):
    """Why a file could not be looked into, and what to do; both empty if it could."""

    problem: str = ""
    remedy: str = ""


class _Walk:
    """One walk over the references of a scene, depth first."""

    def __init__(self, places: Places, *, judging: bool) -> None:
        self.followed = Followed()
        self.places = places
        self.judging = judging
        self.judged: dict[SceneGraph, str] = {}
        self.read: dict[str, SceneGraph | _Trouble] = {}
        self.visited = 0
        self.known_edits: dict[SceneGraph, ReferenceEdits] = {}

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
        child = self.open(reference, found, above) if found else _Trouble()
        trouble = _Trouble() if isinstance(child, SceneGraph) else child
        malware = self.malware(child) if isinstance(child, SceneGraph) else ""
        self.followed.references.append(
            replace(
                said,
                found=found,
                problem=trouble.problem,
                remedy=trouble.remedy,
                malware=malware,
            )
        )
        if isinstance(child, SceneGraph):
            below = (*levels, _Level(graph, _renaming(reference)))
            self.followed.cameras += self.cameras(child, below, found)
            self.file(child, below, (*above, _place(found)))

    def open(
        self, reference: Reference, place: str, above: tuple[str, ...]
    ) -> SceneGraph | _Trouble:
        """The file's graph, or why there is none; no trouble where none is wanted."""
        if not reference.loaded:
            return _Trouble()
        if reference.type not in _READ:
            return _Trouble(f"{reference.type} files are not read.")
        if _place(place) in above:
            return _Trouble(
                "It refers to itself, directly or by way of others.",
                "Take the reference out of the file that leads back to it.",
            )
        if len(above) > _DEEPEST or self.visited > _MOST_FILES:
            return _Trouble("There are too many references: this one was not read.")
        key = _place(place)
        if key not in self.read:
            try:
                self.read[key] = read_scene(
                    place, partial=True, wanted=matters_to_snapshot
                )
            except SceneReadError as error:
                line = f"line {error.line}: " if error.line else ""
                self.read[key] = _Trouble(f"{line}{error.problem}.", error.remedy)
        return self.read[key]

    def cameras(
        self, graph: SceneGraph, levels: tuple[_Level, ...], file: str
    ) -> Iterator[FoundCamera]:
        """A file's cameras as the scene names them; Maya drops its start-up ones."""
        for name, node in camera_names(graph).items():
            if node.shared:
                continue
            camera = camera_snapshot(name, node, reference=file)
            path = path_name(graph.first_path(node))
            for level in reversed(levels):
                edits = self.edits(level.graph)
                places = edits.places(_renamed(path, level.rename))
                for place in places:
                    camera = _edited(camera, edits.values.get(place, {}))
                path = places[-1]
                camera = replace(
                    camera,
                    name=_renamed(camera.name, level.rename),
                    node=level.rename(camera.node),
                )
            yield FoundCamera(path, camera)

    def malware(self, graph: SceneGraph) -> str:
        """What a file's script nodes look like, judged once for all its references."""
        if self.judging and graph not in self.judged:
            found = (script.malware for script in read_script_nodes(graph))
            self.judged[graph] = next(filter(None, found), "")
        return self.judged.get(graph, "")

    def edits(self, graph: SceneGraph) -> ReferenceEdits:
        """The edits of one file, read once however many references it has."""
        if graph not in self.known_edits:
            self.known_edits[graph] = read_edits(graph)
        return self.known_edits[graph]


def _edited(camera: CameraSnapshot, values: Mapping[str, float]) -> CameraSnapshot:
    """A camera with what an edit set on it, by short attribute names."""
    return replace(
        camera,
        renderable=values.get("rnd", camera.renderable) > 0,
        orthographic=values.get("o", camera.orthographic) > 0,
        focal_length=values.get("fl", camera.focal_length),
    )


def _renaming(reference: Reference) -> _Rename:
    # `:` is the root namespace: such a reference's names stay as they are.
    if reference.namespace.strip(":"):
        return lambda name: f"{reference.namespace}:{name}"
    if reference.prefix:
        return lambda name: f"{reference.prefix}_{name}"
    return lambda name: name


def _renamed(path: str, rename: _Rename) -> str:
    return "|".join(rename(part) if part else part for part in path.split("|"))
