"""A scene as a renderer sees it: one layer at one frame.

Puts `graph`, `layers`, `animation` and `transforms` together: what is visible, where it
stands, what it wears. It knows no renderer. Matrices are 16 floats, row by row, for row
vectors (`p * M`) as Maya's own; translation is in elements 12 to 14. One thread at a
time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from lrc_toolbox.scenes.graph import Node, Plug, SceneGraph
from lrc_toolbox.scenes.layers import Layer
from lrc_toolbox.scenes.transforms import Matrix
from lrc_toolbox.scenes.values import Value


class Assignment(NamedTuple):
    """A material on a shape or on some of its faces.

    Attributes:
        surface: the surface shader node (lambert, aiStandardSurface, ...); None where
            the shading engine has none.
        engine: the shading engine; None where a layer override names the shader alone.
        faces: runs of face indices; None for the whole shape.
    """

    surface: Node | None
    engine: Node | None
    faces: tuple[range, ...] | None


@dataclass(frozen=True, slots=True)
class ShapeInstance:
    """One visible shape at one place; an instanced shape appears once per path.

    Attributes:
        node: mesh, nurbsSurface or light node.
        path: its DAG path, `|group1|pCube1|pCubeShape1`.
        matrix: to world.
        assignments: whole-shape assignments first; later ones win on their faces.
        geometry_source: what makes the mesh: a generator (`polyCube`) or another mesh;
            the mesh node itself where it stores its own points; None for lights.
        geometry_matrix: to be applied to the source's points before the shape's own
            `.pt` offsets (from `transformGeometry` nodes); identity mostly.
    """

    node: Node
    path: str
    matrix: Matrix
    assignments: tuple[Assignment, ...]
    geometry_source: Node | None
    geometry_matrix: Matrix


class CameraInstance(NamedTuple):
    """One camera: its shape node and where it stands (it looks along -Z, Y is up)."""

    node: Node
    matrix: Matrix
    path: str


class Pose:
    """One layer at one frame.

    Attributes:
        layer: the layer.
        frame: the frame.
        shapes: visible geometry (type mesh; other surface types are noted, not given).
        lights: visible lights.
        cameras: by the camera's name as in `snapshot`; all of the scene, renderable or
            not, as layers do not hide cameras.
        notes: what was not understood, each sentence once; grows as values are asked.
    """

    graph: SceneGraph
    layer: Layer
    frame: float
    shapes: list[ShapeInstance]
    lights: list[ShapeInstance]
    cameras: dict[str, CameraInstance]
    notes: list[str]

    def value(
        self, node: Node, attr: str, default: Value | None = None
    ) -> Value | None:
        """The value here: layer override, else animation, else stored, else default.

        A connection from a node that is no animation (a texture) is not followed: ask
        `source` first; `value` then gives what is stored and notes the node's type.
        """
        raise NotImplementedError

    def number(self, node: Node, attr: str, default: float | None = None) -> float:
        """`value` as a float."""
        raise NotImplementedError

    def flag(self, node: Node, attr: str, default: bool | None = None) -> bool:
        """`value` as a bool."""
        raise NotImplementedError

    def vector(
        self, node: Node, attr: str, default: tuple[float, ...] | None = None
    ) -> tuple[float, ...]:
        """`value` of a compound (`c`, `t`), each child resolved on its own."""
        raise NotImplementedError

    def text(self, node: Node, attr: str, default: str = "") -> str:
        """`value` as text."""
        raise NotImplementedError

    def source(self, node: Node, attr: str) -> Plug | None:
        """The node that feeds an attribute here, layer override first.

        None where nothing feeds it, or where only animation does.
        """
        raise NotImplementedError


def pose(graph: SceneGraph, layer_name: str, frame: float) -> Pose:
    """Evaluate one layer at one frame.

    Args:
        graph: from `read_scene`; may be posed again and again.
        layer_name: as in `snapshot`: the layer's name, or its node's.
        frame: the time in frames.

    Raises:
        UnknownLayerError: no such layer; the error names those that exist.
    """
    raise NotImplementedError
