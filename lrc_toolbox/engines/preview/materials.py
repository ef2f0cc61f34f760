"""Materials: from Maya's surface shaders to what Mitsuba scatters.

One function per family of shaders, found by the node's type. Unknown shaders are shown
by the first colour that they have. Runs in the worker's main thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lrc_toolbox.engines.preview.reading import Color, Notes, Plugin, Reading
from lrc_toolbox.engines.preview.textures import Paint, Textures, plain
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.pose import Pose

_BLACK: Color = (0.0, 0.0, 0.0)
_GREY: Color = (0.5, 0.5, 0.5)
_WHITE: Color = (1.0, 1.0, 1.0)
# Below this a share of light is not worth its noise.
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Material:
    """What one surface looks like in one pose.

    Attributes:
        plugin: the Mitsuba material, both sides alike.
        glow: the light that it gives off; None where it gives none.
        see_through: light passes straight through it in part.
        key: equal for materials that look the same.
    """

    plugin: Plugin
    glow: Paint | None
    see_through: bool
    key: tuple[Any, ...]


@dataclass(slots=True)
class _Look:
    """One side of a surface, and what of it is there."""

    plugin: Plugin
    key: tuple[Any, ...]
    opacity: Paint
    glow: Paint | None = None
    see_through: bool = False


class Materials:
    """The materials of one scene."""

    def __init__(self, textures: Textures, notes: Notes) -> None:
        self._textures = textures
        self._notes = notes

    def material(self, pose: Pose, surface: Node | None) -> Material:
        """Translate a surface shader; None gives Maya's plain grey."""
        if surface is None:
            look = _matte(plain((0.4, 0.4, 0.4)))
        else:
            shader = _Shader(Reading(pose, surface), self._textures, self._notes)
            look = shader.look()
        solid = min(look.opacity.mean) > 1 - _LEAST
        glow = look.glow if look.glow and max(look.glow.mean) > _LEAST else None
        opacity = () if solid else look.opacity.key
        key = (look.key, opacity, glow.key if glow else ())
        see_through = look.see_through or not solid
        return Material(_two_sided(look, solid), glow, see_through, key)


def _two_sided(look: _Look, solid: bool) -> Plugin:
    plugin = look.plugin
    if not look.see_through:
        plugin = {"type": "twosided", "inside": plugin}
    if not solid:
        plugin = {"type": "mask", "opacity": look.opacity.value, "inside": plugin}
    return plugin


def _matte(color: Paint) -> _Look:
    plugin = {"type": "diffuse", "reflectance": color.value}
    return _Look(plugin, ("diffuse", color.key), plain(_WHITE))


def _glossy(color: Paint, shine: Paint, roughness: float) -> _Look:
    """Matte with a highlight, as phong and blinn; the highlight stays white."""
    strength = round(min(sum(shine.mean) / 3, 1.0), 3)
    if strength < _LEAST:
        return _matte(color)
    rough = round(min(max(roughness, 0.05), 1.0), 3)
    plugin = {
        "type": "principled",
        "base_color": color.value,
        "specular": strength,
        "roughness": rough,
    }
    return _Look(plugin, ("glossy", color.key, strength, rough), plain(_WHITE))


