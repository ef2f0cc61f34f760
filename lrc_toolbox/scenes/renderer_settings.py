"""Facts about renderers: their plug-ins and where they keep their output settings.

Data only: `render_settings` reads scenes by it, `output_names` spells names by it. None
of it could be tried in Maya here; the sources stand beside the facts. Any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lrc_toolbox.scenes.snapshot import ImageFormat


@dataclass(frozen=True, slots=True)
class RendererSettings:
    """Where one renderer keeps what decides its pictures' names and size.

    Attributes may be given in several spellings: files use short names, which stand
    last, since an override by the long name must win over what is stored.

    Attributes:
        name: as `currentRenderer` has it.
        plugin: as a `requires` statement names it; empty for Maya's own.
        node: holds the attributes below; empty where Maya's render globals count.
        prefix: file name prefix on `node`.
        template: on `node`, folder and name that hold number and extension too.
        padding: digits of the frame number on `node`.
        size: width and height on `node`.
        pixel_aspect: on `node`.
        aov_type: of its AOV nodes that may have files of their own; with `*` at the
            end, how such types begin.
        aov_separator: stands between name and AOV where no token says where.
    """

    name: str
    plugin: str = ""
    node: str = ""
    prefix: tuple[str, ...] = ()
    template: tuple[str, ...] = ()
    padding: tuple[str, ...] = ()
    size: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    pixel_aspect: tuple[str, ...] = ()
    aov_type: str = ""
    aov_separator: str = "_"

    def writes(self, node_type: str) -> bool:
        """True if AOVs of this node type may get files of their own from it."""
        if self.aov_type.endswith("*"):
            return node_type.startswith(self.aov_type[:-1])
        return node_type == self.aov_type


#: Plug-in names as the `requires` of real files have them; attribute names from
#: Chaos' V-Ray Settings pages, Pixar's RenderMan for Maya documentation (Output) and
#: the real files 03 (V-Ray 7, `.wi .he`) and 08 (RenderMan 25.2).
_KNOWN = (
    RendererSettings("arnold", plugin="mtoa", aov_type="aiAOV"),
    RendererSettings(
        "redshift",
        plugin="redshift4maya",
        aov_type="RedshiftAOV",
        aov_separator=".",
    ),
    RendererSettings(
        "vray",
        plugin="vrayformaya",
        node="vraySettings",
        prefix=("fileNamePrefix", "fnprx"),
        padding=("fileNamePadding",),
        size=(("width", "wi"), ("height", "he")),
        pixel_aspect=("pixelAspect", "pxa"),
        aov_type="VRayRenderElement*",
        aov_separator=".",
    ),
    RendererSettings(
        "renderman",
        plugin="RenderMan_for_Maya.py",
        node="rmanGlobals",
        template=("imageOutputDir", "imageFileFormat"),
        aov_type="rmanDisplay",
    ),
    RendererSettings("PBRT", plugin="PBRTForMaya.py"),
    RendererSettings("mayaSoftware"),
    RendererSettings("mayaHardware"),
    RendererSettings("mayaHardware2"),
    RendererSettings("mayaVector", plugin="MayaVector"),
    RendererSettings("mentalRay", plugin="Mayatomr"),
)
RENDERERS: Mapping[str, RendererSettings] = {each.name: each for each in _KNOWN}


def renderer_settings(renderer: str) -> RendererSettings:
    """What is known of a renderer; an unknown one follows Maya's own settings."""
    return RENDERERS.get(renderer) or RendererSettings(renderer)


@dataclass(frozen=True, slots=True)
class _Formats:
    """Maya's numbers and keys of image formats."""

    by_number: Mapping[int, tuple[str, str]] = field(
        # Source: `imageFormat` in Autodesk's render settings documentation and
        # `maya.app.general.createImageFormats` (name, extension, ident).
        default_factory=lambda: {
            0: ("GIF", "gif"),
            1: ("SoftImage", "pic"),
            2: ("RLA", "rla"),
            3: ("TIFF", "tif"),
            4: ("TIFF 16", "tif"),
            5: ("SGI", "sgi"),
            6: ("Alias PIX", "als"),
            7: ("Maya IFF", "iff"),
            8: ("JPEG", "jpg"),
            9: ("EPS", "eps"),
            10: ("Maya 16 IFF", "iff"),
            11: ("Cineon", "cin"),
            12: ("Quantel", "yuv"),
            13: ("SGI 16", "sgi"),
            19: ("Targa", "tga"),
            20: ("Windows Bitmap", "bmp"),
            23: ("AVI", "avi"),
            31: ("PSD", "psd"),
            32: ("PNG", "png"),
            35: ("DDS", "dds"),
            36: ("PSD Layered", "psd"),
        }
    )
    names: Mapping[str, str] = field(
        default_factory=lambda: {
            "exr": "OpenEXR",
            "png": "PNG",
            "jpg": "JPEG",
            "tif": "TIFF",
            "tga": "Targa",
            "iff": "Maya IFF",
            "hdr": "Radiance HDR",
        }
    )
    #: Where a format's word is not its extension.
    extensions: Mapping[str, str] = field(
        default_factory=lambda: {
            "jpeg": "jpg",
            "tiff": "tif",
            "deepexr": "exr",
            "openexr": "exr",
            "d_openexr": "exr",
            "d_deepexr": "exr",
            "d_png": "png",
            "d_tiff": "tif",
            "d_targa": "tga",
        }
    )


_FORMATS = _Formats()
#: `imageFormat` 51: `imfPluginKey` names the format.
PLUGIN_FORMAT = 51
#: V-Ray's format word; `.fnprx .imgfs .pxa .wi .he` are what public scenes store.
VRAY_FORMAT = ("imageFormatStr", "imgfs")
#: Formats by `redshiftOptions.imageFormat`. Source: OpenPype's render settings for
#: Redshift, which index this list (hosts/maya/api/lib_rendersettings.py).
REDSHIFT_FORMATS = ("iff", "exr", "tif", "png", "tga", "jpg")


def named_format(word: str, number: int = PLUGIN_FORMAT, key: str = "") -> ImageFormat:
    """A format by a renderer's word for it: `exr`, `exr (multichannel)`, `jpeg`."""
    first = word.strip().split(" ")[0].lower()
    extension = _FORMATS.extensions.get(first, first)
    name = _FORMATS.names.get(extension, extension.upper())
    return ImageFormat(name, extension, number, key)


def maya_format(number: int, key: str) -> ImageFormat:
    """A format by Maya's `imageFormat` and `imfPluginKey`."""
    if number == PLUGIN_FORMAT:
        return named_format(key or "iff", number, key)
    name, extension = _FORMATS.by_number.get(number, (f"format {number}", ""))
    return ImageFormat(name, extension, number, key)
