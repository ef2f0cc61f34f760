"""What a scene file says, as plain frozen data: the words of every answer about it.

How the answers are found is `taking`'s matter, what is wrong with them `preflight`'s.
Values only: safe on any thread, comparable, and the same for `.ma` and `.mb`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lrc_toolbox.scenes.output_sequences import (
    FrameNaming,
    FrameSpan,
    ImageFormat,
    OutputSequence,
)

LayerKind = Literal["default", "legacy", "render_setup"]
#: What a file is to a scene: an image, something baked, or anything else.
FileKind = Literal["texture", "cache", "other"]
#: What a new scene has until somebody says otherwise.
_NEW_FORMAT = ImageFormat("Maya IFF", "iff")
_NEW_FRAMES = FrameSpan(1, 10)
_NEW_NAMING = FrameNaming()


@dataclass(frozen=True, slots=True)
class Timeline:
    """The time slider as the scene was saved, in frames.

    Attributes:
        start: left end of the playback range (`playbackOptions -min`).
        end: right end of the playback range (`-max`).
        animation_start: left end of the whole animation (`-ast`).
        animation_end: right end of the whole animation (`-aet`).
    """

    start: float
    end: float
    animation_start: float
    animation_end: float


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the file is written.

    Attributes:
        binary: `FOR4` or `FOR8` for Maya binary, empty for Maya ASCII.
        codeset: as an ASCII file declares it (`1252`, `936`, `UTF-8`); empty if not.
        newline: `LF` or `CRLF`; empty for binary.
        non_ascii: characters beyond ASCII; 0 for binary.
        complete: the end that Maya writes is there (`// End of`, the trailing `HEAD`).
    """

    binary: str
    codeset: str
    newline: str
    non_ascii: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Units:
    """Working units, by the names that Maya's currentUnit answers with.

    Attributes:
        linear: `cm`, `m`, `in`...
        angle: `deg` or `rad`.
        time: `film`, `pal`, `ntsc`, `120fps`...
    """

    linear: str
    angle: str
    time: str


@dataclass(frozen=True, slots=True)
class CameraSnapshot:
    """One camera.

    Attributes:
        name: its transform's name, as an artist reads it; with as much of the DAG path
            as makes it unique.
        node: the camera shape's name.
        renderable: outside any layer override.
        orthographic: it has no perspective.
        startup: one of Maya's own (persp, top, front, side).
        focal_length: in millimetres.
        reference: the file that it comes from; empty for the scene's own.
    """

    name: str
    node: str
    renderable: bool
    orthographic: bool
    startup: bool
    focal_length: float = 35.0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class LayerSnapshot:
    """One render layer with everything that it overrides taken into account.

    Attributes:
        name: as a person reads it; `masterLayer` for the default layer.
        node: the renderLayer node, e.g. `rs_beauty`: what `Render -rl` takes.
        renderable: Maya's batch render includes it.
        order: place in the layer list, from 0.
        frames: a single frame where animation is off.
        cameras: names of the cameras that are renderable in this layer.
        image_prefix: `imageFilePrefix`; empty if not set.
        image_format: of the pictures it writes.
        current: the scene was saved while this layer was shown.
        empty: nothing of the scene is in it; None where only Maya could tell.
        overridden: which of `frames`, `renderer`, `resolution`, `image_prefix`,
            `image_format`, `cameras`, `animation` differ from the scene's own.
    """

    name: str
    node: str
    kind: LayerKind
    renderable: bool
    order: int
    frames: FrameSpan
    resolution: tuple[int, int]
    renderer: str
    image_prefix: str
    cameras: tuple[str, ...]
    image_format: ImageFormat = _NEW_FORMAT
    animation: bool = True
    current: bool = False
    empty: bool | None = None
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aov:
    """One AOV or render element.

    Attributes:
        name: as it appears in files: `diffuse`, `Ci`.
        node: the node that describes it.
        type: that node's type: `aiAOV`, `RedshiftAOV`, `VRayRenderElement...`.
        enabled: the renderer will write it.
    """

    name: str
    node: str
    type: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class ReferenceSnapshot:
    """Another file that the scene loads.

    Attributes:
        path: as written in the file, without a copy number (`{2}`).
        node: the reference node.
        namespace: of its nodes; empty where names get a prefix instead.
        prefix: of its nodes' names (`-rpr`); empty where there is a namespace.
        type: the file type as Maya names it: `mayaAscii`, `mayaBinary`, `Alembic`.
        loaded: it is read when Maya opens the scene.
        depth: 1 for the scene's own, 2 for those of references.
        found: where it is on this disk; empty if it is nowhere.
        problem: why a found one could not be read; empty if it could or wasn't tried.
        remedy: what to do about the problem; empty where nothing is known.
        malware: what known malware a script node of it looks like; empty if none.
    """

    path: str
    node: str
    namespace: str
    prefix: str
    type: str
    loaded: bool
    depth: int
    found: str = ""
    problem: str = ""
    remedy: str = ""
    malware: str = ""


