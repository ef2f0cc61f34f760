"""Whom a Render Setup collection selects: patterns, listed objects and type filters.

A selection is a set of DAG paths, root first; a node outside the DAG counts as a path
of one. Where a scene has too many paths, a node can stand for all of its own. Evaluates
selectors only; what collections do is `render_setup`'s matter. Any thread.

Source: the behaviour of `maya.app.renderSetup.model.selector`, Maya 2017 to 2023:
patterns are split at blanks, commas and semicolons and taken in order, `-` removes; a
child collection chooses among what its parent's selection leads to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase, translate
from itertools import chain

from lrc_toolbox.scenes.hierarchy import SceneGraph, iterate_paths, path_name
from lrc_toolbox.scenes.history import geometry_source
from lrc_toolbox.scenes.kinds import (
    is_a,
    is_dag,
    is_generator,
    is_light,
    is_shape,
    is_surface_shader,
    is_transform,
)
from lrc_toolbox.scenes.materials import engine_uses, surface_of
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.scene_read_error import SceneReadError

Item = tuple[Node, ...]

ALL, TRANSFORMS, SHAPES, SHADERS, LIGHTS, SETS = 0, 1, 2, 3, 4, 5
TRANSFORMS_AND_SHAPES, CAMERAS, CUSTOM, WITH_SHADERS = 6, 7, 8, 9
GENERATORS, ENGINES, LIGHTS_2022 = 10, 11, 12

_TESTS: dict[int, Callable[[Node], bool]] = {
    TRANSFORMS: lambda node: is_dag(node) and is_transform(node),
    SHAPES: is_shape,
    SHADERS: is_surface_shader,
    LIGHTS: is_light,
    LIGHTS_2022: is_light,
    SETS: lambda node: node.type == "objectSet",
    TRANSFORMS_AND_SHAPES: is_dag,
    CAMERAS: lambda node: node.type == "camera",
    WITH_SHADERS: lambda node: is_dag(node) or is_surface_shader(node),
    GENERATORS: is_generator,
    ENGINES: lambda node: node.type == "shadingEngine",
}

#: mtoa's own, below an AOV collection; its `.ann` names one aiAOV node (mtoa's
#: `renderSetup` callbacks).
_AOV_SELECTOR = "arnoldAOVChildSelector"
_PLAIN = re.compile(r"[^*?\[]*$")
_SPLIT = re.compile(r"[;,\s]+")
#: So long all paths of a scene may be together before nodes stand for them.
_MOST_PATH_NODES = 5_000_000


class _Among:
    """What a selector may choose from, found by name."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.by_name: dict[str, list[Item]] = {}
        for item in items:
            self.by_name.setdefault(item[-1].name, []).append(item)
        self._by_listing: dict[str, dict[str, list[Item]]] = {}

    def matching(self, pattern: str) -> Iterator[Item]:
        """The items that a pattern of Maya's `ls` names."""
        if pattern == "*":
            for same in self.by_name.values():
                yield from same
            return
        anchored = pattern.startswith("|")
        parts = [part.removeprefix(":") for part in pattern.strip("|").split("|")]
        for item in self._named(parts[-1]):
            depth = len(item) - len(parts)
            if depth < 0 or (anchored and depth):
                continue
            if all(
                _fits(part, node.name)
                for part, node in zip(parts[:-1], item[depth:], strict=False)
            ):
                yield item

    def listed(self, path: str) -> list[Item]:
        """The items that a static selection spells so, indexed name by name."""
        name = path.rpartition("|")[2].removeprefix(":")
        index = self._by_listing.get(name)
        if index is None:
            index = self._by_listing[name] = {}
            for item in self.by_name.get(name, ()):
                for listing in _listings(item):
                    index.setdefault(listing, []).append(item)
        return index.get(path, [])

    def _named(self, name: str) -> Iterator[Item]:
        if _PLAIN.match(name):
            yield from self.by_name.get(name, ())
            return
        if ":" in name:
            fitting = (each for each in self.by_name if _fits(name, each))
        else:
            # The rule of `_fits`, ten times as fast: scenes have 100,000 names.
            match = re.compile(translate(name)).match
            fitting = (each for each in self.by_name if match(each) and ":" not in each)
        for each in fitting:
            yield from self.by_name[each]


class _AmongNodes(_Among):
    """The same where every node stands for all of its paths: only names count."""

    def matching(self, pattern: str) -> Iterator[Item]:
        return super().matching(pattern.rpartition("|")[2])

    def listed(self, path: str) -> list[Item]:
        name = path.rpartition("|")[2].removeprefix(":")
        return self.by_name.get(name, [])


