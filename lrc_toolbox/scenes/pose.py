"""A scene as a renderer sees it: one layer at one frame.

Puts `graph`, `layers`, `animation` and `transforms` together: what is visible, where it
stands, what it wears. It knows no renderer. Matrices are 16 floats, row by row, for row
vectors (`p * M`) as Maya's own; translation is in elements 12 to 14. One thread at a
time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.scenes.cameras import camera_names
from lrc_toolbox.scenes.evaluation import Evaluation, Memory
from lrc_toolbox.scenes.hierarchy import SceneGraph, check_paths, path_name
from lrc_toolbox.scenes.history import geometry_source
from lrc_toolbox.scenes.kinds import is_light, is_shape
from lrc_toolbox.scenes.layers import Layer, LayerContent, find_layer, read_layers
from lrc_toolbox.scenes.materials import EngineUse, engine_uses, surface_of
from lrc_toolbox.scenes.nodes import Node, Plug, as_number, as_vector
from lrc_toolbox.scenes.render_setup import layer_content
from lrc_toolbox.scenes.selectors import Selectors
from lrc_toolbox.scenes.transforms import IDENTITY, Matrix
from lrc_toolbox.scenes.values import Value
from lrc_toolbox.scenes.visibility import is_shown

#: Shapes that a renderer would draw, that are not understood here.
_UNDRAWN = frozenset(
    [
        *("nurbsSurface", "subdiv", "gpuCache", "aiStandIn", "aiVolume", "particle"),
        *("nParticle", "fluidShape", "pfxHair", "instancer", "mayaUsdProxyShape"),
        *("RedshiftProxyMesh", "VRayProxy", "xgmSplineDescription", "bezierCurve"),
    ]
)


class UnknownLayerError(LrcError):
    """A scene has no layer of that name.

    Attributes:
        name: what was asked for.
        known: the layers that there are.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f'The scene has no render layer "{name}".',
            remedy=did_you_mean(name, known),
        )
        self.name = name
        self.known = known


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
            the mesh node itself where it stores its own points; where the history holds
            something unknown (and noted), that node; None for lights.
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
    """One layer at one frame; made by `pose`.

    Attributes:
        layer: the layer.
        frame: the frame.
        shapes: visible geometry (type mesh; other surface types are noted, not given).
        lights: visible lights.
        cameras: by the camera's name as in `snapshot`; all of the scene, renderable or
            not, as layers do not hide cameras.
        notes: what was not understood, each sentence once; grows as values are asked.
    """

    def __init__(self, layer: Layer, evaluation: Evaluation) -> None:
        self.graph = evaluation.graph
        self.layer = layer
        self.frame = evaluation.frame
        self.shapes: list[ShapeInstance] = []
        self.lights: list[ShapeInstance] = []
        self.cameras: dict[str, CameraInstance] = {}
        self.notes = evaluation.notes
        self._evaluation = evaluation

    def value(
        self, node: Node, attr: str, default: Value | None = None
    ) -> Value | None:
        """The value here: layer override, else animation, else stored, else default.

        A connection from a node that is no animation (a texture) is not followed: ask
        `source` first; `value` then gives what is stored and notes the node's type.
        """
        return self._evaluation.value(node, attr, default)

    def number(self, node: Node, attr: str, default: float | None = None) -> float:
        """`value` as a float."""
        return as_number(self.value(node, attr, default))

    def flag(self, node: Node, attr: str, default: bool | None = None) -> bool:
        """`value` as a bool."""
        return bool(as_number(self.value(node, attr, default)))

    def vector(
        self, node: Node, attr: str, default: tuple[float, ...] | None = None
    ) -> tuple[float, ...]:
        """`value` of a compound (`c`, `t`), each child resolved on its own."""
        return as_vector(self.value(node, attr, default))

    def text(self, node: Node, attr: str, default: str | None = None) -> str:
        """`value` as text; empty where nothing is known."""
        value = self.value(node, attr, default)
        return value if isinstance(value, str) else default or ""

    def source(self, node: Node, attr: str) -> Plug | None:
        """The node that feeds an attribute here, layer override first.

        None where nothing feeds it, or where only animation does.
        """
        plug = self._evaluation.source(node, attr)
        return None if plug is None or self._evaluation.is_evaluated(plug) else plug


def pose(
    graph: SceneGraph,
    layer_name: str,
    frame: float,
    *,
    include_all_lights: bool = True,
) -> Pose:
    """Evaluate one layer at one frame.

    Args:
        graph: from `read_scene`; may be posed again and again, and what does not
            change from frame to frame is kept.
        layer_name: as in `snapshot`: the layer's name, or its node's.
        frame: the time in frames.
        include_all_lights: Maya's preference of that name, on by default: a Render
            Setup layer has all lights, in its collections or not.

    Raises:
        UnknownLayerError: no such layer; the error names those that exist.
        SceneReadError: instancing multiplies objects beyond all measure.
    """
    scene = graph.kept.get(_Scene)
    if not isinstance(scene, _Scene):
        scene = graph.kept[_Scene] = _Scene(graph)
    stage = scene.stage(layer_name, include_all_lights=include_all_lights)
    evaluation = Evaluation(graph, frame, stage.content, stage.memory)
    result = Pose(stage.layer, evaluation)
    _Filling(scene, stage, evaluation, result).fill()
    return result


