"""Lights: from Maya's and the renderers' lights to Mitsuba's emitters.

`lamp` says how strong each is; here each kind becomes an emitter, and all of them share
the samples. Shadows are always cast. Runs in the worker's main thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, pi, radians

import numpy as np

from lrc_toolbox.engines.preview.lamp import Lamp, Surroundings, times
from lrc_toolbox.engines.preview.polygons import Floats
from lrc_toolbox.engines.preview.reading import Color, Notes, Plugin, Reading, rgb
from lrc_toolbox.engines.preview.sky import Sky
from lrc_toolbox.engines.preview.textures import Textures
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.pose import Pose

# What all lights get alike of the samples; the rest is theirs by their brightness. With
# 0 a light behind closed doors could take all samples from a dim one that is seen. With
# a half no light gets less than half of its even share: figures in decision 0120.
_EVEN = 0.5
# Redshift's `lightType`.
_AREA, _POINT, _SPOT, _DIRECTIONAL = range(4)


@dataclass(slots=True)
class Lighting:
    """All light of one pose.

    Attributes:
        emitters: what has a place or a way; matrices are nested lists, so that two
            can be compared.
        sky: what comes from all around.
    """

    emitters: list[Plugin] = field(default_factory=list)
    sky: Sky = field(default_factory=Sky)


def lighting(
    pose: Pose, around: Surroundings, textures: Textures, notes: Notes
) -> Lighting:
    """Translate the visible lights of a pose; unknown kinds are named once."""
    result = Lighting()
    shares: list[float] = []
    for shape in pose.lights:
        kind = _KINDS.get(shape.node.type)
        if kind is None:
            notes.add(f"Lights of type {shape.node.type} are not understood.")
        else:
            lamp = Lamp(Reading(pose, shape.node), shape, around)
            kind(_Light(lamp, textures, result, shares))
    _share_samples(result, shares)
    return result


def is_understood(light: Node) -> bool:
    """Say whether a light's type is known here."""
    return light.type in _KINDS


def default_light(looking: Floats) -> Plugin:
    """Give the light that Maya uses where a scene has none: along the view.

    Args:
        looking: (3,), the way the camera looks.
    """
    return {
        "type": "directional",
        "direction": looking.tolist(),
        "irradiance": rgb((pi, pi, pi)),
    }


def _share_samples(result: Lighting, shares: list[float]) -> None:
    """Say how often each emitter and the sky are asked for light."""
    if not shares:
        return
    total = sum(shares) + result.sky.share
    even = _EVEN / (len(shares) + 1)
    for emitter, share in zip(result.emitters, shares, strict=True):
        weight = (1 - _EVEN) * share / total + even
        emitter.get("emitter", emitter)["sampling_weight"] = weight
    result.sky.weight = (1 - _EVEN) * result.sky.share / total + even


@dataclass(frozen=True, slots=True)
class _Light:
    """One light being translated.

    Attributes:
        lamp: what it is.
        textures: the scene's.
        result: takes its emitter.
        shares: takes how bright that is where it matters.
    """

    lamp: Lamp
    textures: Textures
    result: Lighting
    shares: list[float]

    def send(self, plugin: Plugin, irradiance: Color) -> None:
        """Add an emitter unless it is dark."""
        if sum(irradiance) > 0:
            self.result.emitters.append(plugin)
            self.shares.append(sum(irradiance) / 3)

    def shine(
        self, shape: Plugin, matrix: Floats, radiance: Color, area: float
    ) -> None:
        """Add a surface that emits."""
        if abs(float(np.linalg.det(matrix))) < 1e-18:
            return
        if shape["type"] != "cylinder":
            # Mitsuba's rectangle and disk face +Z.
            matrix = matrix @ np.diag((-1.0, 1.0, -1.0, 1.0))
        plugin = {
            **shape,
            "to_world": matrix.tolist(),
            "emitter": {"type": "area", "radiance": rgb(radiance)},
        }
        self.send(plugin, self.lamp.faded(times(radiance, area)))

    def from_afar(self, irradiance: Color) -> None:
        """Add light that comes in one direction."""
        plugin = {
            "type": "directional",
            "direction": self.lamp.direction.tolist(),
            "irradiance": rgb(irradiance),
        }
        self.send(plugin, irradiance)

    def from_point(self, power: Color) -> None:
        """Add light that goes everywhere from one place."""
        plugin = {
            "type": "point",
            "position": self.lamp.place.tolist(),
            "intensity": rgb(power),
        }
        self.send(plugin, self.lamp.faded(power))

    def in_cone(self, power: Color, edge: float, penumbra: float) -> None:
        """Add light that goes into a cone.

        Args:
            power: along the cone's axis.
            edge: half the cone's angle, degrees.
            penumbra: widens the cone where positive, softens it inwards where negative.
        """
        outer = min(max(edge + max(penumbra, 0.0), 0.3), 89.9)
        inner = min(max(edge + min(penumbra, 0.0), 0.1), outer - 0.1)
        plugin = {
            "type": "spot",
            "to_world": _aimed(self.lamp.place, self.lamp.direction).tolist(),
            "intensity": rgb(power),
            "cutoff_angle": outer,
            "beam_width": inner,
        }
        self.send(plugin, self.lamp.faded(power))