class Selectors:
    """Evaluates the selectors of one scene and remembers their selections."""

    def __init__(self, graph: SceneGraph, *, instances: bool = True) -> None:
        """Take a scene.

        Args:
            graph: the scene.
            instances: False: where there are too many, a node stands for all of its
                instances. That says whom overrides are for and whether there is
                anything in a layer, but not what it shows.
        """
        self._graph = graph
        self._instances = instances
        self._among: type[_Among] = _Among
        self._known: dict[Node, set[Item]] = {}
        self._world: _Among | None = None

    def selection(self, selector: Node, depth: int = 0) -> set[Item]:
        """Everything that a selector node selects.

        Args:
            selector: a `simpleSelector`, `lightsCollectionSelector` or
                `arnoldAOVChildSelector` node.
            depth: how many child collections stand above; a loop ends at 50.

        Raises:
            SceneReadError: the scene has too many instances, and each is asked for.
        """
        known = self._known.get(selector)
        if known is None:
            above = self._graph.source(selector, "in")
            if above is None or depth > 50:
                among = self._everything()
            else:
                parents = self.selection(above.node, depth + 1)
                among = self._among(self._reached(parents, selector))
            known = self._known[selector] = _choose(selector, among)
        return known

    def _everything(self) -> _Among:
        """Every DAG path and every other node of the scene."""
        if self._world is None:
            self._world = self._all_paths()
        return self._world

    def _all_paths(self) -> _Among:
        nodes = self._graph.nodes
        others = ((node,) for node in nodes if not is_dag(node))
        most = None if self._instances else _MOST_PATH_NODES
        try:
            return _Among(chain(iterate_paths(self._graph, most), others))
        except SceneReadError:
            if self._instances:
                raise
        self._among = _AmongNodes
        return _AmongNodes((node,) for node in nodes)

    def _reached(self, parents: set[Item], selector: Node) -> set[Item]:
        """What a parent's selection leads to, by the kind that the child wants."""
        kind = selector.integer("tf", TRANSFORMS)
        reached: set[Item] = set()
        if kind not in (SHADERS, ENGINES, GENERATORS, SETS):
            reached |= self._hierarchy(parents)
        shapes = [item[-1] for item in self._hierarchy(parents) if is_shape(item[-1])]
        engines = {
            use.engine for shape in shapes for use in engine_uses(self._graph, shape)
        }
        if kind in (ENGINES, ALL, CUSTOM):
            reached |= {(engine,) for engine in engines}
        if kind in (SHADERS, ALL, CUSTOM, WITH_SHADERS):
            surfaces = (surface_of(self._graph, engine) for engine in engines)
            reached |= {(surface,) for surface in surfaces if surface}
        if kind in (GENERATORS, ALL, CUSTOM):
            sources = (geometry_source(self._graph, shape).source for shape in shapes)
            reached |= {(source,) for source in sources if is_generator(source)}
        return reached | {item for item in parents if not is_dag(item[-1])}

    def _hierarchy(self, items: set[Item]) -> set[Item]:
        """The DAG paths among these and all below them."""
        found: set[Item] = set()
        stack = [item for item in items if is_dag(item[-1])]
        while stack:
            path = stack.pop()
            if path not in found:
                found.add(path)
                above = () if self._among is _AmongNodes else path
                stack.extend((*above, child) for child in path[-1].children)
        return found


def _choose(selector: Node, among: _Among) -> set[Item]:
    """What a selector's patterns and list take out of what it may choose from."""
    if selector.type == _AOV_SELECTOR:
        return set(among.listed(selector.text("ann")))
    kind = selector.integer("tf", TRANSFORMS)
    chosen: set[Item] = set()
    for pattern in filter(None, _SPLIT.split(selector.text("pat"))):
        matching = {
            item
            for item in among.matching(pattern.removeprefix("-"))
            if _passes(kind, selector, item[-1])
        }
        if pattern.startswith("-"):
            chosen -= matching
        else:
            chosen |= matching
    listed = set(selector.text("ssl").split())
    chosen.update(
        item
        for path in listed
        for item in among.listed(path)
        if _passes(kind, selector, item[-1])
    )
    return chosen


def _listings(item: Item) -> tuple[str, ...]:
    """How a static selection may spell it: by path, or by name outside the DAG."""
    name = item[-1].name
    if not is_dag(item[-1]):
        return name, f":{name}"
    return (path_name(item), name) if len(item) == 1 else (path_name(item),)


def _passes(kind: int, selector: Node, node: Node) -> bool:
    """True if the type filter lets a node through."""
    if kind == CUSTOM:
        return _passes_custom(selector.text("cfv"), node)
    test = _TESTS.get(kind)
    return test is None or test(node)


def _passes_custom(filters: str, node: Node) -> bool:
    """Types and classifications, `-` in front excludes; only exclusions: all else."""
    words = [word for word in _SPLIT.split(filters) if word]
    excluded = [word[1:] for word in words if word.startswith("-")]
    included = [word for word in words if not word.startswith("-")]
    if any(is_a(node, word) for word in excluded):
        return False
    return not included or any(is_a(node, word) for word in included)


def _fits(pattern: str, name: str) -> bool:
    """True if a name fits; `*` and `?` stay within a namespace, as in Maya's `ls`."""
    parts, names = pattern.split(":"), name.split(":")
    return len(parts) == len(names) and all(map(fnmatchcase, names, parts))