@dataclass(frozen=True, slots=True)
class ExternalFile:
    """A file that a node names.

    Attributes:
        node: the node.
        attribute: its attribute, by the long name where that is known.
        path: as written in the scene.
        kind: what it is to the scene.
        found: it is on this disk: the file itself, or every one of those needed.
        resolved: where; empty if it is not found. For sequences and UDIM tiles, the
            pattern.
        count: how many files stand for it: frames or tiles; 1 for a single file.
        missing: numbers of absent frames or tiles, at most the first 20.
    """

    node: str
    attribute: str
    path: str
    kind: FileKind
    found: bool
    resolved: str = ""
    count: int = 1
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plug-in that the file requires.

    Attributes:
        name: as in `requires`.
        version: as in `requires`; any text.
        node_types: the types of this scene that it defines.
    """

    name: str
    version: str
    node_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptNode:
    """A node that carries a script.

    Attributes:
        name: the node.
        type: `scriptType` number: 0 on demand, 1 when opened or closed, 2 when the GUI
            opens it, 3 UI configuration, 4 and 5 software rendering, 6 scene
            configuration, 7 time change.
        language: `mel` or `python`.
        before: characters of the script that runs first.
        after: characters of the script that runs at the end.
        runs: Maya runs it by itself in a batch render.
        malware: what known malware it looks like; empty if none.
        warning: what is doubtful about it, as a sentence; empty if nothing.
    """

    name: str
    type: int
    language: str
    before: int
    after: int
    runs: bool
    malware: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class RenderScript:
    """A script that the render settings hold: a batch render runs it.

    Attributes:
        node: that holds it: `defaultRenderGlobals`, `redshiftOptions`...
        attribute: that holds it, by its long name: `preMel`.
        layer: the layer that overrides it; empty for the scene's own.
        renderer: whose renders run it; empty for all.
        language: `mel` or `python`.
        length: characters of it.
        begins: its first line of code.
        malware: what known malware it looks like; empty if none.
        warning: what is doubtful about it, as a sentence; empty if nothing.
    """

    node: str
    attribute: str
    layer: str
    renderer: str
    language: str
    length: int
    begins: str
    malware: str = ""
    warning: str = ""

    @property
    def name(self) -> str:
        """Node and attribute as Maya's commands have them, then the layer."""
        layer = f" ({self.layer})" if self.layer else ""
        return f"{self.node}.{self.attribute}{layer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneSnapshot:
    """What a scene is and offers to render; globals are without layer overrides.

    Attributes:
        path: the file.
        size: of the file in bytes.
        maya_version: that wrote it: `2025`, `8.5`; empty if not said.
        encoding: how it is written.
        units: working units.
        fps: frames per second.
        renderer: `currentRenderer` of the render settings.
        renderer_plugin: the plug-in that this renderer needs; empty for Maya's own
            renderers and unknown ones.
        renderer_required: the file requires that plug-in.
        frames: what Maya would render; a single frame where animation is off.
        frame_settings: start, end and step of the render settings, animation or not.
        animation: the render settings number frames (`animation` is on).
        frames_listed: V-Ray renders frames that it lists, not start to end; which ones
            is not known.
        current_time: the frame that was shown when the scene was saved.
        timeline: the time slider; None where the file has none.
        resolution: width and height in pixels.
        pixel_aspect: width of a pixel divided by its height.
        image_prefix: as the renderer's own settings have it; empty if not set.
        image_format: of the renderer's own settings.
        naming: where the frame number stands.
        layers: in display order, the default layer first.
        cameras: of the scene and of the loaded references that could be followed.
        aovs: AOVs and render elements.
        references: in file order, nested ones after their parent.
        files: textures, caches and other files.
        plugins: what the file requires, in its order.
        script_nodes: in file order.
        render_scripts: scripts of the render settings, then those of layers.
        node_counts: created nodes by type.
        connections: how many the file makes.
        info: `fileInfo` by key: application, version, license...
        outputs: what a batch render leaves behind, renderable layers only.
        outputs_left_out: how many sequences these are where they are too many to be
            listed; 0 where `outputs` has them all.
        damage: what is wrong with the file where it could be read only in part; empty
            for a sound file.
    """

    path: str
    maya_version: str
    fps: float
    renderer: str
    frames: FrameSpan
    animation: bool
    resolution: tuple[int, int]
    image_prefix: str
    layers: tuple[LayerSnapshot, ...]
    cameras: tuple[CameraSnapshot, ...]
    size: int = 0
    encoding: Encoding = Encoding("", "", "LF", 0, True)
    units: Units = Units("cm", "deg", "film")
    renderer_plugin: str = ""
    renderer_required: bool = False
    frame_settings: FrameSpan = _NEW_FRAMES
    frames_listed: bool = False
    current_time: float = 1.0
    timeline: Timeline | None = None
    pixel_aspect: float = 1.0
    image_format: ImageFormat = _NEW_FORMAT
    naming: FrameNaming = _NEW_NAMING
    aovs: tuple[Aov, ...] = ()
    references: tuple[ReferenceSnapshot, ...] = ()
    files: tuple[ExternalFile, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    script_nodes: tuple[ScriptNode, ...] = ()
    render_scripts: tuple[RenderScript, ...] = ()
    node_counts: Mapping[str, int] = field(default_factory=dict, hash=False)
    connections: int = 0
    info: Mapping[str, str] = field(default_factory=dict, hash=False)
    outputs: tuple[OutputSequence, ...] = ()
    outputs_left_out: int = 0
    damage: str = ""

    def layer(self, name: str) -> LayerSnapshot | None:
        """The layer of this name, else of this node name."""
        by_node = {layer.node: layer for layer in self.layers}
        by_name = {layer.name: layer for layer in self.layers}
        return by_name.get(name) or by_node.get(name)

    def camera(self, name: str) -> CameraSnapshot | None:
        """The camera of this name, else of this shape name."""
        by_node = {camera.node: camera for camera in self.cameras}
        by_name = {camera.name: camera for camera in self.cameras}
        return by_name.get(name) or by_node.get(name)
