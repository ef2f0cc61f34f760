"""The scripts that render settings hold, which a batch render runs by itself.

Maya's Render Settings have fields for MEL ("Render Options"), and renderers have more
on nodes of their own. Judging a script is `malware`'s matter; nothing is run. Any
thread that has the graph to itself.

Sources: Autodesk's node reference, `renderGlobals` (Maya 2018 to 2025), and public
scenes for the short names; a public scene of Redshift 3 for its six; mtoa's source and
scenes of mtoa 4 and 5 (`post_translation`); public scripts for V-Ray's, of which only
`ptp` is known to be stored short. Not here: what runs in a GUI only, as mtoa's scripts
for IPR do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.malware import judge_script
from lrc_toolbox.scenes.render_settings import Overrides, Settings
from lrc_toolbox.scenes.snapshot import RenderScript

_LONGEST_LINE = 200
_POST_TRANSLATE = "postTranslatePython"
#: Where scripts are held: the node, whose renders run them (empty for all), attributes.
_HELD: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "defaultRenderGlobals",
        "",
        (
            *("preMel", "postMel", "preRenderLayerMel", "postRenderLayerMel"),
            *("preRenderMel", "postRenderMel", "preFurRenderMel", "postFurRenderMel"),
        ),
    ),
    (
        "redshiftOptions",
        "redshift",
        (
            *("preRenderMel", "postRenderMel", "preRenderLayerMel"),
            *("postRenderLayerMel", "preRenderFrameMel", "postRenderFrameMel"),
        ),
    ),
    (
        "vraySettings",
        "vray",
        (_POST_TRANSLATE, "preKeyframeMel", "rtImageReadyMel"),
    ),
    ("defaultArnoldRenderOptions", "arnold", ("post_translation",)),
)


def read_render_scripts(
    graph: SceneGraph, overrides: Mapping[str, Overrides]
) -> tuple[RenderScript, ...]:
    """Every script of the render settings, then those that layers put in their place.

    Args:
        graph: the scene.
        overrides: by layer name; layers without any may be left out.
    """
    found = [*_scripts(graph, {}, "")]
    for layer, changes in overrides.items():
        found.extend(_scripts(graph, changes, layer))
    return tuple(found)


def _scripts(
    graph: SceneGraph, changes: Overrides, layer: str
) -> Iterator[RenderScript]:
    """The scene's own scripts, or only those that a layer changes."""
    settings = Settings(graph, changes)
    for name, renderer, attributes in _HELD:
        node = graph.node(name)
        for attr in attributes if node is not None else ():
            changed = node is not None and (node, node.short(attr)) in changes
            text = settings.text(node, attr) if changed or not layer else ""
            if not text.strip():
                continue
            verdict = judge_script(name, text)
            yield RenderScript(
                node=name,
                attribute=attr,
                layer=layer,
                renderer=renderer,
                language="python" if attr == _POST_TRANSLATE else "mel",
                length=len(text),
                begins=text.strip().splitlines()[0][:_LONGEST_LINE],
                malware=verdict.malware,
                warning=verdict.warning,
            )