@dataclass(frozen=True, slots=True)
class _Shader:
    """One surface shader being translated."""

    reading: Reading
    textures: Textures
    notes: Notes

    def look(self) -> _Look:
        kind = self.reading.node.type
        family = _FAMILIES.get(kind)
        if family is None:
            inner = self._inner_shader()
            if inner is not None:
                return inner.look()
            self.notes.add(f"Materials of type {kind} are shown by their colour alone.")
            family = _unknown
        return family(self)

    def _inner_shader(self) -> _Shader | None:
        """Give the first shader of a mix, as layeredShader or aiMixShader are."""
        plug = next(
            (plug for attr in _MIXED if (plug := self.reading.source(attr))), None
        )
        if plug is None or plug.node.type not in _FAMILIES:
            return None
        kind = self.reading.node.type
        self.notes.add(f"Of {kind} materials only the first layer is shown.")
        return _Shader(self.reading.of(plug.node), self.textures, self.notes)

    def paint(
        self, attr: str, default: Color, gain: float = 1.0, *, inverse: bool = False
    ) -> Paint:
        """Read a colour, textured or not, times a weight.

        Args:
            inverse: give 1 minus it, before the weight.
        """
        weight = max(gain, 0.0)
        plug = self.reading.source(attr)
        if plug is not None:
            by = (weight, weight, weight)
            paint = self.textures.paint(self.reading.pose, plug, by, inverse=inverse)
            if paint is not None:
                return paint
        red, green, blue = self.reading.color(attr, default)
        if inverse:
            red, green, blue = 1 - red, 1 - green, 1 - blue
        return plain((red * weight, green * weight, blue * weight))

    def amount(self, attr: str, default: float) -> float:
        """Read a share of 0 to 1; a texture counts as its mean."""
        plug = self.reading.source(attr)
        paint = self.textures.paint(self.reading.pose, plug) if plug else None
        value = sum(paint.mean) / 3 if paint else self.reading.number(attr, default)
        return min(max(value, 0.0), 1.0)

    def colored(self, weight: str, full: float, color: str, default: Color) -> Paint:
        """Read a colour with its weight."""
        return self.paint(color, default, self.reading.number(weight, full))


def _lambert(shader: _Shader) -> _Look:
    return _classic(shader, _matte(_diffuse(shader)))


def _phong(shader: _Shader) -> _Look:
    # An exponent n is about as sharp as a microfacet width of sqrt(2 / (n + 2)):
    # Walter et al., Microfacet Models for Refraction (2007). Mitsuba squares its
    # roughness to get that width.
    power = max(shader.reading.number("cp", 20.0), 0.0)
    return _shiny(shader, (2 / (power + 2)) ** 0.25)


def _phong_e(shader: _Shader) -> _Look:
    return _shiny(shader, shader.amount("rn", 0.5))


def _blinn(shader: _Shader) -> _Look:
    return _shiny(shader, shader.amount("ec", 0.3))


def _anisotropic(shader: _Shader) -> _Look:
    return _shiny(shader, shader.amount("rn", 0.7))


def _shiny(shader: _Shader, roughness: float) -> _Look:
    color, shine = _diffuse(shader), shader.paint("sc", _GREY)
    return _classic(shader, _glossy(color, shine, roughness))


def _diffuse(shader: _Shader) -> Paint:
    return shader.paint("c", _GREY, shader.amount("dc", 0.8))


def _classic(shader: _Shader, look: _Look) -> _Look:
    """Add what lambert and all that come from it have in common."""
    look.opacity = shader.paint("it", _BLACK, inverse=True)
    look.glow = shader.paint("ic", _BLACK)
    return look


def _background(shader: _Shader) -> _Look:
    return _matte(plain(_GREY))


def _flat(shader: _Shader) -> _Look:
    """A surface that shows its colour whatever the light."""
    attr = shader.reading.first("oc", "color", "outColor")
    look = _matte(plain(_BLACK))
    look.glow = shader.paint(attr, _BLACK)
    if shader.reading.has("ot"):
        look.opacity = shader.paint("ot", _BLACK, inverse=True)
    return look


@dataclass(frozen=True, slots=True)
class _Names:
    """What one physically based shader calls its parts."""

    base: str
    base_color: str
    metal: str
    specular: str
    roughness: str
    ior: str
    through: str
    tint: str
    coat: str
    coat_roughness: str
    emission: str
    emission_color: str
    opacity: str
    base_default: float = 1.0
    color_default: Color = (0.8, 0.8, 0.8)


_STANDARD = _Names(
    "b", "bc", "m", "s", "sr", "sior", "t", "tc", "ct", "ctr", "e", "ec", "o"
)
_ARNOLD = _Names(
    base="base",
    base_color="base_color",
    metal="metalness",
    specular="specular",
    roughness="specular_roughness",
    ior="specular_IOR",
    through="transmission",
    tint="transmission_color",
    coat="coat",
    coat_roughness="coat_roughness",
    emission="emission",
    emission_color="emission_color",
    opacity="opacity",
    base_default=0.8,
    color_default=_WHITE,
)
_REDSHIFT = _Names(
    base="base_color_weight",
    base_color="base_color",
    metal="metalness",
    specular="refl_weight",
    roughness="refl_roughness",
    ior="refl_ior",
    through="refr_weight",
    tint="refr_color",
    coat="coat_weight",
    coat_roughness="coat_roughness",
    emission="emission_weight",
    emission_color="emission_color",
    opacity="opacity_color",
    color_default=_GREY,
)


