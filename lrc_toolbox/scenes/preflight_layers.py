"""Preflight of layers and cameras: is there anything to render, and through what."""

from __future__ import annotations

from collections.abc import Iterator

from lrc_toolbox.scenes.findings import Finding, found, gathered, quoted
from lrc_toolbox.scenes.maya_versions import version_year
from lrc_toolbox.scenes.snapshot import LayerSnapshot, SceneSnapshot
from lrc_toolbox.scenes.surroundings import Wishes

#: Render Setup took the legacy layers' place with this Maya (Autodesk's release notes
#: of Maya 2017; the variable is named in MAYA_ENABLE_LEGACY_RENDER_LAYERS' help page).
_RENDER_SETUP_SINCE = 2017
#: Maya's own cameras. One of them that got another name is meant to be used.
_VIEWS = ("persp", "top", "front", "side", "back", "bottom", "left")


def renderable_layers(scene: SceneSnapshot) -> list[LayerSnapshot]:
    """The layers that a batch render includes."""
    return [layer for layer in scene.layers if layer.renderable]


def check_layers(scene: SceneSnapshot, wishes: Wishes) -> Iterator[Finding]:
    """Layers: one is on, none is empty, and the Maya that renders shows them."""
    layers = renderable_layers(scene)
    if not layers and not scene.damage:
        names = gathered(layer.name for layer in scene.layers)
        hint = f"Make one renderable: {names}." if names else ""
        yield found("no_renderable_layer", "No render layer is renderable.", hint)
    for layer in layers:
        if layer.empty:
            message = f"Layer {quoted(layer.name)} is renderable but holds nothing."
            yield found("layer_empty", message, where=layer.name)
    yield from _legacy(layers, version_year(wishes.maya_version or scene.maya_version))


def _legacy(layers: list[LayerSnapshot], year: int | None) -> Iterator[Finding]:
    legacy = [layer.name for layer in layers if layer.kind == "legacy"]
    if legacy and year is not None and year >= _RENDER_SETUP_SINCE:
        verb = "is a legacy layer" if len(legacy) == 1 else "are legacy layers"
        message = (
            f"{gathered(legacy)} {verb}: Maya {year} uses Render Setup by itself and "
            "would render the master layer instead."
        )
        yield found("legacy_layers", message)


def check_cameras(scene: SceneSnapshot) -> Iterator[Finding]:
    """Cameras: every renderable layer has one, and not several."""
    layers = renderable_layers(scene)
    without = [layer.name for layer in layers if not layer.cameras]
    # The cameras of a damaged file may stand behind the damage.
    if without and not scene.damage:
        yield _without_camera(scene, without, len(layers))
    several = [layer for layer in layers if len(layer.cameras) > 1]
    if several:
        first = several[0]
        message = (
            f"{_layers_text(several)} rendered through several cameras: "
            f"{quoted(first.name)} through {gathered(first.cameras)}."
        )
        yield found("several_cameras", message, where=first.name)
    yield from _startup_cameras(scene, layers)


def _layers_text(layers: list[LayerSnapshot]) -> str:
    names = gathered(layer.name for layer in layers)
    return f"Layer {names} is" if len(layers) == 1 else f"Layers {names} are"


def _without_camera(scene: SceneSnapshot, without: list[str], layers: int) -> Finding:
    where = without[0] if len(without) == 1 else ""
    unseen = [
        each.path
        for each in scene.references
        if each.loaded and (not each.found or each.problem)
    ]
    who = "No camera" if len(without) == layers else f"In {gathered(without)} no camera"
    if unseen:
        message = f"{who} is renderable; it may come from {gathered(unseen)}."
        return found("camera_unknown", message, where=where)
    return found("no_camera", f"{who} is renderable.", where=where)


def _startup_cameras(
    scene: SceneSnapshot, layers: list[LayerSnapshot]
) -> Iterator[Finding]:
    startup = {
        camera.name
        for camera in scene.cameras
        if camera.startup and camera.name in _VIEWS
    }
    own = [camera.name for camera in scene.cameras if camera.name not in startup]
    using = [layer for layer in layers if startup.intersection(layer.cameras)]
    if own and using:
        used = gathered(name for name in using[0].cameras if name in startup)
        message = (
            f"{_layers_text(using)} rendered through {used}, which Maya makes for "
            "working in the viewport."
        )
        remedy = f"Switch {used} off in the list of renderable cameras."
        if not set(own).intersection(using[0].cameras):
            remedy = f"Make {gathered(own)} renderable instead."
        yield found("startup_camera", message, remedy, where=using[0].name)
