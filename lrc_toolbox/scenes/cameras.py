"""The cameras of a scene, and which of them a layer renders through.

Where they stand is `pose`'s matter; those of other files are `following`'s. Any thread.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.layers import Override
from lrc_toolbox.scenes.nodes import Node, as_number
from lrc_toolbox.scenes.render_setup import apply_overrides
from lrc_toolbox.scenes.snapshot import CameraSnapshot
from lrc_toolbox.scenes.storage import FaceWord, Stored
from lrc_toolbox.scenes.values import DynamicAttribute, Value

_CAMERA_TYPES = ("camera", "stereoRigCamera")
#: Maya's default in millimetres.
_FOCAL_LENGTH = 35.0


def camera_names(graph: SceneGraph) -> dict[str, Node]:
    """Every camera shape by the name that an artist reads: mostly its transform's."""
    names = {}
    for node in graph.of_type(*_CAMERA_TYPES):
        path = graph.first_path(node)
        name = graph.short_path(path[:-1] or path)
        # A transform may hold a second one, which its own name tells apart.
        names[graph.short_path(path) if name in names else name] = node
    return names


def camera_snapshot(name: str, node: Node, *, reference: str = "") -> CameraSnapshot:
    """What is said of one camera, outside any layer.

    Args:
        name: as an artist reads it.
        node: the camera shape.
        reference: the file that it comes from; empty for the scene's own.
    """
    return CameraSnapshot(
        name=name,
        node=node.name,
        renderable=node.flag("rnd", True),
        orthographic=node.flag("o"),
        startup=node.shared,
        focal_length=node.number("fl", _FOCAL_LENGTH),
        reference=reference,
    )


class _Given(NamedTuple):
    """A value that is known already, in the form in which files hand values over."""

    value: float

    def read(self) -> Value:
        return self.value

    def empty(self) -> bool:
        return False

    def numbers(self) -> array[float]:
        return array("d", [self.value])

    def faces(self) -> Iterator[FaceWord]:
        raise ValueError("a camera has no faces")


class _CameraBlock(NamedTuple):
    """What layers may ask of a camera of another file."""

    camera: CameraSnapshot

    def stored(self) -> Iterator[Stored]:
        camera = self.camera
        for attr, value in (
            ("rnd", float(camera.renderable)),
            ("o", float(camera.orthographic)),
            ("fl", camera.focal_length),
        ):
            yield Stored(attr, -1, -1, _Given(value))

    def added(self) -> tuple[DynamicAttribute, ...]:
        return ()

    def adds(self) -> bool:
        return False


def adopt_camera(graph: SceneGraph, path: str, camera: CameraSnapshot) -> Node:
    """Put a camera of a referenced file into the scene, for layers to select.

    Args:
        graph: the scene; it gets the nodes of the path that it lacks.
        path: the shape's DAG path in the scene, `|set:cam|set:camShape`.
        camera: what is known of it.
    """
    above: Node | None = None
    names = path.strip("|").split("|")
    for depth, name in enumerate(names[:-1], 1):
        node = graph.node("|" + "|".join(names[:depth]))
        if node is None:
            node = Node("transform", name)
            graph.add(node, above)
        above = node
    shape = Node("camera", names[-1])
    shape.add_block(_CameraBlock(camera))
    graph.add(shape, above)
    return shape


class RenderableCameras:
    """Which cameras are renderable, for many layers of one scene.

    What holds without overrides is found once: a scene may have thousands of layers and
    of cameras, and each layer changes only a few.
    """

    def __init__(self, cameras: Mapping[str, Node]) -> None:
        """Take a scene's cameras, by name."""
        self._place = {node: place for place, node in enumerate(cameras.values())}
        self._names = tuple(cameras)
        self._base = [
            place for node, place in self._place.items() if node.flag("rnd", True)
        ]
        self._plain = tuple(self._names[place] for place in self._base)

    def under(
        self, overrides: Mapping[tuple[Node, str], list[Override]]
    ) -> tuple[str, ...]:
        """The names of the renderable cameras, in the scene's order."""
        changed = {
            self._place[node]: as_number(
                apply_overrides(node.get("rnd", default=True), changes)
            )
            > 0
            for (node, attr), changes in overrides.items()
            if attr == "rnd" and node in self._place
        }
        if not changed:
            return self._plain
        places = [place for place in self._base if changed.get(place, True)]
        places += [place for place, on in changed.items() if on]
        return tuple(self._names[place] for place in sorted(set(places)))
