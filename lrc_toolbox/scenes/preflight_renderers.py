"""Preflight of renderers: supported ones, and the plug-ins that go with them."""

from __future__ import annotations

from collections.abc import Iterator

from lrc_toolbox.scenes.findings import Finding, found, gathered, quoted
from lrc_toolbox.scenes.preflight_layers import renderable_layers
from lrc_toolbox.scenes.renderer_settings import RENDERERS
from lrc_toolbox.scenes.snapshot import SceneSnapshot

#: Renderers that batch machines lack, and why. Sources: Autodesk's pages "Maya Hardware
#: renderer" ("This is the legacy hardware renderer. Use the Maya Hardware 2.0 renderer
#: instead", Maya 2016 and 2017) and "Maya Vector renderer" (Windows and macOS only,
#: Maya 2012); the list of renderers of `Render -help` has no mental ray since 2018.
_RETIRED = {
    "mayaHardware": "the legacy hardware renderer, which needs a screen",
    "mayaVector": "which Linux never had",
    "mentalRay": "which is no longer part of Maya since 2017",
}
#: The renderers of the product; others may be known well enough to read a scene.
_SUPPORTED = (
    "arnold",
    "redshift",
    "vray",
    "renderman",
    "mayaSoftware",
    "mayaHardware2",
)


def used_renderers(scene: SceneSnapshot) -> dict[str, list[str]]:
    """Each renderer that a renderable layer uses, with those layers' names."""
    used: dict[str, list[str]] = {}
    for layer in renderable_layers(scene):
        used.setdefault(layer.renderer, []).append(layer.name)
    return used or {scene.renderer: []}


def check_renderers(scene: SceneSnapshot) -> Iterator[Finding]:
    """Renderers: each is one that is supported and that machines still have."""
    used = used_renderers(scene)
    for name, layers in used.items():
        by = f" ({gathered(layers)})" if len(used) > 1 else ""
        if name in _RETIRED:
            message = f"The renderer{by} is {name}, {_RETIRED[name]}."
            yield found("renderer_retired", message, where=name)
        elif name not in _SUPPORTED:
            message = f"The renderer{by} is {quoted(name)}, which is not supported."
            remedy = (
                f"Choose one of {', '.join(_SUPPORTED)}; or use the command engine."
            )
            yield found("renderer_unsupported", message, remedy, where=name)
    if len(used) > 1:
        each = "; ".join(f"{name}: {gathered(layers)}" for name, layers in used.items())
        message = f"Layers are rendered by {len(used)} renderers ({each})."
        yield found("renderers_mixed", message)


def check_plugins(scene: SceneSnapshot) -> Iterator[Finding]:
    """Plug-ins: those of the used renderers are required, those of others are not."""
    required = {plugin.name for plugin in scene.plugins}
    used = used_renderers(scene)
    for name in used:
        plugin = RENDERERS[name].plugin if name in RENDERERS else ""
        if plugin and plugin not in required and not _provided(scene, name):
            message = f"The scene does not load {plugin}, which {name} needs."
            yield found("plugin_not_required", message, where=plugin)
    for name, settings in RENDERERS.items():
        if settings.plugin in required and name not in used:
            message = (
                f"The scene loads {settings.plugin} for {name}, but is rendered by "
                f"{', '.join(used)}; machines without it print errors."
            )
            remedy = f"Delete the nodes of {name}, or give render machines the plug-in."
            yield found("plugin_leftover", message, remedy, where=settings.plugin)


def _provided(scene: SceneSnapshot, renderer: str) -> bool:
    """The snapshot knows better, e.g. of another spelling of the plug-in."""
    return renderer == scene.renderer and scene.renderer_required
