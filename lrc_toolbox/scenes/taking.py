"""Taking a snapshot: asks a scene everything that `snapshot` has words for.

Only puts the answers together; each question has a file of its own. It reads no
geometry. Any thread.
"""

from __future__ import annotations

from pathlib import Path

from lrc_toolbox.scenes.aovs import read_aovs
from lrc_toolbox.scenes.cameras import (
    RenderableCameras,
    camera_names,
    camera_snapshot,
)
from lrc_toolbox.scenes.following import (
    Followed,
    follow_references,
    reference_snapshot,
)
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.layers import Layer, has_members, read_layers
from lrc_toolbox.scenes.render_settings import (
    Settings,
    current_time,
    read_timeline,
    renderer_plugin,
    requires_plugin,
)
from lrc_toolbox.scenes.render_setup import layer_content
from lrc_toolbox.scenes.selectors import Selectors
from lrc_toolbox.scenes.snapshot import LayerSnapshot, SceneSnapshot, Units

#: What a layer may have of its own, by the names of `LayerSnapshot`.
_OWN = (
    *("frames", "renderer", "resolution", "image_prefix", "image_format"),
    *("cameras", "animation"),
)


def read_snapshot(
    path: str | Path, *, partial: bool = False, follow: bool = False
) -> SceneSnapshot:
    """Read what a scene is and offers to render.

    Args:
        path: the file.
        partial: say what was read before the damage instead of raising.
        follow: as `take_snapshot` has it.

    Raises:
        SceneReadError: the file is missing, truncated or no Maya scene.
    """
    return take_snapshot(read_scene(path, partial=partial), follow=follow)


def take_snapshot(graph: SceneGraph, *, follow: bool = False) -> SceneSnapshot:
    """What a scene that was already read is and offers to render.

    Args:
        graph: the scene.
        follow: read the loaded references too and offer their cameras. Nothing else on
            the disk is looked at without it.
    """
    followed = follow_references(graph) if follow else _listed(graph)
    layers = _Layers(graph, followed)
    plain = layers.plain
    renderer = plain.renderer()
    return SceneSnapshot(
        path=graph.path,
        size=graph.size,
        maya_version=graph.maya_version,
        encoding=graph.encoding,
        units=Units(graph.linear_unit, graph.angle_unit, graph.time_unit),
        fps=graph.fps,
        renderer=renderer,
        renderer_plugin=renderer_plugin(renderer),
        renderer_required=requires_plugin(graph, renderer),
        frames=plain.frames(),
        frame_settings=plain.frame_settings(),
        animation=plain.animation(),
        current_time=current_time(graph),
        timeline=read_timeline(graph),
        resolution=plain.resolution(),
        pixel_aspect=plain.pixel_aspect(),
        image_prefix=plain.prefix(),
        image_format=plain.image_format(),
        naming=plain.naming(),
        layers=tuple(map(layers.take, read_layers(graph))),
        cameras=(
            *(camera_snapshot(name, node) for name, node in layers.cameras.items()),
            *followed.cameras,
        ),
        aovs=read_aovs(graph),
        references=tuple(followed.references),
        plugins=tuple(graph.plugins),
        node_counts=dict(graph.counts),
        connections=graph.connections,
        info=dict(graph.info),
        damage=str(graph.damage) if graph.damage else "",
    )


def _listed(graph: SceneGraph) -> Followed:
    return Followed([reference_snapshot(each) for each in graph.references])


class _Layers:
    """Takes the layers of one scene, with what they share found once."""

    def __init__(self, graph: SceneGraph, followed: Followed) -> None:
        self.graph = graph
        self.selectors = Selectors(graph)
        self.plain = Settings(graph, {})
        self.cameras = camera_names(graph)
        others = tuple(each.name for each in followed.cameras if each.renderable)
        self.renderable = RenderableCameras(self.cameras, others)
        self.foreign = any(each.loaded for each in graph.references)
        self.base = self.answers(self.plain)

    def answers(self, settings: Settings) -> dict[str, object]:
        """What `overridden` compares, in its order."""
        values = (
            settings.frames(),
            settings.renderer(),
            settings.resolution(),
            settings.prefix(),
            settings.image_format(),
            self.renderable.under(settings.overrides),
            settings.animation(),
        )
        return dict(zip(_OWN, values, strict=True))

    def take(self, layer: Layer) -> LayerSnapshot:
        content = layer_content(self.graph, layer, self.selectors, members=False)
        overrides = content.overrides
        settings = Settings(self.graph, overrides) if overrides else self.plain
        answers = self.answers(settings) if overrides else self.base
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
            image_format=settings.image_format(),
            animation=settings.animation(),
            cameras=self.renderable.under(overrides),
            current=layer.current,
            empty=self.empty(layer),
            overridden=tuple(name for name in _OWN if answers[name] != self.base[name]),
        )

    def empty(self, layer: Layer) -> bool | None:
        """True if nothing is in it; None where references could still be."""
        if layer.kind == "default":
            return False
        if layer.setup is None:
            return not has_members(self.graph, layer)
        if layer_content(self.graph, layer, self.selectors).members:
            return False
        return None if self.foreign else True