@dataclass(slots=True)
class _Stage:
    """One layer of one scene, with what stays true from frame to frame."""

    layer: Layer
    content: LayerContent
    memory: Memory = field(default_factory=Memory)
    wearing: dict[tuple[Node, ...], tuple[Assignment, ...]] = field(
        default_factory=dict
    )


class _Scene:
    """What all poses of one scene share."""

    def __init__(self, graph: SceneGraph) -> None:
        self.graph = graph
        self.layers = read_layers(graph)
        self.selectors = Selectors(graph)
        self.cameras = camera_names(graph)
        self.uses: dict[Node, list[EngineUse]] = {}
        self._stages: dict[tuple[Node, bool], _Stage] = {}

    def stage(self, name: str, *, include_all_lights: bool) -> _Stage:
        layer = find_layer(self.layers, name)
        if layer is None:
            raise UnknownLayerError(name, tuple(each.name for each in self.layers))
        key = (layer.node, include_all_lights)
        if key not in self._stages:
            content = layer_content(
                self.graph,
                layer,
                self.selectors,
                include_all_lights=include_all_lights,
            )
            self._stages[key] = _Stage(layer, content)
        return self._stages[key]


class _Filling:
    """Walks the hierarchy once and fills a pose with what is seen."""

    def __init__(
        self, scene: _Scene, stage: _Stage, evaluation: Evaluation, result: Pose
    ) -> None:
        self.scene = scene
        self.stage = stage
        self.evaluation = evaluation
        self.pose = result

    def fill(self) -> None:
        graph = self.scene.graph
        for name, node in self.scene.cameras.items():
            path = graph.first_path(node)
            matrix = self.evaluation.world(path)
            self.pose.cameras[name] = CameraInstance(node, matrix, path_name(path))
        for path, inside in self.seen():
            node = path[-1]
            if is_light(node):
                if inside or self.stage.content.lights:
                    self.pose.lights.append(self.light(path))
            elif not inside:
                continue
            elif node.type == "mesh":
                self.pose.shapes.append(self.mesh(path))
            elif node.type in _UNDRAWN:
                self.evaluation.note(
                    node.type,
                    f"{node.type} shapes are not drawn (first met: {node.name}).",
                )
        for reference in graph.references:
            if reference.loaded:
                self.evaluation.note(
                    reference.path, f"The reference {reference.path} is not loaded."
                )

    def seen(self) -> Iterator[tuple[tuple[Node, ...], bool]]:
        """Every path to a shape that is not hidden, and whether the layer has it."""
        content, known = self.stage.content, self.stage.memory.still
        stack: list[tuple[tuple[Node, ...], bool]] = [
            ((node,), content.everything) for node in reversed(self.scene.graph.roots())
        ]
        count = 0
        while stack:
            path, inside = stack.pop()
            count += len(path)
            check_paths(self.scene.graph, count)
            node = path[-1]
            if not is_shown(self.evaluation, node, known):
                continue
            inside = inside or path in content.members
            if is_shape(node):
                yield path, inside
            stack.extend(((*path, child), inside) for child in reversed(node.children))

    def light(self, path: tuple[Node, ...]) -> ShapeInstance:
        matrix = self.evaluation.world(path)
        return ShapeInstance(path[-1], path_name(path), matrix, (), None, IDENTITY)

    def mesh(self, path: tuple[Node, ...]) -> ShapeInstance:
        node = path[-1]
        made = geometry_source(self.scene.graph, node)
        for skipped in made.skipped:
            self.evaluation.note(
                skipped.type,
                f"{skipped.type} nodes are left out (first met: {skipped.name}, in the "
                f"history of {node.name}).",
            )
        if not made.understood:
            self.evaluation.note(
                made.source.type,
                f"{made.source.type} nodes are not understood (first met: "
                f"{made.source.name}, in the history of {node.name}).",
            )
        return ShapeInstance(
            node=node,
            path=path_name(path),
            matrix=self.evaluation.world(path),
            assignments=self.assignments(path),
            geometry_source=made.source,
            geometry_matrix=made.matrix,
        )

    def assignments(self, path: tuple[Node, ...]) -> tuple[Assignment, ...]:
        known = self.stage.wearing.get(path)
        if known is None:
            known = self.stage.wearing[path] = tuple(self._assignments(path))
        return known

    def _assignments(self, path: tuple[Node, ...]) -> Iterator[Assignment]:
        shape, content, graph = path[-1], self.stage.content, self.scene.graph
        replaced = [
            engine
            for member, engine in content.materials.items()
            if path[: len(member)] == member
        ]
        if replaced:
            # The last override has the highest priority.
            yield self._assignment(replaced[-1], None)
            return
        if shape not in self.scene.uses:
            self.scene.uses[shape] = engine_uses(graph, shape)
        instance = graph.paths(shape).index(path) if len(graph.paths(shape)) > 1 else 0
        for use in self.scene.uses[shape]:
            if use.place.instance == instance:
                engine = content.engines.get((shape, use.place), use.engine)
                yield self._assignment(engine, use.faces)

    def _assignment(self, engine: Node, faces: tuple[range, ...] | None) -> Assignment:
        surface = self.stage.content.surfaces.get(engine)
        return Assignment(
            surface or surface_of(self.scene.graph, engine), engine, faces
        )
