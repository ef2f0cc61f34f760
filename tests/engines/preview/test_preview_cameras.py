"""Points of the world land on the pixels where Maya's film back puts them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

MM_PER_INCH = 25.4
POINTS = [(0.0, 0.0, 0.0), (1.2, 0.5, 0.0), (-1.4, -0.6, -2.0)]


def markers(scene: Any, points: list[tuple[float, float, float]]) -> Any:
    """Put small red, green and blue lights at points."""
    for number, point in enumerate(points):
        color = [0, 0, 0]
        color[number] = 1
        scene.shader("surfaceShader", f"glow{number}", ".oc {} {} {}".format(*color))
        scene.shape(
            f"dot{number}", "polySphere", ".r 0.15", at=point, material=f"glow{number}"
        )
    return scene


def seen(pixels: Any, count: int) -> list[tuple[float, float]]:
    """Where each marker is, (x, y) in pixels from the upper left."""
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]] + 0.5
    places = []
    for number in range(count):
        weight = np.clip(pixels[..., number], 0, 1)
        assert weight.sum() > 0, f"marker {number} is not in the picture"
        places.append(
            (
                float((columns * weight).sum() / weight.sum()),
                float((rows * weight).sum() / weight.sum()),
            )
        )
    return places


def expected(
    point: tuple[float, float, float],
    size: tuple[int, int],
    gate: tuple[float, float, float, float],
    focal_mm: float = 35.0,
    camera_z: float = 10.0,
) -> tuple[float, float]:
    """Project by hand: `gate` is left, right, bottom and top of the film, inches."""
    left, right, bottom, top = gate
    depth = camera_z - point[2]
    x = point[0] / depth * focal_mm / MM_PER_INCH
    y = point[1] / depth * focal_mm / MM_PER_INCH
    return (
        (x - left) / (right - left) * size[0],
        (top - y) / (top - bottom) * size[1],
    )


def centred(width: float, height: float) -> tuple[float, float, float, float]:
    return (-width / 2, width / 2, -height / 2, height / 2)


# The film of Maya's default camera is 1.41732 x 0.94488 inches: 3 to 2.
WIDE, HIGH = 1.41732, 0.94488
SIZE = (192, 108)
ASPECT = SIZE[0] / SIZE[1]
CASES = {
    "as Maya makes it": ([], SIZE, centred(WIDE, WIDE / ASPECT), 35),
    "a longer lens": ([".fl 70"], SIZE, centred(WIDE, WIDE / ASPECT), 70),
    "vertical fit": ([".ff 2"], SIZE, centred(HIGH * ASPECT, HIGH), 35),
    "fill, picture wider": ([".ff 0"], SIZE, centred(WIDE, WIDE / ASPECT), 35),
    "overscan, picture wider": ([".ff 3"], SIZE, centred(HIGH * ASPECT, HIGH), 35),
    "fill, picture higher": ([".ff 0"], (120, 120), centred(HIGH, HIGH), 35),
    "overscan, picture higher": ([".ff 3"], (120, 120), centred(WIDE, WIDE), 35),
    "portrait": ([], (90, 160), centred(WIDE, WIDE * 16 / 9), 35),
    "a smaller film": ([".cap 0.8 0.6"], SIZE, centred(0.8, 0.8 / ASPECT), 20),
    "squeezed": ([".lsr 2"], SIZE, centred(2 * WIDE, 2 * WIDE / ASPECT), 35),
    "scaled": ([".cs 1.5"], SIZE, centred(1.5 * WIDE, 1.5 * WIDE / ASPECT), 35),
}
CASES["a smaller film"][0].append(".fl 20")


@pytest.mark.parametrize("case", CASES)
def test_the_picture_shows_the_part_of_the_film_that_maya_shows(
    case: str, screen: Any, maya_scene: Callable[[], Any]
) -> None:
    attrs, size, gate, focal = CASES[case]
    scene = maya_scene()
    scene.node("transform", "look", ".t 0 0 10")
    scene.node("camera", "lookShape", *attrs, parent="look")
    pixels = screen.show(markers(scene, POINTS), size=size, samples=16, camera="look")
    for place, point in zip(seen(pixels, 3), POINTS, strict=True):
        assert place == pytest.approx(expected(point, size, gate, focal), abs=0.35)


def test_a_film_offset_moves_the_film_and_so_the_picture_the_other_way(
    screen: Any, maya_scene: Callable[[], Any]
) -> None:
    scene = maya_scene()
    scene.node("transform", "look", ".t 0 0 10")
    scene.node("camera", "lookShape", ".fio 0.2 -0.1", parent="look")
    pixels = screen.show(markers(scene, POINTS), size=SIZE, samples=16, camera="look")
    height = WIDE / ASPECT
    gate = (0.2 - WIDE / 2, 0.2 + WIDE / 2, -0.1 - height / 2, -0.1 + height / 2)
    for place, point in zip(seen(pixels, 3), POINTS, strict=True):
        assert place == pytest.approx(expected(point, SIZE, gate), abs=0.35)


def test_an_orthographic_camera_is_as_wide_as_it_says_whatever_the_distance(
    screen: Any, maya_scene: Callable[[], Any]
) -> None:
    scene = maya_scene()
    scene.node("transform", "look", ".t 1 0 50")
    scene.node("camera", "lookShape", ".o yes", ".ow 6", parent="look")
    pixels = screen.show(markers(scene, POINTS), size=SIZE, camera="look")
    scale = SIZE[0] / 6
    for place, (x, y, _) in zip(seen(pixels, 3), POINTS, strict=True):
        by_hand = (SIZE[0] / 2 + (x - 1) * scale, SIZE[1] / 2 - y * scale)
        assert place == pytest.approx(by_hand, abs=0.35)


def test_a_turned_and_scaled_camera_looks_along_its_own_minus_z(
    screen: Any, maya_scene: Callable[[], Any]
) -> None:
    # From +X towards the origin; the scale of a camera does not change its view.
    scene = maya_scene()
    scene.node("transform", "look", ".t 10 0 0", ".r 0 90 0", ".s 3 3 3")
    scene.node("camera", "lookShape", parent="look")
    points = [(0.0, 0.0, 0.0), (0.0, 0.5, -1.2), (-2.0, -0.6, 1.4)]
    pixels = screen.show(markers(scene, points), size=SIZE, camera="look")
    for place, (x, y, z) in zip(seen(pixels, 3), points, strict=True):
        as_seen_from_z = (-z, y, x)
        by_hand = expected(as_seen_from_z, SIZE, centred(WIDE, WIDE / ASPECT))
        assert place == pytest.approx(by_hand, abs=0.35)


def test_bands_of_a_picture_fit_together(
    screen: Any, maya_scene: Callable[[], Any]
) -> None:
    # Many samples make several bands; one sample makes one.
    scene = maya_scene().light("directionalLight")
    scene.shape("bar", "polyCube", ".w 0.5", ".h 30", ".d 0.1")
    scene.node("transform", "look", ".t 0 0 10", ".r 0 0 20")
    scene.node("camera", "lookShape", ".fio 0.1 0.2", parent="look")
    for orthographic in ("no", "yes"):
        scene.set(f".o {orthographic}")
        one = screen.show(scene, size=SIZE, samples=1, camera="look")
        many = screen.show(scene, size=SIZE, samples=64, camera="look")
        assert screen.worker.told("frame_progressed"), "bands are told as progress"
        rows = np.arange(SIZE[1])
        columns = np.arange(SIZE[0])
        middle_one = (one[..., 0] * columns).sum(axis=1) / one[..., 0].sum(axis=1)
        middle = (many[..., 0] * columns).sum(axis=1) / many[..., 0].sum(axis=1)
        line = np.polyval(np.polyfit(rows, middle, 1), rows)
        np.testing.assert_allclose(middle, line, atol=0.05)
        np.testing.assert_allclose(middle_one, line, atol=1.0)


def test_what_is_nearer_than_the_near_plane_is_not_shown(
    screen: Any, maya_scene: Callable[[], Any]
) -> None:
    scene = maya_scene()
    scene.node("transform", "look", ".t 0 0 10")
    scene.node("camera", "lookShape", ".ncp 5", ".fcp 30", parent="look")
    scene.shader("surfaceShader", "red", ".oc 1 0 0")
    scene.shader("surfaceShader", "green", ".oc 0 1 0")
    scene.shape("near", at=(0, 0, 7), material="red")
    scene.shape("middle", at=(0, 0, 0), material="green")
    pixels = screen.show(scene, camera="look")
    assert pixels[18, 32].tolist() == pytest.approx([0, 1, 0, 1])
