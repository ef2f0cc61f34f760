"""Taking a snapshot: asks a scene everything that `snapshot` has words for.

Only puts the answers together; each question has a file of its own. It reads no
geometry. Any thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.jobs.bulk import making_many
from lrc_toolbox.scenes.aovs import read_aovs
from lrc_toolbox.scenes.cameras import (
    RenderableCameras,
    adopt_camera,
    camera_names,
    camera_snapshot,
)
from lrc_toolbox.scenes.external_files import read_files
from lrc_toolbox.scenes.following import Followed, follow_references, list_references
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.kinds import matters_to_snapshot
from lrc_toolbox.scenes.layers import (
    Layer,
    LayerContent,
    has_members,
    read_layers,
)
from lrc_toolbox.scenes.output_sequences import FrameSpan, ImageFormat
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.reference_edits import link_placeholders
from lrc_toolbox.scenes.render_scripts import read_render_scripts
from lrc_toolbox.scenes.render_settings import (
    Overrides,
    Settings,
    current_time,
    read_timeline,
    renderer_plugin,
    requires_plugin,
)
from lrc_toolbox.scenes.render_setup import layer_content
from lrc_toolbox.scenes.scene_outputs import Outputs, scene_outputs
from lrc_toolbox.scenes.script_nodes import read_script_nodes
from lrc_toolbox.scenes.selectors import Selectors
from lrc_toolbox.scenes.snapshot import (
    CameraSnapshot,
    LayerSnapshot,
    SceneSnapshot,
    Units,
)

#: Layers times nodes: past so many their selections are not worked out.
_MOST_SELECTED = 20_000_000


class _Offer(NamedTuple):
    """What a layer may have of its own, by the names of `LayerSnapshot`."""

    frames: FrameSpan
    renderer: str
    resolution: tuple[int, int]
    image_prefix: str
    image_format: ImageFormat
    cameras: tuple[str, ...]
    animation: bool


def read_snapshot(
    path: str | Path,
    *,
    partial: bool = False,
    follow: bool = False,
    whole: bool = False,
) -> SceneSnapshot:
    """Read what a scene offers to render, and with `whole` all else about it.

    Args:
        path: the file.
        partial: say what was read before the damage instead of raising.
        follow: as `take_snapshot` has it.
        whole: look the scene's files up on this disk too; see `take_snapshot`.

    Raises:
        SceneReadError: the file is missing, truncated or no Maya scene.
    """
    graph = read_scene(path, partial=partial, wanted=matters_to_snapshot)
    return take_snapshot(graph, follow=follow, places=Places(path) if whole else None)


def take_snapshot(
    graph: SceneGraph, *, follow: bool = False, places: Places | None = None
) -> SceneSnapshot:
    """What a scene that was already read is and offers to render.

    Args:
        graph: the scene; with `follow` it gets the cameras of its references.
        follow: read the loaded references too and offer their cameras.
        places: where the scene's files are. Without it nothing is looked up, and what
            takes time and no submission asks is left out: `files`, `outputs`,
            `script_nodes`, `render_scripts` and whether a Render Setup layer is empty.
    """
    followed = (follow_references if follow else list_references)(graph, places)
    with making_many():
        return _taken(graph, followed, places)


def _taken(
    graph: SceneGraph, followed: Followed, places: Places | None
) -> SceneSnapshot:
    layers = _Layers(graph, followed, whole=places is not None)
    taken = tuple(map(layers.take, read_layers(graph)))
    plain = layers.plain
    renderer = plain.renderer()
    outputs = scene_outputs(graph, taken, layers.overrides) if places else Outputs()
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
        frames_listed=plain.frames_listed(),
        animation=plain.animation(),
        current_time=current_time(graph),
        timeline=read_timeline(graph),
        resolution=plain.resolution(),
        pixel_aspect=plain.pixel_aspect(),
        image_prefix=plain.prefix(),
        image_format=plain.image_format(),
        naming=plain.naming(),
        layers=taken,
        cameras=tuple(layers.camera_snapshots()),
        aovs=read_aovs(graph),
        references=tuple(followed.references),
        files=read_files(graph, places) if places else (),
        plugins=tuple(graph.plugins),
        script_nodes=read_script_nodes(graph) if places else (),
        render_scripts=read_render_scripts(graph, layers.overrides) if places else (),
        node_counts=dict(graph.counts),
        connections=graph.connections,
        info=dict(graph.info),
        outputs=outputs.listed,
        outputs_left_out=outputs.left_out,
        damage=graph.damage.detail if graph.damage else "",
    )


class _Layers:
    """Takes the layers of one scene, with what they share found once."""

    def __init__(self, graph: SceneGraph, followed: Followed, *, whole: bool) -> None:
        self.graph = graph
        self.whole = whole
        self.selectors = Selectors(graph, instances=False)
        self.layer_count = len(graph.of_type("renderSetupLayer"))
        self.plain = Settings(graph, {})
        self.files = {
            adopt_camera(graph, path, camera): camera.reference
            for path, camera in followed.cameras
        }
        link_placeholders(graph, followed.edits)
        self.cameras = camera_names(graph)
        self.renderable = RenderableCameras(self.cameras)
        self.foreign = any(each.loaded for each in graph.references)
        self.base = self.offer(self.plain)
        #: by layer name, of the layers that have any.
        self.overrides: dict[str, Overrides] = {}

    def camera_snapshots(self) -> Iterator[CameraSnapshot]:
        for name, node in self.cameras.items():
            file = self.files.get(node, "")
            yield camera_snapshot(name, node, reference=file)

    def offer(self, settings: Settings) -> _Offer:
        return _Offer(
            frames=settings.frames(),
            renderer=settings.renderer(),
            resolution=settings.resolution(),
            image_prefix=settings.prefix(),
            image_format=settings.image_format(),
            cameras=self.renderable.under(settings.overrides),
            animation=settings.animation(),
        )

    def offer_under(self, overrides: Overrides) -> _Offer:
        # No setting of a render is kept on objects, which most overrides are for.
        if all(node.parents for node, _ in overrides):
            return self.base._replace(cameras=self.renderable.under(overrides))
        return self.offer(Settings(self.graph, overrides))

    def take(self, layer: Layer) -> LayerSnapshot:
        members = self.asks_members(layer)
        content = layer_content(self.graph, layer, self.selectors, members=members)
        if content.overrides:
            self.overrides[layer.name] = content.overrides
        offer = self.offer_under(content.overrides)
        return LayerSnapshot(
            name=layer.name,
            node=layer.node.name,
            kind=layer.kind,
            renderable=layer.renderable,
            order=layer.order,
            frames=offer.frames,
            resolution=offer.resolution,
            renderer=offer.renderer,
            image_prefix=offer.image_prefix,
            image_format=offer.image_format,
            animation=offer.animation,
            cameras=offer.cameras,
            current=layer.current,
            empty=self.empty(layer, content),
            overridden=tuple(
                name
                for name, own, base in zip(
                    _Offer._fields, offer, self.base, strict=True
                )
                if own != base
            ),
        )

    def asks_members(self, layer: Layer) -> bool:
        """True where it is worked out who is in a layer; it takes time, so rarely."""
        nodes = self.layer_count * len(self.graph.nodes)
        return layer.setup is not None and self.whole and nodes <= _MOST_SELECTED

    def empty(self, layer: Layer, content: LayerContent) -> bool | None:
        """True if nothing is in it; None where it was not asked or references count."""
        if layer.kind == "default":
            return False
        if layer.setup is None:
            return not has_members(self.graph, layer)
        if content.members:
            return False
        return None if self.foreign or not self.asks_members(layer) else True
