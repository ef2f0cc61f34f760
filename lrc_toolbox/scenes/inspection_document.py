"""The JSON document about a scene: its keys, their types, and how a snapshot fills it.

The keys are promised to other programs (docs/inspection.schema.json); the snapshot
behind them may change more freely. Values only. Any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lrc_toolbox.scenes.findings import Finding
from lrc_toolbox.scenes.output_sequences import (
    FrameNaming,
    FrameSpan,
    ImageFormat,
    OutputSequence,
)
from lrc_toolbox.scenes.snapshot import (
    Aov,
    CameraSnapshot,
    Encoding,
    ExternalFile,
    LayerKind,
    LayerSnapshot,
    Plugin,
    ReferenceSnapshot,
    RenderScript,
    SceneSnapshot,
    ScriptNode,
    Timeline,
    Units,
)

#: Grows when a key is renamed, removed or means something else; not for added keys.
FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class LayerDocument:
    """One render layer with everything that it overrides taken into account.

    Attributes:
        name: as a person reads it; `masterLayer` for the default layer.
        node: the renderLayer node, what `Render -rl` takes.
        kind: the default layer, a legacy one, or one of Render Setup.
        renderable: Maya's batch render includes it.
        current: the scene was saved while this layer was shown.
        empty: nothing of the scene is in it; null where only Maya could tell.
        order: place in the layer list, from 0.
        animation: frames are numbered; else one single frame is rendered.
        frame_range: what Maya renders; one frame where animation is off.
        frames: the same as text that `--frames` takes.
        renderer: what renders it.
        resolution: width and height in pixels.
        image_prefix: `imageFilePrefix`; empty if not set.
        image_format: extension of its pictures, without a dot.
        cameras: names of the cameras that are renderable in it.
        overridden: which of `frames`, `renderer`, `resolution`, `image_prefix`,
            `image_format`, `cameras`, `animation` differ from the scene's own.
    """

    name: str
    node: str
    kind: LayerKind
    renderable: bool
    current: bool
    empty: bool | None
    order: int
    animation: bool
    frame_range: FrameSpan
    frames: str
    renderer: str
    resolution: tuple[int, int]
    image_prefix: str
    image_format: str
    cameras: tuple[str, ...]
    overridden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceDocument:
    """Another file that the scene loads.

    Attributes:
        path: as written in the file, without a copy number.
        node: the reference node.
        namespace: of its nodes; empty where names get a prefix instead.
        prefix: of its nodes' names; empty where there is a namespace.
        type: the file type as Maya names it: `mayaAscii`, `mayaBinary`, `Alembic`.
        loaded: it is read when Maya opens the scene.
        depth: 1 for the scene's own, 2 for those of references.
        found: it is on this disk.
        resolved: where; empty if it is nowhere.
        problem: why a found one could not be read; empty if it could or wasn't tried.
        malware: what known malware a script node of it looks like; empty if none.
    """

    path: str
    node: str
    namespace: str
    prefix: str
    type: str
    loaded: bool
    depth: int
    found: bool
    resolved: str
    problem: str
    malware: str


@dataclass(frozen=True, slots=True)
class OutputDocument:
    """The pictures that one layer, camera and AOV leave behind.

    Attributes:
        layer: the layer's name.
        camera: the camera's name.
        aov: the AOV that has files of its own; empty for the picture itself.
        pattern: path below the project's images folder (or absolute), every token
            expanded, `#` for each digit of the frame number.
        frame_range: which frames.
        number_range: the numbers in the names; not the frames' where Maya renumbers.
        count: how many files.
    """

    layer: str
    camera: str
    aov: str
    pattern: str
    frame_range: FrameSpan
    number_range: FrameSpan
    count: int


@dataclass(frozen=True, slots=True)
class SceneDocument:
    """What a scene is and offers to render; globals are without layer overrides.

    Attributes:
        lrc_inspection: version of this format.
        path: the file.
        size: of the file in bytes.
        seconds: how long reading took.
        damage: what is wrong with a file that was read only in part; empty if sound.
        maya_version: that wrote it: `2025`, `8.5`; empty if not said.
        encoding: how the file is written.
        info: `fileInfo` by key: application, version, license...
        units: working units.
        linear_unit: the unit of distances, as Maya's currentUnit answers: `cm`.
        fps: frames per second.
        renderer: `currentRenderer` of the render settings.
        renderer_plugin: the plug-in that it needs; empty if none is known.
        renderer_required: the file requires that plug-in.
        animation: frames are numbered; else one single frame is rendered.
        frame_range: start, end and step of the render settings, animation or not.
        frame: the single frame that is rendered where animation is off, else null.
        frames: what Maya renders, as text that `--frames` takes.
        current_time: the frame that was shown when the scene was saved.
        timeline: the time slider; null where the file has none.
        resolution: width and height in pixels.
        pixel_aspect: width of a pixel divided by its height.
        image_prefix: as the renderer's own settings have it; empty if not set.
        image_format: extension of the pictures, without a dot.
        image: what kind of picture, in Maya's own terms.
        naming: where the frame number stands in a picture's name.
        layers: in display order, the default layer first.
        cameras: of the scene and of its references that could be followed.
        aovs: AOVs and render elements.
        references: in file order, nested ones after their parent.
        textures: images that nodes name.
        caches: baked files that nodes name.
        other_files: any other files that nodes name.
        plugins: what the file requires, in its order.
        script_nodes: in file order.
        render_scripts: scripts of the render settings, then those of layers.
        node_counts: created nodes by type.
        connections: how many the file makes.
        outputs: what a batch render leaves behind, renderable layers only.
        findings: what is wrong or doubtful, the worst first.
    """

    lrc_inspection: Literal[1]
    path: str
    size: int
    seconds: float
    damage: str
    maya_version: str
    encoding: Encoding
    info: Mapping[str, str]
    units: Units
    linear_unit: str
    fps: float
    renderer: str
    renderer_plugin: str
    renderer_required: bool
    animation: bool
    frame_range: FrameSpan
    frame: float | None
    frames: str
    current_time: float
    timeline: Timeline | None
    resolution: tuple[int, int]
    pixel_aspect: float
    image_prefix: str
    image_format: str
    image: ImageFormat
    naming: FrameNaming
    layers: tuple[LayerDocument, ...]
    cameras: tuple[CameraSnapshot, ...]
    aovs: tuple[Aov, ...]
    references: tuple[ReferenceDocument, ...]
    textures: tuple[ExternalFile, ...]
    caches: tuple[ExternalFile, ...]
    other_files: tuple[ExternalFile, ...]
    plugins: tuple[Plugin, ...]
    script_nodes: tuple[ScriptNode, ...]
    render_scripts: tuple[RenderScript, ...]
    node_counts: Mapping[str, int]
    connections: int
    outputs: tuple[OutputDocument, ...]
    findings: tuple[Finding, ...]


def scene_document(
    scene: SceneSnapshot, findings: tuple[Finding, ...], seconds: float
) -> SceneDocument:
    """Put a snapshot into the document's words."""
    return SceneDocument(
        lrc_inspection=FORMAT_VERSION,
        path=scene.path,
        size=scene.size,
        seconds=seconds,
        damage=scene.damage,
        maya_version=scene.maya_version,
        encoding=scene.encoding,
        info=scene.info,
        units=scene.units,
        linear_unit=scene.units.linear,
        fps=scene.fps,
        renderer=scene.renderer,
        renderer_plugin=scene.renderer_plugin,
        renderer_required=scene.renderer_required,
        animation=scene.animation,
        frame_range=scene.frame_settings,
        frame=None if scene.animation else scene.frames.start,
        frames=str(scene.frames),
        current_time=scene.current_time,
        timeline=scene.timeline,
        resolution=scene.resolution,
        pixel_aspect=scene.pixel_aspect,
        image_prefix=scene.image_prefix,
        image_format=scene.image_format.extension,
        image=scene.image_format,
        naming=scene.naming,
        layers=tuple(map(_layer, scene.layers)),
        cameras=scene.cameras,
        aovs=scene.aovs,
        references=tuple(map(_reference, scene.references)),
        textures=tuple(file for file in scene.files if file.kind == "texture"),
        caches=tuple(file for file in scene.files if file.kind == "cache"),
        other_files=tuple(file for file in scene.files if file.kind == "other"),
        plugins=scene.plugins,
        script_nodes=scene.script_nodes,
        render_scripts=scene.render_scripts,
        node_counts=dict(sorted(scene.node_counts.items())),
        connections=scene.connections,
        outputs=tuple(map(_output, scene.outputs)),
        findings=findings,
    )


def _layer(layer: LayerSnapshot) -> LayerDocument:
    return LayerDocument(
        name=layer.name,
        node=layer.node,
        kind=layer.kind,
        renderable=layer.renderable,
        current=layer.current,
        empty=layer.empty,
        order=layer.order,
        animation=layer.animation,
        frame_range=layer.frames,
        frames=str(layer.frames),
        renderer=layer.renderer,
        resolution=layer.resolution,
        image_prefix=layer.image_prefix,
        image_format=layer.image_format.extension,
        cameras=layer.cameras,
        overridden=layer.overridden,
    )


def _reference(reference: ReferenceSnapshot) -> ReferenceDocument:
    return ReferenceDocument(
        path=reference.path,
        node=reference.node,
        namespace=reference.namespace,
        prefix=reference.prefix,
        type=reference.type,
        loaded=reference.loaded,
        depth=reference.depth,
        found=bool(reference.found),
        resolved=reference.found,
        problem=reference.problem,
        malware=reference.malware,
    )


def _output(output: OutputSequence) -> OutputDocument:
    return OutputDocument(
        layer=output.layer,
        camera=output.camera,
        aov=output.aov,
        pattern=output.pattern,
        frame_range=output.frames,
        number_range=output.numbers,
        count=output.count,
    )
