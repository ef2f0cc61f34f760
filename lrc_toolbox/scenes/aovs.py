"""AOVs and render elements: which there are, and which files a layer writes for them.

How the files are named is `output_names`' matter. Any thread that owns the graph.

Source: AYON's `lib_renderproducts`, Royal Render's and Deadline's Maya submitters, and
mtoa's nodes as public scenes store them; RenderMan's displays in the real file 08.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.image_formats import SHOWN_ONLY, named_format
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.output_names import PictureFile
from lrc_toolbox.scenes.render_settings import Settings
from lrc_toolbox.scenes.renderer_settings import BESIDE_PICTURE, renderer_settings
from lrc_toolbox.scenes.snapshot import Aov

_EXACT = {
    "aiAOV",
    "RedshiftAOV",
    "rmanDisplay",
    "rmanDisplayChannel",
    "renderPass",
}
_VRAY_PREFIX = "VRayRenderElement"
#: Every kind of V-Ray's elements spells them its own way: `vray_name_diffuse`,
#: `vray_filename_rawdiffuse`, `vray_explicit_name_extratex`. What a person typed for
#: files counts first (AYON).
_VRAY_NAMES = ("vray_explicit_name", "vray_filename", "vray_name")
#: The names of Extra Tex and Material Select end with what they show (AYON, Deadline).
_VRAY_SHOWN = (
    "vray_mtllist_mtlselect",
    "vray_mtl_mtlselect",
    "vray_texture_extratex",
    "vray_float_texture_extratex",
    "vray_int_texture_extratex",
)
#: What V-Ray writes for Light Mix, which has no name of its own (AYON).
_LIGHT_MIX = ("Self_Illumination", "Environment")
#: `RedshiftAOV.globalAov`: 0 light groups only, 1 all lights too, 2 what no group has.
_GROUPS_ONLY, _REST_OF_LIGHTS = 0, 2
#: RenderMan's picture itself is a display too, `beauty` in names (AYON, Royal Render).
_DEFAULT_DISPLAY = "rmanDefaultDisplay"
#: mtoa calls the file of the AOV of this name `beauty`: it is the picture (AYON).
_ARNOLD_PICTURE = "RGBA"
#: Only the interactive view gets it (`aiAOVDriver.outputMode`: 0, 1 batch, 2 both).
_GUI_ONLY = 0


def read_aovs(graph: SceneGraph) -> tuple[Aov, ...]:
    """Every AOV, render element and display of the scene, in file order.

    What is switched on is said without any layer's overrides.
    """
    plain = Settings(graph, {})
    return tuple(
        Aov(_name(graph, node), node.name, node.type, _enabled(plain, node))
        for node in graph.nodes
        if node.type in _EXACT or node.type.startswith(_VRAY_PREFIX)
    )


def picture_files(settings: Settings) -> tuple[PictureFile, ...]:
    """What a camera leaves behind for each frame under a layer's settings.

    The picture itself comes first, then the AOVs with files of their own.
    """
    known = renderer_settings(settings.renderer())
    graph = settings.graph
    written = sorted(kind for kind in graph.types() if known.writes(kind))
    nodes = [node for node in graph.of_type(*written) if _enabled(settings, node)]
    if known.aov_switch is not None:
        node_name, attr = known.aov_switch
        if settings.number(graph.node(node_name), attr, 1.0) == 0:
            nodes = []
    reader = _READERS.get(known.name)
    return tuple(reader(settings, nodes)) if reader else (PictureFile(),)


def _name(graph: SceneGraph, node: Node) -> str:
    """The name that files get; the node's own where it gives none."""
    if node.type.startswith(_VRAY_PREFIX):
        return _vray_name(graph, node) or node.name
    return node.text("name") or node.text("aovName") or node.name


def _vray_name(graph: SceneGraph, node: Node) -> str:
    for start in _VRAY_NAMES:
        for attr in node.attributes():
            added = node.dynamic(attr)
            long = added.long if added else attr
            if long.startswith(start) and (name := node.text(attr)):
                shown = "" if start == _VRAY_NAMES[0] else _vray_shown(graph, node)
                return f"{name}{shown}".replace(" ", "_")
    return ""


def _vray_shown(graph: SceneGraph, node: Node) -> str:
    for attr in _VRAY_SHOWN:
        source = graph.source(node, attr)
        if source is not None:
            return "_" + re.sub(r"\W+", "_", source.node.name, flags=re.ASCII)
    return ""


def _enabled(settings: Settings, node: Node) -> bool:
    """True if it is switched on, which it is where the file is silent."""
    attr = "enable" if node.type.startswith("rman") else "enabled"
    if node.type == "renderPass":
        attr = "renderable"
    return settings.number(node, attr, 1.0) > 0


def _arnold_files(settings: Settings, nodes: list[Node]) -> Iterator[PictureFile]:
    """mtoa's, unless their driver merges them into the picture."""
    yield PictureFile(word="beauty")
    # A name that says <RenderPass> keeps them apart in spite of the driver (AYON).
    prefix = settings.driver_prefix() or settings.prefix()
    apart = "<renderpass>" in prefix.lower()
    for node in nodes:
        drivers = _arnold_drivers(settings, node)
        driver = drivers[0] if drivers else None
        merged = settings.number(driver, "mergeAOVs", 0.0) > 0 and not apart
        if merged or not drivers:
            continue
        word = settings.text(driver, "aiTranslator")
        extension = named_format(word).extension if word else ""
        for name in _arnold_names(settings, node):
            yield PictureFile(name, name, extension=extension)


