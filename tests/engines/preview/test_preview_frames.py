"""A frame in which nothing can be seen is told with the reason, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MakeScene = Callable[[], Any]


def lit_ball(scene: Any, *attrs: str, at: tuple[float, float, float]) -> Any:
    """A ball and a lamp that shines along -Z."""
    scene.shader("lambert", "plain").shape("ball", "polySphere", at=at)
    return scene.wear("ballShape", "plain").light("directionalLight", *attrs)


def test_a_camera_that_sees_no_object_is_told_once(
    own_screen: Any, maya_scene: MakeScene
) -> None:
    scene = lit_ball(maya_scene(), at=(0, 0, 50))
    for frame in (1, 2):
        assert not own_screen.show(scene, frame).any()
    (note,) = own_screen.notes().splitlines()
    assert "Camera cam, layer masterLayer: no object is seen" in note


def test_objects_that_no_light_reaches_are_told(
    own_screen: Any, maya_scene: MakeScene
) -> None:
    pixels = own_screen.show(lit_ball(maya_scene(), ".in 0", at=(0, 0, 0)))
    assert pixels[18, 32].tolist() == [0, 0, 0, 1]
    (note,) = own_screen.notes().splitlines()
    assert "no light reaches what is seen" in note


def test_nothing_is_told_of_a_picture_with_something_in_it(
    own_screen: Any, maya_scene: MakeScene
) -> None:
    pixels = own_screen.show(lit_ball(maya_scene(), at=(0, 0, 0)))
    assert pixels[18, 32, 0] > 0.1
    assert own_screen.notes() == ""
