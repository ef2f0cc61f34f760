"""Materials and lights are as bright as Maya's, by the pixels that come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813
import pytest

MakeScene = Callable[[], Any]
MIDDLE = (18, 32)


def wall(scene: Any, material: str = "", size: float = 6, z: float = 0) -> Any:
    """A wall that faces the camera and fills its middle."""
    attrs = (f".w {size}", f".h {size}", ".ax 0 0 1")
    return scene.shape("wall", "polyPlane", *attrs, at=(0, 0, z), material=material)


def colour(pixels: Any, place: tuple[int, int] = MIDDLE) -> list[float]:
    row, column = place
    patch = pixels[row - 1 : row + 2, column - 1 : column + 2, :3]
    return [round(float(value), 4) for value in patch.mean(axis=(0, 1))]


def test_a_white_wall_facing_a_directional_light_of_one_is_one(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
    pixels = screen.show(wall(scene, "white").light("directionalLight"))
    assert colour(pixels) == pytest.approx([1, 1, 1], rel=0.02)
    assert pixels[MIDDLE][3] == 1


def test_a_lambert_left_as_it_is_shows_mayas_grey(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "plain").light("directionalLight")
    assert colour(screen.show(wall(scene, "plain"))) == pytest.approx(
        [0.4] * 3, rel=0.02
    )


def test_a_light_is_as_bright_as_its_colour_times_its_intensity(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
    scene.light("directionalLight", ".cl 0.2 0.4 0.6", ".in 1.5")
    assert colour(screen.show(wall(scene, "white"))) == pytest.approx(
        [0.3, 0.6, 0.9], rel=0.02
    )


def test_a_slanting_light_is_weaker_by_the_cosine(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
    scene.light("directionalLight", turn=(-60, 0, 0))
    assert colour(screen.show(wall(scene, "white")))[0] == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize(
    ("kind", "attrs"),
    [
        ("lambert", (".c 0.8 0.1 0.05", ".dc 1")),
        ("blinn", (".c 0.8 0.1 0.05", ".dc 1", ".sc 0 0 0")),
        ("phong", (".c 0.8 0.1 0.05", ".dc 1", ".sc 0.1 0.1 0.1")),
        ("phongE", (".c 0.8 0.1 0.05", ".dc 1", ".sc 0 0 0")),
        ("anisotropic", (".c 0.8 0.1 0.05", ".dc 1", ".sc 0 0 0")),
        ("standardSurface", (".b 1", ".bc 0.8 0.1 0.05", ".s 0")),
        (
            "aiStandardSurface",
            (".base 1", ".base_color 0.8 0.1 0.05", ".specular 0"),
        ),
        ("RedshiftStandardMaterial", (".base_color 0.8 0.1 0.05", ".refl_weight 0")),
        ("someUnknownShader", (".diffuseColor 0.8 0.1 0.05",)),
    ],
)
def test_every_shader_shows_its_colour(
    kind: str, attrs: Sequence[str], screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader(kind, "paint", *attrs).light("directionalLight")
    shown = colour(screen.show(wall(scene, "paint"), samples=16))
    assert shown == pytest.approx([0.8, 0.1, 0.05], rel=0.25, abs=0.03)


def test_a_shiny_material_has_a_highlight_and_a_matte_one_has_none(
    screen: Any, maya_scene: MakeScene
) -> None:
    def brightest(kind: str, *attrs: str) -> float:
        scene = maya_scene().shader(kind, "paint", ".c 0.1 0.1 0.1", *attrs)
        scene.shape("ball", "polySphere", ".r 2", ".sa 60", ".sh 60", material="paint")
        pixels = screen.show(
            scene.light("directionalLight", turn=(-30, 20, 0)), samples=16
        )
        return float(pixels[..., :3].max())

    assert brightest("blinn", ".ec 0.1", ".sc 1 1 1") > 3 * brightest("lambert")


def test_metal_keeps_the_colour_of_its_reflection(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene()
    scene.shader(
        "aiStandardSurface", "gold", ".base 1", ".base_color 1 0.6 0.1", ".metalness 1"
    )
    scene.light("aiSkyDomeLight", name="sky")
    red, green, blue = colour(screen.show(wall(scene, "gold"), samples=64))
    assert red == pytest.approx(1, abs=0.1)
    assert green / red == pytest.approx(0.6, abs=0.1)
    assert blue / red == pytest.approx(0.1, abs=0.1)


def test_a_surface_shader_shows_its_colour_without_light(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("surfaceShader", "flat", ".oc 0.3 2 0.1")
    scene.light("directionalLight", ".in 0")
    assert colour(screen.show(wall(scene, "flat"))) == pytest.approx([0.3, 2, 0.1])


def test_what_glows_adds_to_what_is_lit_and_lights_what_is_beside_it(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "lamp", ".dc 1", ".ic 0.5 0 0")
    scene.shader("lambert", "white", ".c 1 1 1", ".dc 1")
    wall(scene.light("directionalLight", ".in 0.5"), "lamp", size=2)
    scene.shape(
        "floor", "polyPlane", ".w 20", ".h 20", at=(0, -1.5, 0), material="white"
    )
    pixels = screen.show(scene, samples=64)
    assert colour(pixels) == pytest.approx([0.75, 0.25, 0.25], abs=0.06)
    beside = colour(pixels, (30, 32))
    assert beside[0] > beside[2] + 0.005


def test_a_half_transparent_surface_has_half_alpha_and_half_a_shadow(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "thin", ".it 0.5 0.5 0.5")
    alone = screen.show(wall(scene, "thin").light("directionalLight"), samples=64)
    assert alone[MIDDLE][3] == pytest.approx(0.5, abs=0.1)

    scene = maya_scene().shader("lambert", "thin", ".it 0.5 0.5 0.5", ".c 0 0 0")
    scene.shader("lambert", "white", ".c 1 1 1", ".dc 1")
    scene.shape(
        "pane", "polyPlane", ".w 3", ".h 3", ".ax 0 0 1", at=(0, 6, 4), material="thin"
    )
    wall(scene, "white", size=20).light("directionalLight", turn=(-56.3, 0, 0))
    pixels = screen.show(scene, samples=64)
    light, shadow = colour(pixels, (18, 8)), colour(pixels, MIDDLE)
    assert shadow[0] / light[0] == pytest.approx(0.5, abs=0.12)


def test_light_shines_through_glass(screen: Any, maya_scene: MakeScene) -> None:
    scene = maya_scene().shader("aiStandardSurface", "glass", ".transmission 1")
    scene.shader("lambert", "white", ".c 1 1 1", ".dc 1")
    wall(scene, "white").light("pointLight", ".de 2", ".in 4", at=(0, 0, 2))
    scene.shape("bulb", "polySphere", ".r 0.4", at=(0, 0, 2), material="glass")
    assert colour(screen.show(scene, samples=64), (18, 20))[0] > 0.1


def test_ambient_light_comes_from_everywhere(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
    wall(scene, "white").light("ambientLight", ".in 0.25", name="one")
    scene.light("ambientLight", ".in 0.5", ".cl 1 0 0", name="two")
    pixels = screen.show(scene, samples=16)
    assert colour(pixels) == pytest.approx([0.75, 0.25, 0.25], rel=0.03)
    assert pixels[0, 0].tolist() == [0, 0, 0, 0]


def test_a_dome_lights_the_wall_and_is_seen_behind_it_without_alpha(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
    wall(scene, "white", size=3)
    scene.light("aiSkyDomeLight", ".sc 0.2 0.4 0.8", ".aiExposure 1", name="sky")
    pixels = screen.show(scene, samples=16)
    assert colour(pixels) == pytest.approx([0.4, 0.8, 1.6], rel=0.03)
    assert pixels[2, 2].tolist() == pytest.approx([0.4, 0.8, 1.6, 0], rel=0.01)
    hidden = screen.show(scene.set(".camera 0"), samples=4)
    assert hidden[2, 2].tolist() == [0, 0, 0, 0]


def test_a_point_light_without_decay_has_mayas_brightness_at_what_is_near(
    screen: Any, maya_scene: MakeScene
) -> None:
    for distance in (2.0, 200.0):
        scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
        wall(scene, "white").light("pointLight", at=(0, 0, distance))
        assert colour(screen.show(scene))[0] == pytest.approx(1, rel=0.03)


def test_a_lamp_in_a_room_of_one_piece_reaches_its_walls(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 0.5")
    size = (".w 400", ".h 400", ".d 400")
    scene.shape("room", "polyCube", *size, material="white").light("pointLight")
    assert 0.5 < colour(screen.show(scene, samples=16))[0] < 1.5


def test_a_point_light_with_quadratic_decay_fades_with_the_square(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
    wall(scene, "white").light("pointLight", ".de 2", ".in 8", at=(0, 0, 4))
    assert colour(screen.show(scene))[0] == pytest.approx(0.5, rel=0.03)


def test_a_spot_light_lights_its_cone_and_its_penumbra(
    screen: Any, maya_scene: MakeScene
) -> None:
    def row(penumbra: float) -> Any:
        scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
        wall(scene, "white", size=20)
        scene.light("spotLight", ".ca 20", f".pa {penumbra}", at=(0, 0, 10))
        return screen.show(scene, samples=16)[18, :, 0]

    sharp, soft = row(0), row(5)
    # 10 degrees to the side at a distance of 10: 1.76 units, 9.9 pixels, each way.
    lit = np.flatnonzero(sharp > 0.3)
    assert lit[0] == pytest.approx(32 - 14, abs=5)
    assert sharp[32] == pytest.approx(1, rel=0.05)
    assert sharp[2] == 0
    assert len(np.flatnonzero(soft > 0)) > len(np.flatnonzero(sharp > 0))


@pytest.mark.parametrize(
    ("kind", "attrs"),
    [
        ("areaLight", (".in 1",)),
        ("aiAreaLight", (".intensity 1", ".aiExposure 6")),
        ("aiAreaLight", (".intensity 1", ".aiExposure 6", '.ai_translator "disk"')),
    ],
)
def test_an_area_light_shines_forwards_and_is_not_seen(
    kind: str, attrs: Sequence[str], screen: Any, maya_scene: MakeScene
) -> None:
    def lit(turn: float) -> Any:
        scene = maya_scene().shader("lambert", "white", ".c 1 1 1", ".dc 1")
        wall(scene, "white")
        scene.light(kind, at=(0, 0, 3), turn=(0, turn, 0))
        for attr in attrs:
            scene.set(attr)
        return colour(screen.show(scene, samples=16))

    assert lit(0)[0] > 0.2
    assert lit(180) == [0, 0, 0]


def test_a_scene_without_lights_is_lit_from_the_camera(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("lambert", "plain")
    assert colour(screen.show(wall(scene, "plain")))[0] == pytest.approx(0.44, rel=0.04)


def test_the_default_light_can_be_switched_off(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = wall(maya_scene().shader("lambert", "plain"), "plain")
    scene.select("defaultRenderGlobals", ".edl no")
    assert colour(screen.show(scene)) == [0, 0, 0]


def test_a_hidden_light_gives_no_light(screen: Any, maya_scene: MakeScene) -> None:
    scene = wall(maya_scene().shader("lambert", "plain"), "plain")
    scene.light("directionalLight", ".in 0.5", name="seen")
    bright = colour(screen.show(scene))
    scene.light("directionalLight", ".v no", name="hidden")
    assert colour(screen.show(scene)) == pytest.approx(bright, rel=0.02)


def test_lights_that_are_not_understood_leave_the_scene_lit_from_the_camera(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = wall(maya_scene().shader("lambert", "plain"), "plain")
    scene.light("VRayLightRectShape", name="strange")
    assert colour(screen.show(scene))[0] == pytest.approx(0.44, rel=0.04)
    assert "VRayLightRectShape" in screen.notes()


@pytest.fixture(scope="module")
def quadrants(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture: red and green above blue and white, in sRGB."""
    path = tmp_path_factory.mktemp("textures") / "quadrants.png"
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:32, :32, 0] = pixels[:32, 32:, 1] = pixels[32:, :32, 2] = 255
    pixels[32:, 32:, :3] = 255
    pixels[..., 3] = 255
    pixels[:32, :, 3] = 0
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), oiio.ImageSpec(64, 64, 4, oiio.UINT8))
    output.write_image(pixels)
    output.close()
    return path