def _aimed(place: Floats, way: Floats) -> Floats:
    """(4, 4) for column vectors, +Z along a way of length 1."""
    aside = np.array((1.0, 0, 0) if abs(way[0]) < 0.9 else (0, 1.0, 0))
    right = np.cross(aside, way)
    right = right / np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :] = np.column_stack((right, np.cross(way, right), way, place))
    return matrix


def _ambient(light: _Light) -> None:
    light.result.sky.color += np.array(light.lamp.color)


def _directional(light: _Light) -> None:
    light.from_afar(times(light.lamp.color, pi))


def _point(light: _Light) -> None:
    light.from_point(light.lamp.power)


def _spot(light: _Light) -> None:
    reading = light.lamp.reading
    edge = reading.number("ca", 40.0) / 2
    light.in_cone(light.lamp.power, edge, reading.number("pa", 0.0))


def _area(light: _Light) -> None:
    """Maya's areaLight: a square from -1 to 1, as large as its transform makes it."""
    lamp = light.lamp
    radiance = times(lamp.power, 1 / lamp.surface)
    light.shine({"type": "rectangle"}, lamp.matrix, radiance, lamp.surface)


def _arnold_area(light: _Light) -> None:
    """aiAreaLight: its intensity is spread over its surface unless told otherwise."""
    lamp = light.lamp
    kind = lamp.reading.text("ai_translator", "quad")
    surface = lamp.surface
    plugin: Plugin = {"type": "rectangle"}
    if kind == "disk":
        plugin, surface = {"type": "disk"}, surface * pi / 4
    elif kind == "cylinder":
        plugin = {"type": "cylinder", "p0": [0, -1, 0], "p1": [0, 1, 0]}
        surface *= pi
    attr = lamp.reading.first("ai_normalize", "aiNormalize", "normalize")
    spread = surface * lamp.cm**2 if lamp.reading.flag(attr, True) else 1.0
    light.shine(plugin, lamp.matrix, times(lamp.color, 1 / spread), surface)


def _redshift(light: _Light) -> None:
    """RedshiftPhysicalLight: one node for four kinds of light."""
    lamp = light.lamp
    kind = int(lamp.reading.number("lightType", _AREA))
    power = times(lamp.color, 1 / lamp.cm**2)
    if kind == _POINT:
        light.from_point(power)
    elif kind == _SPOT:
        light.in_cone(power, lamp.reading.number("spotConeAngle", 60.0) / 2, 0.0)
    elif kind == _DIRECTIONAL:
        _directional(light)
    else:
        _arnold_area(light)


def _pxr_distant(light: _Light) -> None:
    """RenderMan's sun: its intensity is that of a disk in the sky of some degrees."""
    reading = light.lamp.reading
    wide = radians(reading.number("angleExtent", 0.53))
    disk = 2 * pi * (1 - cos(wide / 2))
    share = 1.0 if reading.flag("areaNormalize") else disk
    light.from_afar(times(light.lamp.color, share))


def _pxr_rectangle(light: _Light) -> None:
    """PxrRectLight: a square from -0.5 to 0.5; its intensity is what is seen of it."""
    lamp = light.lamp
    surface = lamp.surface / 4
    spread = surface if lamp.reading.flag("areaNormalize") else 1.0
    matrix = lamp.matrix @ np.diag((0.5, 0.5, 1.0, 1.0))
    light.shine({"type": "rectangle"}, matrix, times(lamp.color, 1 / spread), surface)


def _dome(light: _Light) -> None:
    sky, lamp = light.result.sky, light.lamp
    shown = lamp.reading.number("camera", 1.0) > 0
    plug = lamp.reading.source(lamp.reading.first("sc", "color"))
    picture = None
    if plug is not None:
        picture = light.textures.file_picture(lamp.reading.of(plug.node))
    if picture is None:
        sky.color += np.array(lamp.color)
        sky.shown += np.array(lamp.color) * shown
        return
    # The turn of Arnold's dome against its picture could not be tried; a second
    # textured dome would replace the first, as no scene seen has two.
    sky.picture = picture[..., :3] * lamp.strength
    axes = lamp.matrix[:3, :3]
    sky.turn = axes / np.maximum(np.linalg.norm(axes, axis=0), 1e-12)
    sky.picture_shown = shown


_KINDS: Mapping[str, Callable[[_Light], None]] = {
    "ambientLight": _ambient,
    "directionalLight": _directional,
    "pointLight": _point,
    "spotLight": _spot,
    "areaLight": _area,
    "volumeLight": _point,
    "aiAreaLight": _arnold_area,
    "aiSkyDomeLight": _dome,
    "RedshiftPhysicalLight": _redshift,
    "RedshiftDomeLight": _dome,
    "PxrDistantLight": _pxr_distant,
    "PxrDomeLight": _dome,
    "PxrRectLight": _pxr_rectangle,
    "PxrSphereLight": _point,
}
