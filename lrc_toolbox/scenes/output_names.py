"""Which files a batch render leaves behind, by Maya's and the renderers' naming rules.

Plain data in, plain data out; nothing is looked up on a disk. What a submission of ours
writes is `engines.naming`'s matter. Any thread.

Source: Autodesk's "Subfolders and names of rendered images" and the renderers' pages on
their tokens (mtoa, Redshift, V-Ray, RenderMan for Maya); none could be tried here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from lrc_toolbox.scenes.renderer_settings import renderer_settings
from lrc_toolbox.scenes.snapshot import Aov, FrameNaming, LayerSnapshot, OutputSequence

_TOKEN = re.compile(r"<(\w+)>")
_SHORT = re.compile(r"%([slc])")
_SHORT_WORDS = {"s": "scene", "l": "layer", "c": "camera"}
_FRAME = re.compile(r"^(?:f(\d?)|frame)$")
#: What the picture itself is called where AOVs have files of their own.
_BEAUTY = {"arnold": "beauty", "renderman": "beauty"}
#: RenderMan's picture itself is a display too, `beauty` in names.
_DEFAULT_DISPLAY = "rmanDefaultDisplay"
#: V-Ray and RenderMan write where the name says; Maya adds folders of its own.
_OWN_RULES = ("vray", "renderman")

Naming = Callable[[LayerSnapshot], FrameNaming] | Mapping[str, FrameNaming]


def expected_outputs(
    scene_stem: str,
    layers: Sequence[LayerSnapshot],
    naming: Naming,
    aovs: Sequence[Aov],
    *,
    templates: Mapping[str, str] | None = None,
    tokens: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[OutputSequence, ...]:
    """What a batch render of all renderable layers leaves behind.

    Args:
        scene_stem: the scene's file name without its suffix.
        layers: all of the scene's; those that are not renderable are passed over.
        naming: by layer, or by a layer's name.
        aovs: those with files of their own (`aovs.aovs_with_files`).
        templates: by layer name, where the renderer has one (`Settings.template`).
        tokens: by layer name, what else tokens mean (`Settings.tokens`).
    """
    rendered = [layer for layer in layers if layer.renderable]
    found = []
    for layer in rendered:
        names = naming(layer) if callable(naming) else naming[layer.name]
        template = (templates or {}).get(layer.name, "")
        own = _own_aovs(layer, aovs)
        base = template or _prefix(layer, several_layers=len(rendered) > 1, aovs=own)
        for camera in layer.cameras:
            for aov in own if layer.renderer == "renderman" and own else ("", *own):
                values = {
                    **(tokens or {}).get(layer.name, {}),
                    **_values(scene_stem, layer, camera, aov),
                }
                path = _path(base, values, names, layer, aov, whole=bool(template))
                shown = "" if aov == _BEAUTY.get(layer.renderer) else aov
                found.append(
                    OutputSequence(
                        layer=layer.name,
                        camera=camera,
                        aov=shown,
                        pattern=path,
                        frames=layer.frames,
                        numbers=names.numbers(layer.frames),
                    )
                )
    return tuple(found)


def overwrites(
    outputs: Sequence[OutputSequence],
) -> tuple[tuple[OutputSequence, ...], ...]:
    """Groups of outputs that write the same files.

    Names that differ only in case count: Windows and macOS keep one file for both.
    Frames are not compared: layers of different frames still mix in one sequence.
    """
    groups: dict[str, list[OutputSequence]] = {}
    for output in outputs:
        groups.setdefault(output.pattern.casefold(), []).append(output)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _own_aovs(layer: LayerSnapshot, aovs: Sequence[Aov]) -> tuple[str, ...]:
    """Names of the AOVs that the layer's renderer writes."""
    known = renderer_settings(layer.renderer)
    return tuple(
        _BEAUTY["renderman"] if aov.node == _DEFAULT_DISPLAY else aov.name
        for aov in aovs
        if aov.enabled and known.writes(aov.type)
    )


def _prefix(
    layer: LayerSnapshot, *, several_layers: bool, aovs: tuple[str, ...]
) -> str:
    """The prefix with Maya's folders for several layers and cameras."""
    prefix = layer.image_prefix.replace("\\", "/") or "<Scene>"
    prefix = _SHORT.sub(lambda found: f"<{_SHORT_WORDS[found[1]]}>", prefix)
    used = {token.lower() for token in _TOKEN.findall(prefix)}
    if layer.renderer in _OWN_RULES:
        return prefix
    folders = ""
    # Maya's own folders appear only where no token at all was typed.
    bare = not used or not layer.image_prefix
    if several_layers and bare:
        folders += "<RenderLayer>/"
    if len(layer.cameras) > 1 and bare:
        folders += "<Camera>/"
    if layer.renderer == "arnold" and aovs and "renderpass" not in used:
        # mtoa keeps AOVs apart by a folder if the name does not.
        folders += "<RenderPass>/"
    # A folder in front of an absolute path would make another path of it.
    head, slash, tail = prefix.rpartition("/")
    absolute = prefix.startswith("/") or prefix[1:2] == ":"
    return f"{head}{slash}{folders}{tail}" if absolute else folders + prefix


def _values(
    scene_stem: str, layer: LayerSnapshot, camera: str, aov: str
) -> dict[str, str]:
    """What the tokens of a name mean, by their lower-case names."""
    # Maya puts `_` for the colon of a namespace; a path's `|` cannot be in a name.
    eye = camera.rpartition("|")[2].replace(":", "_")
    name = layer.name.replace(":", "_")
    part = aov or _BEAUTY.get(layer.renderer, "")
    return {
        "scene": scene_stem,
        "file": scene_stem,
        "renderlayer": name,
        "layer": name,
        "camera": eye,
        "renderpass": part,
        "aov": part,
        "aovdir": part,
        "channel": part,
        "renderpasstype": part,
        "renderpassfilegroup": "",
        "extension": layer.image_format.extension,
        "ext": layer.image_format.extension,
        "ws": "..",
    }


def _path(
    base: str,
    values: Mapping[str, str],
    naming: FrameNaming,
    layer: LayerSnapshot,
    aov: str,
    *,
    whole: bool,
) -> str:
    """One pattern: every token said, number and extension where they belong."""
    text = _TOKEN.sub(lambda found: _said(found, values), base)
    if not whole:
        if aov and not {"renderpass", "aov", "aovdir", "channel"} & _tokens(base):
            text += renderer_settings(layer.renderer).aov_separator + aov
        text = _numbered(text, naming, layer.image_format.extension)
    # RenderMan's paths start at the project, ours below its images folder.
    return re.sub(r"/{2,}", "/", text.removeprefix("../images/"))


def _tokens(text: str) -> set[str]:
    return {token.lower() for token in _TOKEN.findall(text)}


def _said(found: re.Match[str], values: Mapping[str, str]) -> str:
    """What stands for one token; an unknown one stays as it is written."""
    token = found[1].lower()
    number = _FRAME.match(token)
    if number is not None:
        return "#" * max(1, int(number[1] or 1))
    return values.get(token, found[0])


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