def _physical(names: _Names) -> Callable[[_Shader], _Look]:
    def look(shader: _Shader) -> _Look:
        return _principled(shader, names)

    return look


def _principled(shader: _Shader, names: _Names) -> _Look:
    through = shader.amount(names.through, 0.0)
    if through >= 0.5:
        return _glass(shader, names, through)
    color = shader.colored(
        names.base, names.base_default, names.base_color, names.color_default
    )
    numbers = {
        "metallic": shader.amount(names.metal, 0.0),
        "roughness": max(shader.amount(names.roughness, 0.2), 0.05),
        "specular": _principled_specular(shader, names),
        "clearcoat": shader.amount(names.coat, 0.0),
        "clearcoat_gloss": 1 - shader.amount(names.coat_roughness, 0.1),
    }
    numbers = {name: round(value, 3) for name, value in numbers.items()}
    if not numbers["clearcoat"]:
        del numbers["clearcoat"], numbers["clearcoat_gloss"]
    look = _Look(
        {"type": "principled", "base_color": color.value, **numbers},
        ("principled", color.key, *numbers.items()),
        shader.paint(names.opacity, _WHITE),
    )
    look.glow = shader.colored(names.emission, 0.0, names.emission_color, _WHITE)
    return look


def _glass(shader: _Shader, names: _Names, through: float) -> _Look:
    """Glass as a thin sheet: light goes straight through, dimmed and tinted.

    Real refraction would need many bounces and many samples, and no light would come
    through it from a lamp.
    """
    tint = shader.paint(names.tint, _WHITE, through)
    ior = round(max(shader.reading.number(names.ior, 1.5), 1.01), 3)
    plugin = {
        "type": "thindielectric",
        "int_ior": ior,
        "specular_transmittance": tint.value,
    }
    look = _Look(plugin, ("glass", ior, tint.key), plain(_WHITE), see_through=True)
    look.glow = shader.colored(names.emission, 0.0, names.emission_color, _WHITE)
    return look


def _principled_specular(shader: _Shader, names: _Names) -> float:
    """The strength of the highlight, where 0.5 is an index of refraction of 1.5.

    Mitsuba's principled material follows Burley (2012): reflection of 0.08 x specular.
    """
    ior = max(shader.reading.number(names.ior, 1.5), 1.0)
    facing = ((ior - 1) / (ior + 1)) ** 2 * shader.amount(names.specular, 1.0)
    return min(facing / 0.08, 1.0)


def _unknown(shader: _Shader) -> _Look:
    """Show an unknown shader by the first colour that it speaks of."""
    attr = next((name for name in _COLORS if shader.reading.has(name)), None)
    if attr is None:
        return _matte(plain(_GREY))
    return _matte(shader.paint(attr, _GREY))


_COLORS = (
    *("base_color", "baseColor", "diffuseColor", "diffuse_color", "color", "c"),
    *("diffuse", "dif", "Kd", "kd", "reflectance", "albedo", "bc"),
)
_MIXED = ("cs[0].c", "shader1", "base", "baseColor", "baseMaterial", "material1")
_FAMILIES: Mapping[str, Callable[[_Shader], _Look]] = {
    "lambert": _lambert,
    "phong": _phong,
    "phongE": _phong_e,
    "blinn": _blinn,
    "anisotropic": _anisotropic,
    "useBackground": _background,
    "surfaceShader": _flat,
    "aiFlat": _flat,
    "aiUtility": _flat,
    "standardSurface": _physical(_STANDARD),
    "aiStandardSurface": _physical(_ARNOLD),
    "RedshiftStandardMaterial": _physical(_REDSHIFT),
}