def _arnold_drivers(settings: Settings, node: Node) -> list[Node | None]:
    """What writes an AOV in batch renders; the default driver where it has none."""
    own = [
        plug.node
        for _, plug in settings.graph.sources(node, "outputs")
        if plug.node.type == "aiAOVDriver"
    ]
    if not own:
        return [settings.graph.node("defaultArnoldDriver")]
    return [each for each in own if settings.number(each, "outputMode", 2) != _GUI_ONLY]


def _arnold_names(settings: Settings, node: Node) -> Iterator[str]:
    """An AOV's own file, one for all light groups, or one for each of a list (AYON)."""
    name = _name(settings.graph, node)
    name = "beauty" if name == _ARNOLD_PICTURE else name
    if settings.number(node, "globalAov", 1.0) > 0 and name != "beauty":
        yield name
    if settings.number(node, "lightGroups", 0.0) > 0:
        yield f"{name}_lgroups"
        return
    for group in settings.text(node, "lightGroupsList").split():
        yield f"{name}_{group}"


def _redshift_files(settings: Settings, nodes: list[Node]) -> Iterator[PictureFile]:
    """Redshift's, each by its own prefix; Cryptomatte is never within the picture."""
    yield PictureFile()
    options = settings.graph.node("redshiftOptions")
    combined = settings.number(options, "exrForceMultilayer", 0.0) > 0
    for node in nodes:
        matte = settings.text(node, "aovType") == "Cryptomatte"
        if combined and not matte:
            continue
        prefix = settings.text(node, "filePrefix").strip() or BESIDE_PICTURE
        own = settings.redshift_format(node, "", "fileFormat")
        for name in _redshift_names(settings, node):
            yield PictureFile(name, name, prefix, "exr" if matte else own)


def _redshift_names(settings: Settings, node: Node) -> Iterator[str]:
    """An AOV's own file and one for each listed light group (AYON).

    `allLightGroups` is not followed: which groups there are is on the lights.
    """
    name = _name(settings.graph, node)
    groups = settings.text(node, "lightGroupList").split()
    mode = round(settings.number(node, "globalAov", 1.0))
    if groups and mode == _REST_OF_LIGHTS:
        groups.append("other")
    yield from (f"{name}_{group}" for group in groups)
    alone = settings.text(node, "aovType") == "Beauty" or mode == _GROUPS_ONLY
    if not (groups and alone):
        yield name


def _vray_files(settings: Settings, nodes: list[Node]) -> Iterator[PictureFile]:
    """V-Ray's, unless the format holds them; the alpha may have a file too."""
    node = settings.graph.node("vraySettings")
    word = settings.text(node, "imageFormatStr")
    separator = settings.text(node, "fileNameRenderElementSeparator") or "."
    folders = settings.number(node, "relements_separateFolders", 0.0) > 0
    folder = "<RenderPass>/" if folders else ""
    prefix = f"<BeautyPath>/{folder}<BeautyFile>{separator}<RenderPass>"
    # Without colour only the elements are saved.
    if settings.number(node, "dontSaveRgbChannel", 0.0) == 0:
        moved = settings.number(node, "relements_separateRGBA", 0.0) > 0 and folders
        yield PictureFile(word="rgba", prefix=prefix) if moved else PictureFile()
    if settings.number(node, "separateAlpha", 0.0) > 0:
        yield PictureFile("Alpha", "Alpha", prefix)
    # Deep EXR holds the picture only: AYON and Royal Render expect its elements apart.
    if "(multichannel)" in word or word == "vrimg":
        return
    for each in nodes:
        mix = each.text("vrayClassType") == "LightMixElement"
        for name in _LIGHT_MIX if mix else (_name(settings.graph, each),):
            yield PictureFile(name, name, prefix)


def _renderman_files(settings: Settings, nodes: list[Node]) -> Iterator[PictureFile]:
    """RenderMan's displays that the settings list (baking has others)."""
    graph = settings.graph
    own = graph.node("rmanGlobals")
    plugs = graph.sources(own, "displays") if own else []
    listed = {plug.node for _, plug in plugs}
    displays = [node for node in nodes if node in listed]
    if not listed:
        yield PictureFile(word="beauty")
    for node in sorted(displays, key=lambda node: node.name != _DEFAULT_DISPLAY):
        driver = graph.source(node, "displayType")
        kind = driver.node.type if driver else ""
        if kind in SHOWN_ONLY:
            continue
        extension = named_format(kind).extension if kind else ""
        if node.name == _DEFAULT_DISPLAY:
            yield PictureFile(word="beauty", extension=extension)
        else:
            name = _name(graph, node)
            yield PictureFile(name, name, extension=extension)


_Reader = Callable[[Settings, list[Node]], Iterator[PictureFile]]
_READERS: dict[str, _Reader] = {
    "arnold": _arnold_files,
    "redshift": _redshift_files,
    "vray": _vray_files,
    "renderman": _renderman_files,
}
