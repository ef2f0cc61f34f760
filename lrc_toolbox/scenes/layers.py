"""Render layers: which there are, who is in them and what they override.

Legacy layers are read here, Render Setup's in `render_setup`; both give a
`LayerContent`. Nothing is evaluated. Any thread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.materials import Group, group_of
from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.snapshot import LayerKind
from lrc_toolbox.scenes.values import Value

MASTER = "masterLayer"
_ELEMENT = re.compile(r"^\w+\[(\d{1,9})\]")


@dataclass(frozen=True, slots=True)
class Layer:
    """One render layer of the scene.

    Attributes:
        name: as a person reads it; `masterLayer` for the default layer.
        node: its renderLayer node.
        setup: its renderSetupLayer node, None for the other kinds.
        renderable: Maya's batch render includes it.
        order: place in the layer list, from 0.
        current: the scene was saved while this layer was shown.
    """

    name: str
    node: Node
    setup: Node | None
    kind: LayerKind
    renderable: bool
    order: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """What a layer does to one attribute.

    Attributes:
        value: takes the attribute's place; None for a relative override.
        multiply: relative only: the value below is multiplied with it,
        offset: then this is added.
        source: feeds the attribute instead of a value.
    """

    value: Value | None = None
    multiply: Value = 1.0
    offset: Value = 0.0
    source: Plug | None = None


@dataclass(slots=True)
class LayerContent:
    """Who is in a layer and what it overrides.

    Attributes:
        everything: the default layer: all objects, `members` is not asked.
        members: DAG paths (root first) that are in with all that hangs below them.
        lights: all lights are in, members or not.
        overrides: by node and short attribute name, weakest first.
        surfaces: shading engine -> surface shader in this layer.
        engines: shape and its group -> shading engine in this layer.
        materials: DAG path -> shading engine for the shapes there and below.
    """

    everything: bool = False
    members: set[tuple[Node, ...]] = field(default_factory=set)
    lights: bool = False
    overrides: dict[tuple[Node, str], list[Override]] = field(default_factory=dict)
    surfaces: dict[Node, Node] = field(default_factory=dict)
    engines: dict[tuple[Node, Group], Node] = field(default_factory=dict)
    materials: dict[tuple[Node, ...], Node] = field(default_factory=dict)

    def override(self, node: Node, attr: str, change: Override) -> None:
        """Put an override on top of those that the attribute already has."""
        self.overrides.setdefault((node, node.short(attr)), []).append(change)


def read_layers(graph: SceneGraph) -> list[Layer]:
    """The scene's own layers in display order, the default layer first."""
    found = [
        node
        for node in graph.of_type("renderLayer")
        if node.name == "defaultRenderLayer" or _is_managed(graph, node)
    ]
    found.sort(key=lambda node: (node.name != "defaultRenderLayer", node.integer("do")))
    found = _as_listed(graph, found)
    current = _current_layer(graph) or graph.node("defaultRenderLayer")
    return [
        _layer(graph, node, order, current=node is current)
        for order, node in enumerate(found)
    ]


def _as_listed(graph: SceneGraph, found: list[Node]) -> list[Node]:
    """Put Render Setup's layers in its own order, which `.do` need not follow."""
    setup = graph.node("renderSetup")
    if setup is None:
        return found
    twins = [
        plug.node
        for layer in linked_nodes(graph, graph.source(setup, "frl"))
        if (plug := graph.source(layer, "lrl")) is not None
    ]
    known = set(found)
    listed = iter(dict.fromkeys(node for node in twins if node in known))
    places = set(twins)
    return [next(listed) if node in places else node for node in found]


def linked_nodes(graph: SceneGraph, first: Plug | None) -> list[Node]:
    """The nodes of one of Render Setup's lists, where `.nxt` feeds the next's `.prv`.

    Args:
        graph: the scene.
        first: what feeds the list's beginning; None for an empty list.
    """
    node = first.node if first else None
    found: dict[Node, None] = {}
    while node is not None and node not in found:
        found[node] = None
        after = (plug for _, plug in graph.targets(node, "nxt"))
        node = next((plug.node for plug in after if plug.attr == "prv"), None)
    return list(found)


def find_layer(layers: list[Layer], name: str) -> Layer | None:
    """The layer that a person or a command line means: by name, then by node name."""
    for layer in layers:
        if layer.name == name:
            return layer
    return next((layer for layer in layers if layer.node.name == name), None)


def _is_managed(graph: SceneGraph, node: Node) -> bool:
    """True if the scene's own manager lists it; imported leftovers hang elsewhere."""
    plug = graph.source(node, "rlid")
    return plug is not None and plug.node.name == "renderLayerManager"


