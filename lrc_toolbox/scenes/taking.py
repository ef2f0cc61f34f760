"""Taking a snapshot: asks a scene everything that `snapshot` has words for.

Only puts the answers together; each question has a file of its own. It reads no
geometry. Any thread.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.layers import Layer, Override, read_layers
from lrc_toolbox.scenes.nodes import Node, as_number
from lrc_toolbox.scenes.render_setup import apply_overrides, layer_content
from lrc_toolbox.scenes.selectors import Selectors
from lrc_toolbox.scenes.snapshot import (
    CameraSnapshot,
    FrameSpan,
    LayerSnapshot,
    ReferenceSnapshot,
    SceneSnapshot,
)
from lrc_toolbox.scenes.values import Value

_CAMERA_TYPES = ("camera", "stereoRigCamera")
_PLAYBACK = re.compile(r"-(min|max)\s+(-?\d+(?:\.\d*)?)")
#: `.ar`: frames come from the time slider, not from start and end frame.
_TIME_SLIDER = 1

Overrides = Mapping[tuple[Node, str], list[Override]]


def read_snapshot(path: str | Path) -> SceneSnapshot:
    """Read what a Maya ASCII scene offers to render.

    Raises:
        SceneReadError: the file is missing, binary, truncated or no Maya scene.
    """
    return take_snapshot(read_scene(path))


def take_snapshot(graph: SceneGraph) -> SceneSnapshot:
    """What a scene that was already read offers to render."""
    plain = _Settings(graph, {})
    selectors = Selectors(graph)
    cameras = camera_names(graph)
    return SceneSnapshot(
        path=graph.path,
        maya_version=graph.maya_version,
        fps=graph.fps,
        renderer=plain.renderer(),
        frames=plain.frames(),
        animation=plain.animation(),
        resolution=plain.resolution(),
        image_prefix=plain.prefix(),
        layers=tuple(
            _layer(graph, layer, selectors, cameras) for layer in read_layers(graph)
        ),
        cameras=tuple(
            CameraSnapshot(
                name=name,
                node=node.name,
                renderable=node.flag("rnd", True),
                orthographic=node.flag("o"),
                startup=node.shared,
            )
            for name, node in cameras.items()
        ),
        references=tuple(
            ReferenceSnapshot(
                path=each.path,
                node=each.node,
                namespace=each.namespace,
                prefix=each.prefix,
                type=each.type,
                loaded=each.loaded,
                depth=each.depth,
            )
            for each in graph.references
        ),
    )


def camera_names(graph: SceneGraph) -> dict[str, Node]:
    """Every camera shape by the name that an artist reads: its transform's."""
    names = {}
    for node in graph.of_type(*_CAMERA_TYPES):
        path = graph.paths(node)[0]
        names[graph.short_path(path[:-1] or path)] = node
    return names


def _layer(
    graph: SceneGraph, layer: Layer, selectors: Selectors, cameras: dict[str, Node]
) -> LayerSnapshot:
    content = layer_content(graph, layer, selectors, members=False)
    settings = _Settings(graph, content.overrides)
    return LayerSnapshot(
        name=layer.name,
        node=layer.node.name,
        kind=layer.kind,
        renderable=layer.renderable,
        order=layer.order,
        frames=settings.frames(),
        resolution=settings.resolution(),
        renderer=settings.renderer(),
        image_prefix=settings.prefix(),
        cameras=tuple(
            name
            for name, node in cameras.items()
            if settings.number(node, "rnd", 1.0) > 0
        ),
    )


class _Settings:
    """The scene's render settings under a layer's overrides."""

    def __init__(self, graph: SceneGraph, overrides: Overrides) -> None:
        self.graph = graph
        self.overrides = overrides

    def value(self, node: Node | None, attr: str, default: Value) -> Value:
        if node is None:
            return default
        value = node.get(attr, default)
        value = apply_overrides(value, self.overrides.get((node, attr), []))
        return default if value is None else value

    def number(self, node: Node | None, attr: str, default: float) -> float:
        number = as_number(self.value(node, attr, default))
        return number if math.isfinite(number) else default

    def of_globals(self, attr: str, default: Value) -> Value:
        return self.value(self.graph.node("defaultRenderGlobals"), attr, default)

    def renderer(self) -> str:
        return str(self.of_globals("ren", "") or "mayaSoftware")

    def prefix(self) -> str:
        return str(self.of_globals("ifp", ""))

    def animation(self) -> bool:
        return as_number(self.of_globals("an", False)) > 0

    def frames(self) -> FrameSpan:
        if not self.animation():
            now = self.number(self.graph.node("time1"), "o", 1.0)
            return FrameSpan(now, now)
        node = self.graph.node("defaultRenderGlobals")
        start, end = self.number(node, "fs", 1.0), self.number(node, "ef", 10.0)
        if self.number(node, "ar", 0.0) == _TIME_SLIDER:
            start, end = self.time_slider(start, end)
        return FrameSpan(start, end, self.number(node, "bfs", 1.0) or 1.0)

    def time_slider(self, start: float, end: float) -> tuple[float, float]:
        """The playback range, which Maya keeps as a script."""
        script = self.graph.node("sceneConfigurationScriptNode")
        text = script.text("b") if script else ""
        found = {flag: float(number) for flag, number in _PLAYBACK.findall(text)}
        return found.get("min", start), found.get("max", end)

    def resolution(self) -> tuple[int, int]:
        node = self.graph.node("defaultResolution")
        width, height = _default_resolution(self.graph.maya_version)
        return (
            round(self.number(node, "w", width)),
            round(self.number(node, "h", height)),
        )


def _default_resolution(maya_version: str) -> tuple[int, int]:
    """960 x 540 from Maya 2014 on, 640 x 480 before (seen in files of both)."""
    year = re.match(r"\d{1,4}", maya_version)
    older = year is not None and int(year.group()) < 2014
    return (640, 480) if older else (960, 540)
