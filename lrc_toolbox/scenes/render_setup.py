"""Render Setup: what the collections and overrides of a layer amount to.

Walks a `renderSetupLayer`'s children; whom a collection selects is `selectors`' matter.
Nothing is evaluated. Any thread.

Source: the behaviour of `maya.app.renderSetup.model`, Maya 2017 to 2023: children are
in a list from lowest to highest priority; a disabled one takes its children with it;
what was isolated in the editor has no effect in batch mode; an object in no collection
is not in the layer; all lights are in, unless the preference "include all lights" (the
variable MAYA_RENDER_SETUP_INCLUDE_ALL_LIGHTS) is off.
"""

from __future__ import annotations

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.kinds import is_dag, is_shape
from lrc_toolbox.scenes.layers import (
    Layer,
    LayerContent,
    Override,
    legacy_content,
    linked_nodes,
)
from lrc_toolbox.scenes.materials import engine_uses
from lrc_toolbox.scenes.nodes import Node, as_number, as_vector
from lrc_toolbox.scenes.selectors import Item, Selectors
from lrc_toolbox.scenes.values import Value

#: Collections whose objects are in the layer; the others only carry settings. Shaders,
#: shading engines and sets that they select are there to be overridden: "Only transform
#: and geometry nodes may be members" (Autodesk, editRenderLayerMembers).
_MEMBER_TYPES = ("collection", "lightsCollection")
_RELATIVE = ("relOverride", "relUniqueOverride")


def layer_content(
    graph: SceneGraph,
    layer: Layer,
    selectors: Selectors | None = None,
    *,
    include_all_lights: bool = True,
    members: bool = True,
) -> LayerContent:
    """What a layer of any kind holds and overrides.

    Args:
        graph: the layer's scene.
        layer: from `read_layers`.
        selectors: of the same scene, to use what other layers already found out.
        include_all_lights: Maya's preference of that name; Render Setup layers only.
        members: False: only overrides are asked, who is in the layer is left open.
    """
    if layer.setup is None:
        return legacy_content(graph, layer, members=members)
    content = LayerContent(lights=include_all_lights)
    walk = _Walk(graph, content, selectors or Selectors(graph), members=members)
    walk.children(layer.setup, None)
    return content


def setup_children(graph: SceneGraph, parent: Node) -> list[Node]:
    """A layer's or collection's children, from the lowest priority to the highest."""
    return linked_nodes(graph, graph.source(parent, "cl"))


class _Walk:
    """One walk through a layer's collections, filling its content."""

    def __init__(
        self,
        graph: SceneGraph,
        content: LayerContent,
        selectors: Selectors,
        *,
        members: bool,
    ) -> None:
        self.graph = graph
        self.content = content
        self.selectors = selectors
        self.members = members
        self.seen: set[Node] = set()

    def children(self, parent: Node, selector: Node | None) -> None:
        """Apply a container's children from the lowest priority to the highest."""
        for child in setup_children(self.graph, parent):
            # A loop among the collections ends where it began.
            if child in self.seen or not child.flag("sen", True):
                continue
            self.seen.add(child)
            if child.type.endswith("Override"):
                self.override(child, selector)
            else:
                self.collection(child, selector)

    def collection(self, node: Node, above: Node | None) -> None:
        plug = self.graph.source(node, "sel")
        # A group has no selector: its collections stand as if it were not there.
        selector = plug.node if plug else above
        if self.members and node.type in _MEMBER_TYPES:
            self.content.members.update(
                item for item in self.selected(selector) if is_dag(item[-1])
            )
        self.children(node, selector)

    def selected(self, selector: Node | None) -> set[Item]:
        return self.selectors.selection(selector) if selector else set()

    def override(self, node: Node, selector: Node | None) -> None:
        if node.type == "shaderOverride":
            self.shader(node, self.selected(selector) if self.members else set())
        elif node.type == "materialOverride":
            self.material(node, self.selected(selector) if self.members else set())
        else:
            change = self.change(node)
            for owner in self.owners(node, selector) if node.text("atr") else ():
                self.content.override(owner, node.text("atr"), change)

    def owners(self, node: Node, selector: Node | None) -> set[Node]:
        """Whose attribute an override changes: a named node, or all selected ones."""
        target = node.text("tgName")
        if not target:
            return {item[-1] for item in self.selected(selector)}
        named = self.graph.node(target)
        return {named} if named else set()

    def change(self, node: Node) -> Override:
        if node.type in _RELATIVE:
            return Override(
                # addAttr without a default means 0, and Maya leaves defaults out.
                multiply=_or(node.get("mul"), 1.0),
                offset=_or(node.get("ofs"), 0.0),
            )
        source = self.graph.source(node, "atv")
        added = node.dynamic("atv")
        empty = "" if added and added.default is None else 0
        return Override(value=_or(node.get("atv"), empty), source=source)

    def shader(self, node: Node, selection: set[Item]) -> None:
        """Another surface shader for whole shading engines, in all their uses."""
        source = self.graph.source(node, "atv")
        if source is None:
            return
        for item in selection:
            if item[-1].type == "shadingEngine":
                self.content.surfaces[item[-1]] = source.node
            elif is_shape(item[-1]):
                for use in engine_uses(self.graph, item[-1]):
                    self.content.surfaces[use.engine] = source.node

    def material(self, node: Node, selection: set[Item]) -> None:
        """Another shading engine for the selected objects and all below them."""
        source = self.graph.source(node, "atv")
        if source is None:
            return
        for item in selection:
            if is_dag(item[-1]):
                self.content.materials[item] = source.node


def _or(value: Value | None, other: Value) -> Value:
    return other if value is None else value


def apply_overrides(value: Value | None, changes: list[Override]) -> Value | None:
    """An attribute's value after a layer's overrides, in their order."""
    for change in changes:
        if change.value is not None:
            value = change.value
        else:
            value = _relative(value, change.multiply, change.offset)
    return value


def _relative(value: Value | None, multiply: Value, offset: Value) -> Value:
    """`value * multiply + offset`, part by part for compounds."""
    if not isinstance(value, tuple):
        return as_number(value) * as_number(multiply) + as_number(offset)
    parts = as_vector(value)
    factors, sums = (
        as_vector(each) * len(parts) if len(as_vector(each)) == 1 else as_vector(each)
        for each in (multiply, offset)
    )
    return tuple(
        part * factor + add
        for part, factor, add in zip(parts, factors, sums, strict=False)
    )
