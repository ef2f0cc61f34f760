"""The cameras of a scene, and which of them a layer renders through.

Where they stand is `pose`'s matter; those of other files are `following`'s. Any thread.
"""

from __future__ import annotations

from collections.abc import Mapping

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.layers import Override
from lrc_toolbox.scenes.nodes import Node, as_number
from lrc_toolbox.scenes.render_setup import apply_overrides
from lrc_toolbox.scenes.snapshot import CameraSnapshot

_CAMERA_TYPES = ("camera", "stereoRigCamera")
#: Maya's default in millimetres.
_FOCAL_LENGTH = 35.0


def camera_names(graph: SceneGraph) -> dict[str, Node]:
    """Every camera shape by the name that an artist reads: its transform's."""
    names = {}
    for node in graph.of_type(*_CAMERA_TYPES):
        path = graph.paths(node)[0]
        names[graph.short_path(path[:-1] or path)] = node
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


class RenderableCameras:
    """Which cameras are renderable, for many layers of one scene.

    What holds without overrides is found once: 20,000 layers with 20,000 cameras are no
    rarity in assembled scenes, and each layer changes only a few.
    """

    def __init__(self, cameras: Mapping[str, Node], others: tuple[str, ...]) -> None:
        """Take the cameras.

        Args:
            cameras: the scene's own, by name.
            others: names of renderable cameras of references.
        """
        self._place = {node: place for place, node in enumerate(cameras.values())}
        self._names = tuple(cameras)
        self._others = others
        self._base = {
            place: None for node, place in self._place.items() if node.flag("rnd", True)
        }
        self._plain = tuple(self._names[place] for place in self._base) + others

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
        shown = sorted(set(places))
        return tuple(self._names[place] for place in shown) + self._others
