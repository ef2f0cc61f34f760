"""Building a `SceneGraph`: what each statement of a file does to it.

Both readers use it: nodes, default nodes, connections, parents and units mean the same
in Maya ASCII and Maya binary. Any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from lrc_toolbox.scenes.hierarchy import SceneGraph, path_name
from lrc_toolbox.scenes.nodes import Node, Plug

# Source: Maya's currentUnit command reference, time units and linear units.
_FPS = {
    "game": 15.0, "film": 24.0, "pal": 25.0, "ntsc": 30.0, "show": 48.0,
    "palf": 50.0, "ntscf": 60.0, "sec": 1.0, "millisec": 1000.0,
    "min": 1 / 60, "hour": 1 / 3600,
}  # fmt: skip
_NAMED_FPS = re.compile(r"^(\d{1,6}(?:\.\d*)?)(?:fps|df)$")
_UNITS = {
    "millimeter": "mm", "centimeter": "cm", "meter": "m", "kilometer": "km",
    "inch": "in", "foot": "ft", "yard": "yd", "mile": "mi",
    "degree": "deg", "radian": "rad",
}  # fmt: skip

#: Types of the nodes that every Maya scene has without creating them.
_DEFAULT_TYPES = {
    "time1": "time",
    "defaultRenderGlobals": "renderGlobals",
    "defaultResolution": "resolution",
    "defaultRenderQuality": "renderQuality",
    "initialShadingGroup": "shadingEngine",
    "initialParticleSE": "shadingEngine",
    "lambert1": "lambert",
    "standardSurface1": "standardSurface",
    "openPBRSurface1": "openPBRSurface",
    "particleCloud1": "particleCloud",
    "defaultRenderLayer": "renderLayer",
    "renderLayerManager": "renderLayerManager",
    "defaultLayer": "displayLayer",
    "layerManager": "displayLayerManager",
    "defaultLightSet": "objectSet",
    "defaultObjectSet": "objectSet",
    "hardwareRenderingGlobals": "hardwareRenderingGlobals",
}


#: What is there even in a new scene and is asked for by name.
_ALWAYS = (
    "time1",
    "defaultRenderGlobals",
    "defaultResolution",
    "lambert1",
    "initialShadingGroup",
    "defaultRenderLayer",
)

#: A file that is referenced again gets `{1}` behind its name.
_COPY_NUMBER = re.compile(r"\{\d+\}$")


def without_copy_number(path: str) -> str:
    """The path of a referenced file, as it is on the disk."""
    return _COPY_NUMBER.sub("", path)


class GraphBuilder:
    """Applies statement after statement to one graph.

    Attributes:
        graph: what was built so far.
    """

    def __init__(
        self, path: str | Path, wanted: Callable[[str], bool] | None = None
    ) -> None:
        """Begin with an empty graph.

        Args:
            path: the file.
            wanted: says of a node type whether its nodes are kept; others are only
                counted. None keeps all.
        """
        self.graph = SceneGraph(path)
        self._wanted = wanted

    def create(
        self, node_type: str, name: str, above: str = "", *, shared: bool = False
    ) -> Node | None:
        """Add a node; None where its type is not wanted."""
        self.graph.counts[node_type] += 1
        if self._wanted is not None and not self._wanted(node_type):
            return None
        node = Node(node_type, name.removeprefix(":"), shared=shared)
        self.graph.add(node, self.graph.node(above) if above else None)
        return node

    def known(self, name: str) -> Node | None:
        """A node by name; Maya's default nodes come to be when they are named."""
        node = self.graph.node(name)
        if node is not None:
            return node
        plain = name.removeprefix(":")
        if "|" in plain or not (name.startswith(":") or plain in _DEFAULT_TYPES):
            return None
        node = Node(_DEFAULT_TYPES.get(plain, ""), plain, shared=True)
        self.graph.add(node)
        return node

    def complete(self) -> None:
        """Add the nodes that every Maya scene has, where the file is silent on them."""
        for name in _ALWAYS:
            self.known(f":{name}")
        settings = self.graph.node("defaultRenderGlobals")
        shader = settings.text("dss") if settings else ""
        if shader:
            self.known(f":{shader}")

    def connect(self, source: str, target: str, *, next_free: bool = False) -> None:
        """Connect two attributes; one of a node that is not in the graph is left out.

        Args:
            source: `node.attribute` that feeds.
            target: `node.attribute` that is fed.
            next_free: further connections to the same target are kept (`-na`).
        """
        below = self._plug(target)
        above = self._plug(source) if below is not None else None
        if above is not None and below is not None:
            self.link(above, below, next_free=next_free)

    def link(self, above: Plug, below: Plug, *, next_free: bool = False) -> None:
        """The same with both ends found."""
        feeds = below.node.incoming.setdefault(below.attr, [])
        if not next_free:
            for old in feeds:
                _forget(old.node.outgoing, old.attr, below)
            feeds.clear()
        feeds.append(above)
        above.node.outgoing.setdefault(above.attr, []).append(below)

    def disconnect(self, source: str, target: str) -> None:
        """Take a connection away again."""
        above, below = self._plug(source), self._plug(target)
        if above is not None and below is not None:
            _forget(below.node.incoming, below.attr, above)
            _forget(above.node.outgoing, above.attr, below)

    def _plug(self, text: str) -> Plug | None:
        name, _, attr = text.partition(".")
        node = self.known(name)
        if node is None:
            # It comes from a reference, which is not followed.
            return None
        attr = node.short(attr)
        return Plug(node, self._instanced(name, node, attr) if attr == "iog" else attr)

    def _instanced(self, name: str, node: Node, attr: str) -> str:
        """Add the instance that a path stands for: `|b|shape.iog` may be `iog[1]`.

        `instObjGroups` has an element for each instance, and Maya writes the path of
        the instance instead of its number.
        """
        if "|" not in name or len(node.parents) < 2:
            return attr
        ends = [path_name(path).endswith(name) for path in self.graph.paths(node)]
        return f"iog[{ends.index(True)}]" if any(ends) else attr

    def parent(self, names: Sequence[str], above: str, *, add: bool = False) -> None:
        """Move nodes, or put instances of them, under another one.

        Args:
            names: which nodes.
            above: the new parent; empty for the world.
            add: keep the old parents too.
        """
        new = self.graph.node(above) if above else None
        for node in filter(None, map(self.graph.node, names)):
            if not add:
                node.unhang()
            if new is not None and not _is_below(new, node):
                node.hang(new)
        self.graph.reparented()

    def units(self, linear: str, angle: str, time: str) -> None:
        """Set the working units by Maya's words, long or short; empty leaves one."""
        graph = self.graph
        graph.linear_unit = _UNITS.get(linear, linear) or graph.linear_unit
        graph.angle_unit = _UNITS.get(angle, angle) or graph.angle_unit
        graph.time_unit = time or graph.time_unit
        named = _NAMED_FPS.match(time)
        graph.fps = float(named[1]) if named else _FPS.get(time, graph.fps)


def _forget(plugs: dict[str, list[Plug]], attr: str, end: Plug) -> None:
    if end in plugs.get(attr, ()):
        plugs[attr].remove(end)


def _is_below(node: Node, above: Node) -> bool:
    """True if `node` is `above` or hangs under it: a cycle in the making."""
    seen = {node}
    stack = [node]
    while stack:
        low = stack.pop()
        if low is above:
            return True
        fresh = [parent for parent in low.parents if parent not in seen]
        seen.update(fresh)
        stack.extend(fresh)
    return False