def _layer(graph: SceneGraph, node: Node, order: int, *, current: bool) -> Layer:
    renderable = node.flag("rndr", True)
    if node.name == "defaultRenderLayer":
        return Layer(MASTER, node, None, "default", renderable, order, current)
    for _, plug in graph.targets(node, "msg"):
        if plug.node.type == "renderSetupLayer" and plug.attr == "lrl":
            name, setup = plug.node.name, plug.node
            return Layer(name, node, setup, "render_setup", renderable, order, current)
    return Layer(node.name, node, None, "legacy", renderable, order, current)


def legacy_content(
    graph: SceneGraph, layer: Layer, *, members: bool = True
) -> LayerContent:
    """What a legacy layer or the default layer holds.

    The values that nodes store are those of the layer that was current when the scene
    was saved; the default layer's adjustments hold what they were without it. A scene
    with Render Setup keeps its legacy adjustments as leftovers: real Maya 2023 ignores
    them (file 01 of the shared scenes, `maya_verified`).
    """
    content = LayerContent(everything=layer.kind == "default" or layer.node.flag("g"))
    for _, plug in graph.targets(layer.node, "ri") if members else ():
        # A reference's placeholder stands for a node of another file.
        if plug.node.type != "reference":
            content.members.update(graph.paths(plug.node))
    base = _base_state(graph)
    if layer.current or "renderSetupLayer" in graph.types():
        return content
    # Weakest first: the state without any layer, then the layer's own.
    content.overrides.update(base.overrides)
    content.engines.update(base.engines)
    if layer.node is not base.default:
        own = layer_adjustments(graph, layer.node)
        content.overrides.update(own.overrides)
        content.engines.update(own.engines)
    return content


def layer_adjustments(graph: SceneGraph, node: Node) -> LayerContent:
    """What a renderLayer node itself stores of overrides, whether they count or not."""
    content = LayerContent()
    _adjust(graph, node, content)
    _reassign(graph, node, content)
    return content


class _BaseState(NamedTuple):
    """What the default layer puts back where another one was saved as current."""

    default: Node | None
    overrides: dict[tuple[Node, str], list[Override]]
    engines: dict[tuple[Node, Group], Node]


def _base_state(graph: SceneGraph) -> _BaseState:
    """The default layer's adjustments, found once for all layers."""
    known = graph.kept.get(_BaseState)
    if isinstance(known, _BaseState):
        return known
    default = graph.node("defaultRenderLayer")
    content = LayerContent()
    if default is not None and _current_layer(graph) not in (None, default):
        content = layer_adjustments(graph, default)
    found = _BaseState(default, content.overrides, content.engines)
    graph.kept[_BaseState] = found
    return found


def has_members(graph: SceneGraph, layer: Layer) -> bool:
    """True if a legacy layer holds anything, nodes of references included."""
    return layer.node.flag("g") or bool(graph.targets(layer.node, "ri"))


def _current_layer(graph: SceneGraph) -> Node | None:
    """The layer that was current when the scene was saved (`.crl` names its id)."""
    manager = graph.node("renderLayerManager")
    if manager is None:
        return None
    wanted = manager.integer("crl")
    for own, plug in graph.targets(manager, "rlmi"):
        match = _ELEMENT.match(own)
        index = int(match[1]) if match else 0
        if manager.integer(f"rlmi[{index}]", index) == wanted:
            return plug.node
    return None


def _adjust(graph: SceneGraph, layer: Node, content: LayerContent) -> None:
    """Take over a layer's attribute adjustments (`.adjs[n].plg` and `.val`)."""
    for own, plug in graph.sources(layer, "adjs"):
        element, _, part = own.rpartition(".")
        if part == "plg":
            value = layer.get(f"{element}.val")
            source = graph.source(layer, f"{element}.val")
            # Without a value the layer holds the attribute's zero.
            change = Override(value=0 if value is None else value, source=source)
            key = (plug.node, plug.attr)
            content.overrides[key] = [change]


def _reassign(graph: SceneGraph, layer: Node, content: LayerContent) -> None:
    """Take over a layer's shading assignments (`.oajs[n].opg` and `.ovl`)."""
    for own, plug in graph.sources(layer, "oajs"):
        element, _, part = own.rpartition(".")
        place = group_of(plug.attr)
        if part != "opg" or place is None:
            continue
        for _, engine in graph.targets(layer, f"{element}.ovl"):
            if engine.node.type == "shadingEngine":
                content.engines[plug.node, place] = engine.node
