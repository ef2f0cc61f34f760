"""Lights of Maya and of the renderers are as bright as their attributes say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

MakeScene = Callable[[], Any]
#: A wall of this size fills the middle of what the camera sees.
_WALL = (".w 6", ".h 6", ".ax 0 0 1")
METRES = """//Maya ASCII 2023 scene
requires maya "2023";
currentUnit -l meter -a degree -t film;
createNode transform -n "cam";
\tsetAttr ".t" -type "double3" 0 0 10 ;
createNode camera -n "camShape" -p "cam";
"""


def white_wall(scene: Any, renderer: str = "") -> Any:
    """A white wall that faces the camera, in a scene of some renderer."""
    if renderer:
        scene.select("defaultRenderGlobals", f'.ren -type "string" "{renderer}"')
    scene.shader("lambert", "white", ".c 1 1 1", ".dc 1")
    return scene.shape("wall", "polyPlane", *_WALL, material="white")


def middle(pixels: Any) -> list[float]:
    """The mean colour around the middle of a picture."""
    mean = pixels[17:20, 31:34, :3].mean(axis=(0, 1))
    return [float(part) for part in mean]


def test_a_dim_light_is_seen_beside_a_bright_one_behind_closed_doors(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = white_wall(maya_scene()).light("directionalLight", ".in 0.25", name="sun")
    # A lamp in a box: all of its light stays inside.
    scene.shape("box", "polyCube", at=(0, 4, 2), material="white")
    scene.light("spotLight", ".in 100000", at=(0, 4, 2), name="locked")
    pixels = screen.show(scene, samples=16)
    wall = pixels[8:28, 24:40, 0]
    assert float(wall.mean()) == pytest.approx(0.25, rel=0.1)
    assert float(wall.min()) > 0, "the lamp took all samples of some pixels"


def test_the_roof_of_file_37_shows_its_sun_beside_four_lamps_in_closed_cones(
    screen: Any, shared: Path
) -> None:
    (scene,) = (shared / "scenes").glob("37-*.mb")
    pixels = screen.show(scene, 200, samples=16, camera="persp", size=(96, 54))
    lit = pixels[..., 0][pixels[..., 3] > 0.99]
    # Straight from above on Arnold's base of 0.8 x 0.0986: 0.25 x 0.0789, and the
    # walls, which it passes by, are black.
    roof = lit[lit > 0.005]
    assert len(roof) > 150
    assert float(roof.mean()) == pytest.approx(0.0197, rel=0.25)


@pytest.mark.parametrize(
    ("decay", "brightness"), [(0, 8), (1, 8 / 4), (2, 8 / 16), (3, 8 / 64)]
)
def test_each_decay_rate_divides_by_its_power_of_the_distance(
    decay: int, brightness: float, screen: Any, maya_scene: MakeScene
) -> None:
    scene = white_wall(maya_scene())
    scene.light("pointLight", f".de {decay}", ".in 8", at=(0, 0, 4))
    assert middle(screen.show(scene))[0] == pytest.approx(brightness, rel=0.03)


def test_a_light_fades_by_centimetres_in_a_scene_of_metres(
    screen: Any, maya_scene: Callable[..., Any]
) -> None:
    scene = white_wall(maya_scene(METRES))
    scene.light("pointLight", ".de 2", ".in 80000", at=(0, 0, 4))
    assert middle(screen.show(scene))[0] == pytest.approx(0.5, rel=0.03)
    scene = white_wall(maya_scene(METRES))
    scene.light("aiAreaLight", ".ai_exposure 20", at=(0, 0, 4))
    area = middle(screen.show(scene, samples=16))[0]
    scene = white_wall(maya_scene())
    scene.light("aiAreaLight", f".intensity {2**20 / 1e4}", at=(0, 0, 4))
    same = middle(screen.show(scene, samples=16))[0]
    assert area == pytest.approx(same, rel=0.02)


@pytest.mark.parametrize("kind", ["pointLight", "spotLight"])
@pytest.mark.parametrize(
    ("attrs", "brightness"),
    [
        ((".ai_exposure 3",), 8 / 16),
        ((".aiExposure 3",), 8 / 16),
        ((".ai_exposure 3", ".de 1"), 8 / 16),
        ((".in 3", ".ai_decay_type 0"), 3),
        ((".in 0.5",), 0.5),
        ((".in 8",), 1),
        ((".in 8", ".de 2"), 0.5),
        ((".in 80",), 5),
    ],
)
def test_lights_of_maya_fade_as_arnold_has_it_where_they_are_set_for_arnold(
    kind: str,
    attrs: Sequence[str],
    brightness: float,
    screen: Any,
    maya_scene: MakeScene,
) -> None:
    scene = white_wall(maya_scene(), "arnold").light(kind, *attrs, at=(0, 0, 4))
    assert middle(screen.show(scene))[0] == pytest.approx(brightness, rel=0.03)


def test_the_exposure_of_a_saved_arnold_light_is_read(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = white_wall(maya_scene())
    scene.light("aiAreaLight", ".ai_exposure 6", at=(0, 0, 3))
    normal = middle(screen.show(scene, samples=16))[0]
    larger = middle(screen.show(scene.set(".ai_exposure 7"), samples=16))[0]
    spread = middle(screen.show(scene.set(".ai_normalize no"), samples=16))[0]
    assert larger == pytest.approx(2 * normal, rel=0.05)
    assert spread == pytest.approx(4 * larger, rel=0.05), "2 x 2 units"
    assert normal > 0.5


def test_a_colour_temperature_replaces_the_colour_where_it_is_switched_on(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = white_wall(maya_scene())
    scene.light("directionalLight", ".cl 0 1 0", ".ai_color_temperature 3000")
    assert middle(screen.show(scene)) == pytest.approx([0, 1, 0], abs=0.02)
    red, green, blue = middle(screen.show(scene.set(".ai_use_color_temperature yes")))
    assert red > 1.2 * green > 2 * blue
    # As bright as white: the luminance of Rec. 709 stays.
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(1, rel=0.03)
    cool = middle(screen.show(scene.set(".ai_color_temperature 12000")))
    assert cool[2] > 1.3 * cool[0]
    neutral = middle(screen.show(scene.set(".ai_color_temperature 6500")))
    assert neutral == pytest.approx([1, 1, 1], rel=0.06)


def test_a_redshift_light_is_the_kind_that_it_says(
    screen: Any, maya_scene: MakeScene
) -> None:
    def lit(*attrs: str, turn: float = 0) -> Any:
        scene = white_wall(maya_scene(), "redshift")
        scene.light("RedshiftPhysicalLight", *attrs, at=(0, 0, 4), turn=(0, turn, 0))
        return screen.show(scene, samples=16)

    assert middle(lit(".lightType 3", ".intensity 0.5"))[0] == pytest.approx(0.5, 0.03)
    point = (".lightType 1", ".intensity 16")
    assert middle(lit(*point))[0] == pytest.approx(1 / np.pi, rel=0.03)
    assert middle(lit(*point, turn=180))[0] == pytest.approx(1 / np.pi, rel=0.03)
    spot = lit(".lightType 2", ".intensity 16", ".spotConeAngle 20")
    assert middle(spot)[0] == pytest.approx(1 / np.pi, rel=0.03)
    assert spot[4, 32, 0] == 0, "outside the cone"
    assert middle(lit(".intensity 16"))[0] > 0.1
    assert middle(lit(".intensity 16", turn=180))[0] == 0
    warm = middle(lit(".lightType 3", ".colorMode 1", ".temperature 3000"))
    assert warm[0] > 2 * warm[2]


def test_a_renderman_rectangle_is_one_unit_wide_and_shows_its_intensity(
    screen: Any, maya_scene: MakeScene
) -> None:
    def lit(*attrs: str) -> float:
        scene = white_wall(maya_scene(), "renderman")
        scene.light("PxrRectLight", *attrs, at=(0, 0, 4), scale=(2, 2, 1))
        return middle(screen.show(scene, samples=16))[0]

    # Radiance times area by the square of the distance, and a white wall's 1 / pi; a
    # twentieth less for the edges of a light that is not small.
    assert lit(".intensity 10") == pytest.approx(10 * 4 / 16 / np.pi, rel=0.1)
    assert lit(".intensity 10", ".areaNormalize 1") == pytest.approx(
        10 / 16 / np.pi, rel=0.1
    )


def test_lights_too_weak_to_be_seen_add_nothing_and_do_no_harm(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = white_wall(maya_scene()).light("directionalLight", ".in 0", name="off")
    assert middle(screen.show(scene)) == [0, 0, 0]
    scene.light("directionalLight", ".in 0.5", name="on")
    assert middle(screen.show(scene))[0] == pytest.approx(0.5, rel=0.02)
