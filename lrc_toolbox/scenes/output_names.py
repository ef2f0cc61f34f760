"""Which files a batch render leaves behind, by Maya's and the renderers' naming rules.

Plain data in, plain data out; nothing is looked up on a disk. What a submission of ours
writes is `engines.naming`'s matter. Any thread.

Source: Autodesk's "Subfolders and names of rendered images", mtoa's own scripts, the
submitters of Deadline and Royal Render, and the pages of Redshift, V-Ray and RenderMan
on their tokens; none could be tried here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lrc_toolbox.scenes.output_sequences import FrameNaming, OutputSequence
from lrc_toolbox.scenes.renderer_settings import renderer_settings
from lrc_toolbox.scenes.snapshot import LayerSnapshot

_TOKEN = re.compile(r"<(\w+)>")
_SHORT = re.compile(r"%([slc])")
_SHORT_WORDS = {"s": "scene", "l": "layer", "c": "camera"}
_FRAME = re.compile(r"^(?:f(\d?)|frame)$")
_BEAUTY_PATH = re.compile(r"<beautypath>/?", re.IGNORECASE)
_LAYER_TOKENS = frozenset({"layer", "renderlayer"})


@dataclass(frozen=True, slots=True)
class PictureFile:
    """One of the files that a camera leaves behind for each frame.

    Attributes:
        aov: the AOV's name; empty for the picture itself.
        word: what `<RenderPass>` and the like mean in its name.
        prefix: its own name with tokens, where `<BeautyPath>` and `<BeautyFile>` are
            the picture's folder and name; empty where it follows the picture's prefix.
        extension: of its own; empty where it has the picture's.
    """

    aov: str = ""
    word: str = ""
    prefix: str = ""
    extension: str = ""


@dataclass(frozen=True, slots=True)
class PictureNaming:
    """What decides the names of a layer's pictures, beside the layer itself.

    Attributes:
        frames: where the frame number stands.
        files: what each camera leaves behind (`aovs.picture_files`).
        prefix: counts in place of the layer's (`Settings.driver_prefix`); empty if not
            set.
        template: folder, name, number and extension, where the renderer keeps them as
            one (`Settings.template`).
        tokens: what else tokens mean, by lower-case names (`Settings.tokens`).
    """

    frames: FrameNaming
    files: tuple[PictureFile, ...] = (PictureFile(),)
    prefix: str = ""
    template: str = ""
    tokens: Mapping[str, str] = field(default_factory=dict)


def expected_outputs(
    scene_stem: str,
    layers: Sequence[LayerSnapshot],
    naming: Mapping[str, PictureNaming],
) -> tuple[OutputSequence, ...]:
    """What a batch render of all renderable layers leaves behind.

    Args:
        scene_stem: the scene's file name without its suffix.
        layers: all of the scene's; those that are not renderable are passed over.
        naming: by layer name.
    """
    several = len(layers) > 1
    return tuple(
        output
        for layer in layers
        if layer.renderable
        for names in [_Names(scene_stem, layer, naming[layer.name], several=several)]
        for camera in layer.cameras
        for output in names.outputs(camera)
    )


class _Names:
    """Spells the names of one layer's pictures."""

    def __init__(
        self,
        scene_stem: str,
        layer: LayerSnapshot,
        naming: PictureNaming,
        *,
        several: bool,
    ) -> None:
        self.scene_stem = scene_stem
        self.layer = layer
        self.naming = naming
        self.base = naming.template or _prefix(layer, naming, several_layers=several)

    def outputs(self, camera: str) -> Iterator[OutputSequence]:
        """What one camera leaves behind."""
        layered = renderer_settings(self.layer.renderer).layered
        known: set[str] = set()
        for each in self.naming.files:
            path = self.path(camera, each)
            extension = each.extension or self.layer.image_format.extension
            if layered and extension == "exr" and path in known:
                continue
            known.add(path)
            yield OutputSequence(
                layer=self.layer.name,
                camera=camera,
                aov=each.aov,
                pattern=path,
                frames=self.layer.frames,
                numbers=self.naming.frames.numbers(self.layer.frames),
            )

    def path(self, camera: str, each: PictureFile) -> str:
        """One pattern: every token said, number and extension where they belong."""
        extension = each.extension or self.layer.image_format.extension
        values = self.values(camera, each.word, extension)
        text = _say(self.base, values)
        if each.prefix:
            # The picture's own name says nothing of AOVs here.
            picture = _say(self.base, self.values(camera, "", extension))
            text = _beside(picture, each.prefix, values)
        if not self.naming.template:
            text = _numbered(text, self.naming.frames, extension)
        # RenderMan's paths start at the project, ours below its images folder.
        return re.sub(r"/{2,}", "/", text.removeprefix("../images/"))

    def values(self, camera: str, word: str, extension: str) -> dict[str, str]:
        """What the tokens of a name mean, by their lower-case names."""
        # Maya and mtoa put `_` for the colon of a namespace; a path's `|` cannot be in
        # a name. `defaultRenderLayer` is `masterLayer` in names (mtoa, AYON).
        eye = camera.rpartition("|")[2].replace(":", "_")
        name = self.layer.name.replace(":", "_")
        return {
            **self.naming.tokens,
            "scene": self.scene_stem,
            "file": self.scene_stem,
            "renderlayer": name,
            "layer": name,
            "camera": eye,
            **dict.fromkeys(("renderpass", "aov", "aovdir", "channel"), word),
            "renderpasstype": word,
            "renderpassfilegroup": "",
            "extension": extension,
            "ext": extension,
            "ws": "..",
        }