def textured(scene: Any, path: str, *place: str) -> Any:
    """A wall without light that shows a file texture."""
    scene.shader("surfaceShader", "flat").node("file", "picture")
    scene._nodes.append(f'\tsetAttr ".ftn" -type "string" "{path}" ;\n')
    scene.connect("picture.oc", "flat.oc")
    if place:
        scene.node("place2dTexture", "place", *place).connect("place.o", "picture.uv")
    return wall(scene, "flat", size=5)


CORNERS = ((8, 22), (8, 42), (28, 22), (28, 42))


def test_a_texture_stands_upright_on_a_plane(
    screen: Any, maya_scene: MakeScene, quadrants: Path
) -> None:
    pixels = screen.show(textured(maya_scene(), quadrants.as_posix()))
    shown = [pixels[place][:3].round(2).tolist() for place in CORNERS]
    assert shown == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]


def test_a_texture_repeats_and_moves_as_its_placement_says(
    screen: Any, maya_scene: MakeScene, quadrants: Path
) -> None:
    name = quadrants.as_posix()
    twice = screen.show(textured(maya_scene(), name, ".re 2 2"))
    red = (twice[..., 0] > 0.9) & (twice[..., 1] < 0.1)
    # Two across and two up: red lies at the upper left of each.
    assert red[5, 20]
    assert red[5, 36]
    assert red[22, 20]
    moved = screen.show(textured(maya_scene(), name, ".of 0.5 0.5"))
    shown = [moved[place][:3].round(2).tolist() for place in CORNERS]
    assert shown == [[1, 1, 1], [0, 0, 1], [0, 1, 0], [1, 0, 0]]
    turned = screen.show(textured(maya_scene(), name, ".r 90"))
    shown = [turned[place][:3].round(2).tolist() for place in CORNERS]
    assert sorted(shown) == sorted([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    assert shown[0] != [1, 0, 0]


def test_a_texture_that_is_not_there_is_its_default_colour_and_named_once(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = textured(maya_scene(), "D:/nowhere/brick.jpg")
    first, second = screen.show(scene), screen.show(scene, frame=2)
    assert colour(first) == colour(second) == [0.5, 0.5, 0.5]
    assert screen.worker.log().count("D:/nowhere/brick.jpg") in (1, 2)


def test_a_textures_alpha_cuts_out_a_shape(
    screen: Any, maya_scene: MakeScene, quadrants: Path
) -> None:
    scene = textured(maya_scene(), quadrants.as_posix())
    scene.connect("picture.ot", "flat.ot")
    pixels = screen.show(scene, samples=4)
    assert [pixels[place][3] for place in CORNERS] == [0, 0, 1, 1]


def test_ramps_and_checkers_are_painted(screen: Any, maya_scene: MakeScene) -> None:
    scene = maya_scene().shader("surfaceShader", "flat").node("ramp", "ramp1")
    for number, (place, shade) in enumerate(((0, "1 0 0"), (1, "0 0 1"))):
        scene.set(f".cel[{number}].ep {place}", f".cel[{number}].ec {shade}")
    pixels = screen.show(wall(scene.connect("ramp1.oc", "flat.oc"), "flat"))
    assert pixels[30, 32, 0] > 0.7
    assert pixels[6, 32, 2] > 0.7
    scene = maya_scene().shader("surfaceShader", "flat")
    scene.node("checker", "tiles", ".c1 1 1 0", ".c2 0 0 1")
    pixels = screen.show(wall(scene.connect("tiles.oc", "flat.oc"), "flat", size=5))
    shown = {tuple(pixels[place][:3].round(2).tolist()) for place in CORNERS}
    assert shown == {(1, 1, 0), (0, 0, 1)}


def test_a_layer_that_changes_a_colour_changes_the_pixels(
    screen: Any, maya_scene: MakeScene
) -> None:
    scene = maya_scene().shader("surfaceShader", "flat", ".oc 1 0 0")
    wall(scene, "flat")
    scene.node("renderLayerManager", "renderLayerManager")
    scene.node("renderLayer", "defaultRenderLayer", ".g yes")
    scene.node("renderLayer", "blue", ".rlid 1", ".do 1")
    scene._nodes.append('\tsetAttr ".adjs[0].val" -type "float3" 0 0 1 ;\n')
    scene.connect("renderLayerManager.rlmi[0]", "defaultRenderLayer.rlid")
    scene.connect("renderLayerManager.rlmi[1]", "blue.rlid")
    scene.connect("flat.oc", "blue.adjs[0].plg")
    scene.connect("blue.ri", "wall.rlio[0]")
    assert colour(screen.show(scene)) == [1, 0, 0]
    assert colour(screen.show(scene, layer="blue")) == [0, 0, 1]
