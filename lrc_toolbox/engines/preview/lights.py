"""Lights: from Maya's and Arnold's lights to Mitsuba's emitters.

Maya's classic lights keep their strength over any distance by default, which no
physical emitter does: such a light gets the strength that gives Maya's brightness at
the distance where the objects near it are. A white wall facing a directional light of
intensity 1 is 1 in Maya and here. Shadows are always cast. Runs in the worker's main
thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, pi, radians

import numpy as np

from lrc_toolbox.engines.preview.polygons import Floats
from lrc_toolbox.engines.preview.reading import Color, Notes, Plugin, Reading, rgb
from lrc_toolbox.engines.preview.sky import Sky
from lrc_toolbox.engines.preview.textures import Textures
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.pose import Pose, ShapeInstance

_WHITE: Color = (1.0, 1.0, 1.0)
# The values of `decayRate`.
_NO_DECAY, _LINEAR, _QUADRATIC, _CUBIC = range(4)
# Redshift's area light fades and is set in hundreds; the node's default is 100.
_INTENSITY = {"RedshiftPhysicalLight": 100.0}


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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the visible objects are: the boxes around them in the world.

    Attributes:
        low: (objects, 3), the lowest corners.
        high: (objects, 3), the highest corners.
    """

    low: Floats
    high: Floats

    def reach(self, place: Floats, share: float) -> float:
        """Give the distance from a light within which a share of the objects is.

        Distances are those to the objects' boxes. Objects around the light itself count
        where there are no others, with half their middle size: a room of one piece.
        """
        away = np.maximum(np.maximum(self.low - place, place - self.high), 0.0)
        distances = np.linalg.norm(away, axis=1)
        counted = np.sort(distances[distances > 1e-6])
        if not len(counted):
            counted = np.sort(np.median(self.high - self.low, axis=1) / 2)
        if not len(counted):
            return 1.0
        return float(counted[min(int(len(counted) * share), len(counted) - 1)])


def lighting(
    pose: Pose, around: Surroundings, textures: Textures, notes: Notes
) -> Lighting:
    """Translate the visible lights of a pose; unknown kinds are named once."""
    result = Lighting()
    for shape in pose.lights:
        kind = _KINDS.get(shape.node.type)
        if kind is None:
            notes.add(f"Lights of type {shape.node.type} are not understood.")
        else:
            kind(_Light(Reading(pose, shape.node), shape, around, textures, result))
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


@dataclass(frozen=True, slots=True)
class _Light:
    """One light being translated into `result`."""

    reading: Reading
    shape: ShapeInstance
    around: Surroundings
    textures: Textures
    result: Lighting

    @property
    def matrix(self) -> Floats:
        """(4, 4), to world, for column vectors."""
        world: Floats = np.array(self.shape.matrix, np.float64).reshape(4, 4).T
        return world

    @property
    def place(self) -> Floats:
        return self.matrix[:3, 3]

    @property
    def direction(self) -> Floats:
        """(3,), where it shines: Maya's lights shine along their -Z."""
        way = -self.matrix[:3, 2]
        length = float(np.linalg.norm(way))
        unit: Floats = way / max(length, 1e-12)
        return unit if length > 1e-12 else np.array((0.0, -1.0, 0.0))

    @property
    def reach(self) -> float:
        """Where a light without decay has Maya's brightness.

        The nearest quarter of the objects: a lamp in a room reaches its walls, a sun
        reaches the set.
        """
        return max(self.around.reach(self.place, 0.25), 1e-6)

    def faded(self, power: Color) -> Color:
        """What arrives of a power between the near objects and the middle ones.

        How often a light should be asked: by the near ones alone, lamps that light
        little of the picture make all of it noisy; by the middle ones, they are noisy
        themselves.
        """
        middle = max(self.around.reach(self.place, 0.5), 1e-6)
        return _times(power, 1 / (self.reach * middle))

    @property
    def strength(self) -> float:
        """Intensity and exposure together."""
        attr = self.reading.first("in", "intensity", "intensityMultiplier")
        default = _INTENSITY.get(self.reading.node.type, 1.0)
        stops = self.reading.number(
            self.reading.first("aiExposure", "exposure", "exposure0"), 0.0
        )
        exposure = float(2.0 ** min(max(stops, -40.0), 40.0))
        return max(self.reading.number(attr, default), 0.0) * exposure

    @property
    def color(self) -> Color:
        """Colour times intensity and exposure."""
        attr = self.reading.first("cl", "color", "lightColor")
        if self.reading.node.type.startswith("ai"):
            attr = self.reading.first("sc", "color")
        return _times(self.reading.color(attr, _WHITE), self.strength)

    @property
    def power(self) -> Color:
        """What it sends along its way, per steradian.

        `decayRate` says how Maya lets it fade; any but quadratic is right at `reach`.
        """
        decay = int(self.reading.number("de", _NO_DECAY))
        if self.reading.has("aiExposure"):
            # Who sets Arnold's exposure expects Arnold's fading.
            decay = _QUADRATIC
        factor = {_NO_DECAY: self.reach**2, _LINEAR: self.reach, _CUBIC: 1 / self.reach}
        return _times(self.color, pi * factor.get(decay, 1.0))

    def send(self, plugin: Plugin, irradiance: Color) -> None:
        """Add an emitter, asked for light as often as it is bright where it matters."""
        if sum(irradiance) > 0:
            weight = {"sampling_weight": sum(irradiance) / 3}
            if "emitter" in plugin:
                plugin["emitter"].update(weight)
            else:
                plugin.update(weight)
            self.result.emitters.append(plugin)

    def shine(self, shape: Plugin, radiance: Color, surface: float) -> None:
        """Add a surface that emits."""
        if abs(float(np.linalg.det(self.matrix))) < 1e-18:
            return
        facing = self.matrix
        if shape["type"] != "cylinder":
            # Mitsuba's rectangle and disk face +Z.
            facing = facing @ np.diag((-1.0, 1.0, -1.0, 1.0))
        plugin = {
            **shape,
            "to_world": facing.tolist(),
            "emitter": {"type": "area", "radiance": rgb(radiance)},
        }
        self.send(plugin, self.faded(_times(radiance, surface)))


