"""Image formats: Maya's numbers and keys, renderers' own words, who writes what.

Data and look-ups; where a scene keeps its choice is `render_settings`' matter. Any
thread.
"""

from __future__ import annotations

from collections.abc import Mapping

from lrc_toolbox.scenes.output_sequences import ImageFormat

#: Maya's `imageFormat`: what a person calls it, and its extension.
#: Source: `maya.app.general.createImageFormats`, Maya 2017; 22 and 30 to 34 are
#: macOS', 23 is Windows', 60 to 63 are Maya Vector's. 40 is what Maya Hardware 2.0
#: shows as "EXR(exr)": AYON's list of expected files and many public scripts.
_BY_NUMBER: dict[int, tuple[str, str]] = {
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
    22: ("QuickTime movie", "mov"),
    23: ("AVI", "avi"),
    30: ("MacPaint", "pntg"),
    31: ("PSD", "psd"),
    32: ("PNG", "png"),
    33: ("QuickDraw", "pict"),
    34: ("QuickTime image", "qtif"),
    35: ("DDS", "dds"),
    36: ("PSD Layered", "psd"),
    40: ("OpenEXR", "exr"),
    60: ("SWF", "swf"),
    61: ("Adobe Illustrator", "ai"),
    62: ("SVG", "svg"),
    63: ("Swift3D", "swft"),
}
#: `imfPluginKey` names the format: 50 for IMF plug-ins (`createImageFormats`), 51 for
#: what a renderer registered itself (mtoa's and mental ray's scenes).
_KEYED = (50, 51)
#: Where a format's word is not its extension. Sources: `createImageFormats` (`imfKey`),
#: mtoa's translators, RenderMan's display drivers (AYON and Royal Render read the
#: extension of their node's type too).
_EXTENSIONS: Mapping[str, str] = {
    "maya": "iff",
    "si": "pic",
    "psdlayered": "psd",
    "qt": "mov",
    "jpeg": "jpg",
    "tiff": "tif",
    "deepexr": "exr",
    "openexr": "exr",
    "d_openexr": "exr",
    "d_deepexr": "exr",
    "d_png": "png",
    "d_tiff": "tif",
    "d_targa": "tga",
    "d_pointcloud": "ptc",
    "d_texture": "tex",
}
_NAMES: Mapping[str, str] = {
    **{extension: name for name, extension in reversed(_BY_NUMBER.values())},
    "hdr": "Radiance HDR",
    "vrimg": "V-Ray image",
    "ptc": "point cloud",
    "tex": "RenderMan texture",
}
#: What `redshiftOptions.imageFormat` and an AOV's `fileFormat` count. Source: Royal
#: Render's Maya submitter; public scripts agree ("2 # PNG", 4 with `jpegQuality`), and
#: so does file 03 of the shared scenes (2 beside Maya's `png`).
REDSHIFT_FORMATS = ("iff", "exr", "png", "tga", "jpg", "tif")
#: RenderMan's drivers that show pictures and write none (AYON gives them no files).
SHOWN_ONLY = ("d_it", "d_null")

_VRAY_FORMATS = ("png", "jpg", "vrimg", "hdr", "exr", "tga", "bmp", "sgi", "tif")
_BITMAPS = frozenset(
    name
    for number, (name, _) in _BY_NUMBER.items()
    if number not in (30, 33, 34, 40, 60, 61, 62, 63)
)
#: What pictures of a production are usually kept in, the best first.
_USUAL = ("OpenEXR", "TIFF", "PNG", "Targa")
#: The formats that each renderer writes, by their names. Sources: Autodesk's table
#: "Supported image formats (rendering)", Maya 2016 (OpenEXR is Maya Hardware 2.0's and
#: mental ray's only; vector and macOS formats are none of these renderers'); mtoa's
#: `aiAOVDriver` (exr, deepexr, jpeg, png, tiff); AYON's list for V-Ray, to which public
#: scenes add `tif`; the lists above for Redshift and RenderMan.
_WRITTEN: Mapping[str, frozenset[str]] = {
    "mayaSoftware": _BITMAPS,
    "mayaHardware": _BITMAPS,
    "mayaHardware2": _BITMAPS | {"OpenEXR"},
    "arnold": frozenset({"OpenEXR", "JPEG", "PNG", "TIFF"}),
    "redshift": frozenset(_NAMES[extension] for extension in REDSHIFT_FORMATS),
    "vray": frozenset(_NAMES[extension] for extension in _VRAY_FORMATS),
    "renderman": frozenset(
        _NAMES[extension] for extension in ("exr", "png", "tif", "tga", "ptc", "tex")
    ),
}


def named_format(word: str, number: int = 51, key: str = "") -> ImageFormat:
    """A format by a renderer's word for it: `exr`, `exr (multichannel)`, `jpeg`.

    Args:
        word: what the renderer's own setting holds.
        number: Maya's `imageFormat`, kept beside it.
        key: Maya's `imfPluginKey`, kept beside it.
    """
    first = word.strip().split(" ")[0].lower()
    extension = _EXTENSIONS.get(first, first)
    name = _NAMES.get(extension, extension.upper())
    return ImageFormat(name, extension, number, key)


def maya_format(number: int, key: str) -> ImageFormat:
    """A format by Maya's `imageFormat` and `imfPluginKey`."""
    if number in _KEYED:
        return named_format(key or "iff", number, key)
    name, extension = _BY_NUMBER.get(number, (f"format {number}", ""))
    return ImageFormat(name, extension, number, key)


def writes_format(renderer: str, written: ImageFormat) -> bool:
    """False if the format is not among those that the renderer is known to write."""
    known = _WRITTEN.get(renderer)
    return known is None or written.name in known


def usual_formats(renderer: str) -> tuple[str, ...]:
    """Names of the usual formats among those that a renderer is known to write."""
    known = _WRITTEN.get(renderer, frozenset())
    return tuple(name for name in _USUAL if name in known)
