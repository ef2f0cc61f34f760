"""Reading a Maya ASCII file into a `SceneGraph`.

Owns what each statement does to the graph. Values stay unread and geometry is skipped
over until it is asked for. Any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from lrc_toolbox.scenes.hierarchy import (
    Reference,
    SceneGraph,
    iterate_paths,
    path_name,
)
from lrc_toolbox.scenes.maya_ascii import SceneReadError, read_text, statements
from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.values import read_words

__all__ = [
    "Node",
    "Plug",
    "Reference",
    "SceneGraph",
    "iterate_paths",
    "path_name",
    "read_scene",
]

_HEADER = re.compile(r"^//Maya ASCII (\S+) scene", re.MULTILINE)
_CREATE = re.compile(
    r'\s+(\w+)((?:\s+-(?:s|shared|ss|skipSelect))*)\s+-(?:n|name)\s+"([^"]*)"'
    r'(?:\s+-(?:p|parent)\s+"([^"]*)")?'
)
#: A file that is referenced again gets `{1}` behind its name.
_COPY_NUMBER = re.compile(r"\{\d+\}$")
_PAIR = re.compile(r'"([^"]+)"\s+"([^"]+)"')

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


def read_scene(path: str | Path) -> SceneGraph:
    """Read a Maya ASCII scene.

    Raises:
        SceneReadError: the file is missing, binary, truncated or no Maya scene.
    """
    text = read_text(path)
    reader = _Reader(path, text)
    reader.run()
    if not reader.graph.nodes:
        raise SceneReadError(
            path,
            "it holds no nodes",
            remedy="The file is truncated or no Maya scene: save the scene again.",
        )
    reader.complete()
    return reader.graph


class _Reader:
    """Applies statement after statement to one graph."""

    def __init__(self, path: str | Path, text: str) -> None:
        self.graph = SceneGraph(path)
        self.text = text
        self.current: Node | None = None
        header = _HEADER.search(text, 0, 400)
        self.graph.maya_version = header.group(1) if header else ""
        self.actions: dict[str, Callable[[int, int], None]] = {
            "createNode": self.create,
            "setAttr": self.set_attr,
            "addAttr": self.add_attr,
            "select": self.select,
            "connectAttr": self.connect,
            "disconnectAttr": self.disconnect,
            "parent": self.parent,
            "currentUnit": self.unit,
            "requires": self.require,
            "file": self.reference,
        }

    def run(self) -> None:
        actions = self.actions
        for keyword, start, end in statements(self.text, self.graph.path):
            action = actions.get(keyword)
            if action is not None:
                action(start, end)

    def complete(self) -> None:
        """Add the nodes that every Maya scene has, where the file is silent on them."""
        for name in _ALWAYS:
            self._node(f":{name}")
        settings = self.graph.node("defaultRenderGlobals")
        shader = settings.text("dss") if settings else ""
        if shader:
            self._node(f":{shader}")

    def create(self, start: int, end: int) -> None:
        match = _CREATE.match(self.text, start, end)
        if match is not None and match.end() >= end:
            node_type, shared, name, above = match.groups()
        else:
            words = read_words(self.text[start:end])
            if not words:
                return
            node_type = words[0]
            shared = next((word for word in words if word in ("-s", "-shared")), "")
            name = _after(words, "-n", "-name") or f"{node_type}1"
            above = _after(words, "-p", "-parent")
        name = name.removeprefix(":")
        node = Node(node_type, name, shared=bool(shared), text=self.text)
        self.graph.add(node, self.graph.node(above) if above else None)
        self.current = node

    def set_attr(self, start: int, end: int) -> None:
        quote = self.text.find('"', start, end)
        if quote < 0:
            return
        node = self.current
        if not self.text.startswith(".", quote + 1):
            owner = self.text[quote + 1 : end].partition(".")[0]
            node = self._node(owner)
        if node is not None:
            node.add_statement(start, end)

    def add_attr(self, start: int, end: int) -> None:
        if self.current is not None:
            self.current.add_dynamic(start, end)

    def select(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        names = [word for word in words if not word.startswith("-")]
        self.current = self._node(names[-1]) if names else None

    def _node(self, name: str) -> Node | None:
        """A node by name; Maya's default nodes come to be when they are named."""
        node = self.graph.node(name)
        if node is not None:
            return node
        plain = name.removeprefix(":")
        if "|" in plain or not (name.startswith(":") or plain in _DEFAULT_TYPES):
            return None
        node = Node(_DEFAULT_TYPES.get(plain, ""), plain, shared=True, text=self.text)
        self.graph.add(node)
        return node

    def connect(self, start: int, end: int) -> None:
        match = _PAIR.search(self.text, start, end)
        ends = self._ends(match)
        if match is None or ends is None:
            return
        source, target = ends
        flags = self.text[start : match.start()] + self.text[match.end() : end]
        next_free = "-na" in flags
        feeds = target.node.incoming.setdefault(target.attr, [])
        if not next_free:
            for old in feeds:
                _forget(old.node.outgoing, old.attr, target)
            feeds.clear()
        feeds.append(source)
        source.node.outgoing.setdefault(source.attr, []).append(target)

    def disconnect(self, start: int, end: int) -> None:
        ends = self._ends(_PAIR.search(self.text, start, end))
        if ends is not None:
            source, target = ends
            _forget(target.node.incoming, target.attr, source)
            _forget(source.node.outgoing, source.attr, target)

    def _ends(self, match: re.Match[str] | None) -> tuple[Plug, Plug] | None:
        if match is None:
            return None
        source, target = self._plug(match.group(1)), self._plug(match.group(2))
        return (source, target) if source and target else None

    def _plug(self, text: str) -> Plug | None:
        name, _, attr = text.partition(".")
        node = self._node(name)
        # None: the node comes from a reference, which is not followed.
        return (
            Plug(node, self._instanced(name, node, node.short(attr))) if node else None
        )

    def _instanced(self, name: str, node: Node, attr: str) -> str:
        """Add the instance that a path stands for: `|b|shape.iog` may be `iog[1]`.

        `instObjGroups` has an element for each instance, and Maya writes the path of
        the instance instead of its number.
        """
        if attr != "iog" or "|" not in name or len(node.parents) < 2:
            return attr
        ends = [path_name(path).endswith(name) for path in self.graph.paths(node)]
        return f"iog[{ends.index(True)}]" if any(ends) else attr

    def parent(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        names = [word for word in words if not word.startswith("-")]
        to_world = "-w" in words or "-world" in words
        above = None if to_world or len(names) < 2 else self.graph.node(names.pop())
        for node in filter(None, map(self.graph.node, names)):
            if "-add" not in words and "-addObject" not in words:
                for old in node.parents:
                    old.children.remove(node)
                node.parents.clear()
            if above is not None and not _is_below(above, node):
                node.parents.append(above)
                above.children.append(node)
        self.graph.reparented()

    def unit(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        linear = _after(words, "-l", "-linear")
        angle = _after(words, "-a", "-angle")
        time = _after(words, "-t", "-time")
        graph = self.graph
        graph.linear_unit = _UNITS.get(linear, linear) or graph.linear_unit
        graph.angle_unit = _UNITS.get(angle, angle) or graph.angle_unit
        named = _NAMED_FPS.match(time)
        graph.fps = float(named[1]) if named else _FPS.get(time, graph.fps)

    def require(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        if len(words) == 2 and words[0] == "maya" and not self.graph.maya_version:
            self.graph.maya_version = words[1]

    def reference(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        # `-rdi` lines carry the load state: `-dr 1` means not loaded. Deeper ones
        # are what the references themselves referred to when the scene was saved.
        depth = _after(words, "-rdi", "-referenceDepthInfo")
        if not depth.isdecimal():
            return
        self.graph.references.append(
            Reference(
                path=_COPY_NUMBER.sub("", words[-1]),
                node=_after(words, "-rfn", "-referenceNode"),
                namespace=_after(words, "-ns", "-namespace"),
                prefix=_after(words, "-rpr", "-renamingPrefix"),
                type=_after(words, "-typ", "-type"),
                loaded=_after(words, "-dr", "-deferReference") != "1",
                depth=int(depth),
            )
        )


def _after(words: list[str], *flags: str) -> str:
    """The word behind a flag; empty where the flag is absent."""
    for place, word in enumerate(words[:-1]):
        if word in flags:
            return words[place + 1]
    return ""


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