def _times(color: Color, factor: float) -> Color:
    return color[0] * factor, color[1] * factor, color[2] * factor


def _ambient(light: _Light) -> None:
    light.result.sky.color += np.array(light.color)


def _directional(light: _Light) -> None:
    _far_away(light, _times(light.color, pi))


def _pxr_distant(light: _Light) -> None:
    """RenderMan's sun: its intensity is that of a disk in the sky of some degrees."""
    wide = radians(light.reading.number("angleExtent", 0.53))
    disk = 2 * pi * (1 - cos(wide / 2))
    share = 1.0 if light.reading.flag("areaNormalize") else disk
    _far_away(light, _times(light.color, share))


def _far_away(light: _Light, irradiance: Color) -> None:
    plugin = {
        "type": "directional",
        "direction": light.direction.tolist(),
        "irradiance": rgb(irradiance),
    }
    light.send(plugin, irradiance)


def _point(light: _Light) -> None:
    plugin = {
        "type": "point",
        "position": light.place.tolist(),
        "intensity": rgb(light.power),
    }
    light.send(plugin, light.faded(light.power))


def _spot(light: _Light) -> None:
    edge = light.reading.number("ca", 40.0) / 2
    # A positive penumbra widens the cone, a negative one softens it inwards.
    penumbra = light.reading.number("pa", 0.0)
    outer = min(max(edge + max(penumbra, 0.0), 0.3), 89.9)
    inner = min(max(edge + min(penumbra, 0.0), 0.1), outer - 0.1)
    plugin = {
        "type": "spot",
        "to_world": _aimed(light.place, light.direction).tolist(),
        "intensity": rgb(light.power),
        "cutoff_angle": outer,
        "beam_width": inner,
    }
    light.send(plugin, light.faded(light.power))


def _aimed(place: Floats, way: Floats) -> Floats:
    """(4, 4) for column vectors, +Z along a way of length 1."""
    aside = np.array((1.0, 0, 0) if abs(way[0]) < 0.9 else (0, 1.0, 0))
    right = np.cross(aside, way)
    right = right / np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :] = np.column_stack((right, np.cross(way, right), way, place))
    return matrix


def _area(light: _Light) -> None:
    """Maya's areaLight: a square from -1 to 1, as large as its transform makes it."""
    surface = _surface(light.matrix)
    light.shine({"type": "rectangle"}, _times(light.power, 1 / surface), surface)


def _arnold_area(light: _Light) -> None:
    """aiAreaLight: its intensity is spread over its surface unless told otherwise."""
    kind = light.reading.text("ai_translator", "quad")
    surface = _surface(light.matrix)
    plugin: Plugin = {"type": "rectangle"}
    if kind == "disk":
        plugin, surface = {"type": "disk"}, surface * pi / 4
    elif kind == "cylinder":
        plugin = {"type": "cylinder", "p0": [0, -1, 0], "p1": [0, 1, 0]}
        surface *= pi
    spread = 1 / surface if light.reading.flag("normalize", True) else 1.0
    light.shine(plugin, _times(light.color, spread), surface)


def _surface(matrix: Floats) -> float:
    across = np.cross(matrix[:3, 0] * 2, matrix[:3, 1] * 2)
    return max(float(np.linalg.norm(across)), 1e-9)


def _dome(light: _Light) -> None:
    sky = light.result.sky
    shown = light.reading.number("camera", 1.0) > 0
    plug = light.reading.source(light.reading.first("sc", "color"))
    picture = None
    if plug is not None:
        picture = light.textures.file_picture(light.reading.of(plug.node))
    if picture is None:
        sky.color += np.array(light.color)
        sky.shown += np.array(light.color) * shown
        return
    # The turn of Arnold's dome against its picture could not be tried; a second
    # textured dome would replace the first, as no scene seen has two.
    sky.picture = picture[..., :3] * light.strength
    axes = light.matrix[:3, :3]
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
    "RedshiftPhysicalLight": _arnold_area,
    "RedshiftDomeLight": _dome,
    "PxrDistantLight": _pxr_distant,
    "PxrDomeLight": _dome,
    "PxrRectLight": _arnold_area,
    "PxrSphereLight": _point,
}
