"""One lamp: where it stands and shines, how strong it is and how it fades.

Maya's classic lights keep their strength over any distance by default, which no
physical emitter does: such a light gets the strength that gives Maya's brightness at
the distance where the objects near it are. A white wall facing a light of intensity 1
is 1 in Maya and here. Knows nothing of Mitsuba; `lights` makes emitters of lamps. Runs
in the worker's main thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np

from lrc_toolbox.engines.preview.color_temperature import color_of
from lrc_toolbox.engines.preview.polygons import Floats
from lrc_toolbox.engines.preview.reading import Color, Reading
from lrc_toolbox.scenes.animation import CM_PER_UNIT
from lrc_toolbox.scenes.pose import ShapeInstance

_WHITE: Color = (1.0, 1.0, 1.0)
# The values of `decayRate`; each but none is the power of the distance.
_NO_DECAY, _QUADRATIC = 0, 2
# Redshift's area light fades and is set in hundreds; the node's default is 100.
_INTENSITY = {"RedshiftPhysicalLight": 100.0}
# MtoA adds its attributes to Maya's lights and its own by long names such as
# `aiExposure`; files that Maya saved have the short ones.
_EXPOSURE = ("ai_exposure", "aiExposure", "exposure", "exposure0")
_ARNOLDS = ("ai_exposure", "aiExposure", "ai_decay_type", "aiDecayType")


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


@dataclass(frozen=True, slots=True)
class Lamp:
    """One light as its node and its transform say it is.

    Attributes:
        reading: its attributes.
        shape: its instance in the scene.
        around: the objects that it may light.
    """

    reading: Reading
    shape: ShapeInstance
    around: Surroundings

    @property
    def matrix(self) -> Floats:
        """(4, 4), to world, for column vectors."""
        world: Floats = np.array(self.shape.matrix, np.float64).reshape(4, 4).T
        return world

    @property
    def place(self) -> Floats:
        """(3,), where it stands in the world."""
        return self.matrix[:3, 3]

    @property
    def direction(self) -> Floats:
        """(3,), where it shines: Maya's lights shine along their -Z."""
        way = -self.matrix[:3, 2]
        length = float(np.linalg.norm(way))
        unit: Floats = way / max(length, 1e-12)
        return unit if length > 1e-12 else np.array((0.0, -1.0, 0.0))

    @property
    def surface(self) -> float:
        """The area of the square from -1 to 1 as its transform makes it."""
        across = np.cross(self.matrix[:3, 0] * 2, self.matrix[:3, 1] * 2)
        return max(float(np.linalg.norm(across)), 1e-9)

    @property
    def reach(self) -> float:
        """Where a light without decay has Maya's brightness.

        The nearest quarter of the objects: a lamp in a room reaches its walls, a sun
        reaches the set.
        """
        return max(self.around.reach(self.place, 0.25), 1e-6)

    @property
    def cm(self) -> float:
        """Centimetres in one unit of the scene's distances; renderers fade by them."""
        return CM_PER_UNIT.get(self.reading.pose.graph.distance_unit, 1.0)

    @property
    def strength(self) -> float:
        """Intensity and exposure together."""
        attr = self.reading.first("in", "intensity", "intensityMultiplier")
        default = _INTENSITY.get(self.reading.node.type, 1.0)
        stops = self.reading.number(self.reading.first(*_EXPOSURE), 0.0)
        exposure = float(2.0 ** min(max(stops, -40.0), 40.0))
        return max(self.reading.number(attr, default), 0.0) * exposure

    @property
    def color(self) -> Color:
        """Colour times intensity and exposure."""
        return times(self._tint, self.strength)

    @property
    def _tint(self) -> Color:
        """Its colour, which may be said as a temperature."""
        reading = self.reading
        arnolds = reading.first("ai_use_color_temperature", "aiUseColorTemperature")
        if reading.flag(arnolds):
            attr = reading.first("ai_color_temperature", "aiColorTemperature")
            return color_of(reading.number(attr, 6500.0))
        if reading.node.type == "RedshiftPhysicalLight" and reading.number("colorMode"):
            return color_of(reading.number("temperature", 6500.0))
        attr = reading.first("cl", "color", "lightColor")
        if reading.node.type.startswith("ai"):
            attr = reading.first("sc", "color")
        return reading.color(attr, _WHITE)

    @property
    def power(self) -> Color:
        """What it sends along its way, per steradian; right at `reach`."""
        return times(self._tint, pi * self._arriving * self.reach**2)

    @property
    def _arriving(self) -> float:
        """How bright it makes a white wall that faces it at `reach`."""
        distance = self.reach * self.cm
        decay = int(self.reading.number("de", _NO_DECAY))
        if self.reading.has(*_ARNOLDS):
            decay = self._arnolds_decay
        elif self._renderer == "arnold":
            return self._arriving_unless_left_alone(distance, decay)
        return self.strength / distance**decay

    @property
    def _arnolds_decay(self) -> int:
        """MtoA fades by `aiDecayType`, quadratic by default, whatever `decayRate` says.

        Source: Export of the lights in MtoA's LightTranslators.cpp; the default is that
        of the attribute as scenes declare it.
        """
        attr = self.reading.first("ai_decay_type", "aiDecayType")
        return _QUADRATIC if self.reading.number(attr, 1.0) else _NO_DECAY

    def _arriving_unless_left_alone(self, distance: float, decay: int) -> float:
        """How bright Arnold makes the wall, at least as Maya's viewport up to white.

        Maya sets Arnold as renderer on its own, so many scenes have lights as they come
        out of Maya's menu, which Arnold renders black: their previews should show
        something. Without the bound, an intensity meant to fade would burn all out.
        """
        faded = self.strength / distance**_QUADRATIC
        return faded if decay else max(faded, min(self.strength, 1.0))

    @property
    def _renderer(self) -> str:
        pose = self.reading.pose
        settings = pose.graph.node("defaultRenderGlobals")
        return pose.text(settings, "ren") if settings else ""

    def faded(self, power: Color) -> Color:
        """What arrives of a power between the near objects and the middle ones.

        How often a light should be asked: by the near ones alone, lamps that light
        little of the picture make all of it noisy; by the middle ones, they are noisy
        themselves.
        """
        middle = max(self.around.reach(self.place, 0.5), 1e-6)
        return times(power, 1 / (self.reach * middle))


def times(color: Color, factor: float) -> Color:
    """Give a colour as many times as bright."""
    return color[0] * factor, color[1] * factor, color[2] * factor
