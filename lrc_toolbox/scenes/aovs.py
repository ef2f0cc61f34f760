"""AOVs and render elements: which there are and whether the renderer writes them.

Where their files go is `output_names`' matter. Any thread.

Source of attribute names: mtoa's and Redshift's AOV nodes, V-Ray's render element
nodes (`vray_name_*`, `vray_filename_*`), RenderMan's displays in the real file 08.
"""

from __future__ import annotations

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.renderer_settings import VRAY_FORMAT, renderer_settings
from lrc_toolbox.scenes.snapshot import Aov

_EXACT = {
    "aiAOV",
    "RedshiftAOV",
    "rmanDisplay",
    "rmanDisplayChannel",
    "renderPass",
}
_VRAY_PREFIX = "VRayRenderElement"
#: The first that is stored counts; nodes differ in how they spell their switch.
_SWITCHES = ("enabled", "enable", "en")


def read_aovs(graph: SceneGraph) -> tuple[Aov, ...]:
    """Every AOV, render element and display of the scene, in file order."""
    return tuple(
        Aov(name=_name(node), node=node.name, type=node.type, enabled=_enabled(node))
        for node in graph.nodes
        if node.type in _EXACT or node.type.startswith(_VRAY_PREFIX)
    )


def _name(node: Node) -> str:
    """The name that files get; the node's own where it gives none."""
    if node.type.startswith(_VRAY_PREFIX):
        # Every kind spells them its own way: `vray_name_diffuse`,
        # `vray_filename_diffuse`; what a person typed for files counts first.
        for start in ("vray_filename", "vray_name"):
            for attr in node.attributes():
                if attr.startswith(start) and node.text(attr):
                    return node.text(attr)
    return node.text("name") or node.text("aovName") or node.name


def _enabled(node: Node) -> bool:
    for attr in _SWITCHES:
        if node.has(attr):
            return node.flag(attr)
    return True


def aovs_with_files(graph: SceneGraph, renderer: str) -> tuple[Aov, ...]:
    """The AOVs that this renderer writes into files of their own."""
    known = renderer_settings(renderer)
    if not known.aov_type or _merged(graph, renderer):
        return ()
    displays = _connected_displays(graph)
    return tuple(
        aov
        for aov in read_aovs(graph)
        if aov.enabled
        and known.writes(aov.type)
        and (renderer != "renderman" or aov.node in displays)
    )


def _merged(graph: SceneGraph, renderer: str) -> bool:
    """All AOVs are layers of the one picture."""
    if renderer == "arnold":
        driver = graph.node("defaultArnoldDriver")
        # mtoa's `mergeAOVs` is off where the file is silent.
        return driver is not None and driver.flag("mergeAOVs")
    if renderer == "redshift":
        options = graph.node("redshiftOptions")
        return options is not None and options.flag("exrForceMultilayer")
    settings = graph.node("vraySettings") if renderer == "vray" else None
    # `exr (multichannel)` and `exr (deep)` hold the elements.
    return settings is not None and any("(" in settings.text(a) for a in VRAY_FORMAT)


def _connected_displays(graph: SceneGraph) -> set[str]:
    """RenderMan's displays that the settings list: baking has others."""
    node = graph.node("rmanGlobals")
    if node is None:
        return set()
    return {plug.node.name for _, plug in graph.sources(node, "displays")}
