"""Facts about renderers: their plug-ins and where they keep their output settings.

Data only: `render_settings` and `aovs` read scenes by it, `output_names` spells names
by it; formats are `image_formats`' matter. Any thread.

Nothing could be tried in Maya here. Sources, named again beside single facts:
AYON and OpenPype (`lib_renderproducts`, `lib_rendersettings`, `validate_rendersettings`
for Maya), Royal Render's and Deadline's Maya submitters, mtoa's own scripts and nodes
(`utils.getFileName`, `hooks`, `aiOptions`), pages of Chaos and Pixar, public scenes,
and the real files 03 (Redshift, V-Ray 7) and 08 (RenderMan 25.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Where Redshift puts an AOV that has no `filePrefix`: beside the picture, the AOV's
#: name behind its own. Public scripts set an AOV back to this very text.
BESIDE_PICTURE = "<BeautyPath>/<BeautyFile>.<RenderPass>"


@dataclass(frozen=True, slots=True)
class RendererSettings:
    """Where one renderer keeps what decides its pictures' names and size.

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
        aov_switch: node and attribute that switch all AOVs off where they are 0.
        layered: AOVs that name the same EXR become layers of that one file.
    """

    name: str
    plugin: str = ""
    node: str = ""
    prefix: str = ""
    template: tuple[str, ...] = ()
    padding: str = ""
    size: tuple[str, str] | None = None
    pixel_aspect: str = ""
    aov_type: str = ""
    aov_switch: tuple[str, str] | None = None
    layered: bool = False

    def writes(self, node_type: str) -> bool:
        """True if AOVs of this node type may get files of their own from it."""
        if self.aov_type.endswith("*"):
            return node_type.startswith(self.aov_type[:-1])
        return node_type == self.aov_type


#: Plug-in names as the `requires` of real files have them. Redshift has an
#: `imageFilePrefix` of its own, empty in file 03; all submitters read Maya's. RenderMan
#: 22 and newer has no size of its own: Royal Render and AYON read `defaultResolution`.
_KNOWN = (
    RendererSettings(
        "arnold",
        plugin="mtoa",
        aov_type="aiAOV",
        # 0 disabled, 1 enabled, 2 batch only; 1 by default (mtoa's options node).
        aov_switch=("defaultArnoldRenderOptions", "aovMode"),
    ),
    RendererSettings(
        "redshift",
        plugin="redshift4maya",
        aov_type="RedshiftAOV",
        # 0 disabled (AYON, Royal Render), batch renders count the others as on.
        aov_switch=("redshiftOptions", "aovGlobalEnableMode"),
        # "All you need to do is make your AOVs point to the same file" (Redshift's
        # page "EXR Topics").
        layered=True,
    ),
    RendererSettings(
        "vray",
        plugin="vrayformaya",
        node="vraySettings",
        prefix="fileNamePrefix",
        # Deadline, AYON and Royal Render; no `animBatchPadding` was found anywhere.
        padding="fileNamePadding",
        size=("width", "height"),
        pixel_aspect="pixelAspect",
        aov_type="VRayRenderElement*",
        aov_switch=("vraySettings", "relements_enableall"),
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