def _prefix(
    layer: LayerSnapshot, naming: PictureNaming, *, several_layers: bool
) -> str:
    """The prefix with a folder for each token that keeps pictures apart but is missing.

    Deadline's submitter adds layer, camera and AOV so, each for itself; mtoa's `hooks`
    do the same, as its `getFileName` says Maya does. All of the scene's layers count
    there, renderable or not. An absolute path gets no folders: mtoa warns instead, and
    so does V-Ray (Chaos' page "Common tab").
    """
    prefix = (naming.prefix or layer.image_prefix).replace("\\", "/") or "<Scene>"
    prefix = _SHORT.sub(lambda found: f"<{_SHORT_WORDS[found[1]]}>", prefix)
    if prefix.startswith("/") or prefix[1:2] == ":":
        return prefix
    used = {token.lower() for token in _TOKEN.findall(prefix)}
    folders = ""
    if several_layers and not used & _LAYER_TOKENS:
        folders += "<RenderLayer>/"
    if len(layer.cameras) > 1 and "camera" not in used:
        folders += "<Camera>/"
    apart = any(each.aov and not each.prefix for each in naming.files)
    if apart and "renderpass" not in used:
        folders += "<RenderPass>/"
    return folders + prefix


def _beside(picture: str, prefix: str, values: Mapping[str, str]) -> str:
    """The name of an AOV that is put where the picture is."""
    folder, slash, name = picture.rpartition("/")
    text = _BEAUTY_PATH.sub(lambda _: folder + slash, prefix.replace("\\", "/"))
    return _say(text, {**values, "beautyfile": name})


def _say(text: str, values: Mapping[str, str]) -> str:
    """A name with its tokens said; an unknown one stays as it is written."""

    def said(found: re.Match[str]) -> str:
        token = found[1].lower()
        number = _FRAME.match(token)
        if number is not None:
            return "#" * max(1, int(number[1] or 1))
        return values.get(token, found[0])

    return _TOKEN.sub(said, text)


def _numbered(text: str, naming: FrameNaming, extension: str) -> str:
    """Name, number and extension in the scene's order."""
    ending = f".{extension}" if naming.extension and extension else ""
    if not naming.numbered:
        return text + ending
    number = naming.separator + "#" * naming.padding
    if naming.before_extension:
        return text + number + ending
    # Without "frame before extension" the number comes last: `name.iff.0001`.
    return f"{text}{ending}.{'#' * naming.padding}"
