"""Whom a Render Setup collection selects: patterns, listed objects and type filters.

A selection is a set of DAG paths, root first; a node outside the DAG counts as a path
of one. Evaluates selectors only; what collections do is `render_setup`'s matter. Any
thread.

Source: the behaviour of `maya.app.renderSetup.model.selector`, Maya 2017 to 2023:
patterns are split at blanks, commas and semicolons and taken in order, `-` removes; a
child collection chooses among what its parent's selection leads to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lrc_toolbox.scenes.graph import SceneGraph, iterate_paths, path_name
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

_SPLIT = re.compile(r"[;,\s]+")


class Selectors:
    """Evaluates the selectors of one scene and remembers their selections."""

    def __init__(self, graph: SceneGraph) -> None:
        self._graph = graph
        self._known: dict[Node, set[Item]] = {}
        self._items: list[Item] | None = None

    def selection(self, selector: Node, depth: int = 0) -> set[Item]:
        """Everything that a selector node selects.

        Args:
            selector: a `simpleSelector` or `lightsCollectionSelector` node.
            depth: how many child collections stand above; a loop ends at 50.
        """
        known = self._known.get(selector)
        if known is None:
            above = self._graph.source(selector, "in")
            if above is None or depth > 50:
                among = self._world()
            else:
                parents = self.selection(above.node, depth + 1)
                among = sorted(
                    self._reached(parents, selector), key=lambda item: path_name(item)
                )
            known = self._known[selector] = self._choose(selector, among)
        return known

    def _world(self) -> list[Item]:
        """Every DAG path and every other node of the scene."""
        if self._items is None:
            self._items = list(iterate_paths(self._graph))
            self._items += [(node,) for node in self._graph.nodes if not is_dag(node)]
        return self._items

    def _choose(self, selector: Node, among: list[Item]) -> set[Item]:
        kind = selector.integer("tf", TRANSFORMS)
        accepted = [item for item in among if _passes(kind, selector, item[-1])]
        chosen: set[Item] = set()
        for pattern in filter(None, _SPLIT.split(selector.text("pat"))):
            matching = _matching(pattern.removeprefix("-"), accepted)
            if pattern.startswith("-"):
                chosen -= matching
            else:
                chosen |= matching
        listed = set(selector.text("ssl").split())
        names = {path.rpartition("|")[2].removeprefix(":") for path in listed}
        chosen.update(
            item
            for item in accepted
            if item[-1].name in names and _listed(item, listed)
        )
        return chosen

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
                stack.extend((*path, child) for child in path[-1].children)
        return found


def _listed(item: Item, listed: set[str]) -> bool:
    """True if the static selection names it: by path, or by name outside the DAG."""
    if is_dag(item[-1]):
        return path_name(item) in listed or (len(item) == 1 and item[0].name in listed)
    return item[-1].name in listed or f":{item[-1].name}" in listed


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


def _matching(pattern: str, items: list[Item]) -> set[Item]:
    """The items that a pattern of Maya's `ls` names."""
    if pattern == "*":
        return set(items)
    anchored = pattern.startswith("|")
    parts = [_compiled(part) for part in pattern.strip("|").split("|")]
    return {
        item
        for item in items
        if len(item) >= len(parts)
        and (not anchored or len(item) == len(parts))
        and all(
            part.match(node.name)
            for part, node in zip(reversed(parts), reversed(item), strict=False)
        )
    }


@lru_cache(maxsize=1024)
def _compiled(part: str) -> re.Pattern[str]:
    """One name of a pattern; `*` and `?` stay within a namespace."""
    text = re.escape(part.removeprefix(":"))
    text = text.replace(r"\*", "[^:|]*").replace(r"\?", "[^:|]")
    return re.compile(f"{text}$")
