from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.transforms import (
    IDENTITY,
    ROTATE_ORDERS,
    Matrix,
    Vector,
    euler,
    from_linear,
    image,
    inverse,
    linear_part,
    local_matrix,
    product,
    rotation,
)

ANGLE = st.floats(-720, 720)
ANGLES = st.tuples(ANGLE, ANGLE, ANGLE)
DISTANCE = st.floats(-1000, 1000)
POINT = st.tuples(DISTANCE, DISTANCE, DISTANCE)
STRETCH = st.tuples(*[st.floats(0.1, 10)] * 3)


def near(found: Matrix | Vector, expected: Matrix | Vector) -> bool:
    return list(found) == pytest.approx(list(expected), abs=1e-6)


def test_translation_stands_in_elements_12_to_14() -> None:
    assert local_matrix(translate=(1.0, 2.0, 3.0))[12:] == (1.0, 2.0, 3.0, 1.0)


def test_each_axis_turns_as_in_maya() -> None:
    # A positive turn about z brings x to y, about x brings y to z, about y z to x.
    assert near(image((1, 0, 0), local_matrix(rotate=(0, 0, 90))), (0, 1, 0))
    assert near(image((0, 1, 0), local_matrix(rotate=(90, 0, 0))), (0, 0, 1))
    assert near(image((0, 0, 1), local_matrix(rotate=(0, 90, 0))), (1, 0, 0))


@pytest.mark.parametrize("order", range(6))
def test_rotate_orders_apply_their_axes_in_turn(order: int) -> None:
    point: Vector = (1.0, 2.0, 3.0)
    axes = ("xyz", "yzx", "zxy", "xzy", "yxz", "zyx")[order]
    one_by_one = point
    for axis in axes:
        degrees: Vector = (
            90.0 * (axis == "x"),
            90.0 * (axis == "y"),
            90.0 * (axis == "z"),
        )
        one_by_one = image(one_by_one, local_matrix(rotate=degrees))
    whole = image(point, local_matrix(rotate=(90.0, 90.0, 90.0), order=order))
    assert near(whole, one_by_one)


def test_pivots_are_what_rotation_and_scale_leave_in_place() -> None:
    pivot: Vector = (5.0, 1.0, -2.0)
    turned = local_matrix(rotate=(30, 40, 50), rotate_pivot=pivot)
    assert near(image(pivot, turned), pivot)
    scaled = local_matrix(scale=(2, 3, 4), scale_pivot=pivot)
    assert near(image(pivot, scaled), pivot)
    assert near(image((6.0, 1.0, -2.0), scaled), (7.0, 1.0, -2.0))
    moved = local_matrix(
        rotate_pivot_translate=(1, 0, 0), scale_pivot_translate=(0, 2, 0)
    )
    assert near(image((0, 0, 0), moved), (1, 2, 0))


def test_a_tumbled_camera_turns_about_its_pivot() -> None:
    # `mainCamera` of shared scene 06: translate and pivots as Maya 2023 saved them.
    matrix = local_matrix(
        translate=(33.329836010894773, 18.034068470832839, 24.890981774804157),
        rotate=(79.461647270402509, -44.999999999997357, 183.99999999999159),
        rotate_pivot=(-2.0401e-14, 2.2609e-14, -44.821869662029947),
        rotate_pivot_translate=(-27.999999999999989, -21.0, 16.82186966202995),
    )
    # The rotate pivot goes to translate + pivot + pivot translate.
    there = image((0, 0, -44.821869662029947), matrix)
    assert near(there, (5.329836010894784, -2.965931529167161, -3.10901822519584))


def test_a_real_camera_looks_at_what_maya_says_it_looks_at(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "13-cameras-11-film-offsets.ma")
    transform, shape = graph.node("persp"), graph.node("perspShape")
    assert transform is not None
    assert shape is not None
    x, y, z = transform.vector("t")
    rx, ry, rz = transform.vector("r")
    matrix = local_matrix(translate=(x, y, z), rotate=(rx, ry, rz))
    # The default camera was tumbled about the origin.
    assert near(image((0, 0, -shape.number("coi")), matrix), (0, 0, 0))


def test_shear_moves_as_far_as_it_says() -> None:
    matrix = local_matrix(shear=(0.5, 0.25, 2.0))
    assert near(image((0, 1, 0), matrix), (0.5, 1, 0))
    assert near(image((0, 0, 1), matrix), (0.25, 2, 1))


def test_a_joint_is_oriented_and_freed_of_its_parents_scale() -> None:
    joint = local_matrix(
        translate=(10, 0, 0), joint_orient=(0, 0, 90), inverse_scale=(2, 4, 1)
    )
    assert near(image((0, 0, 0), joint), (10, 0, 0))
    assert near(image((1, 0, 0), joint), (10, 0.25, 0))


def test_rotate_axis_comes_before_the_rotation() -> None:
    matrix = local_matrix(rotate_axis=(0, 0, 90), rotate=(90, 0, 0))
    assert near(image((1, 0, 0), matrix), (0, 0, 1))


@given(POINT, ANGLES, STRETCH, POINT, POINT, st.integers(0, 5))
def test_an_inverse_undoes_its_matrix(
    translate: Vector,
    rotate: Vector,
    scale: Vector,
    pivot: Vector,
    point: Vector,
    order: int,
) -> None:
    matrix = local_matrix(
        translate=translate,
        rotate=rotate,
        order=order,
        scale=scale,
        rotate_pivot=pivot,
        shear=(0.1, 0.2, 0.3),
    )
    back = image(image(point, matrix), inverse(matrix))
    assert list(back) == pytest.approx(list(point), abs=1e-4)
    assert near(product(matrix, IDENTITY), matrix)


@given(ANGLES, st.integers(0, 5))
def test_euler_angles_give_back_their_rotation(degrees: Vector, order: int) -> None:
    turn = rotation(degrees, order)
    again = rotation(euler(turn, order), order)
    assert list(again) == pytest.approx(list(turn), abs=1e-5)


@pytest.mark.parametrize("order", range(6))
@pytest.mark.parametrize("right_angle", [90.0, -90.0])
def test_euler_angles_survive_gimbal_lock(order: int, right_angle: float) -> None:
    degrees = [20.0, 20.0, 20.0]
    degrees[ROTATE_ORDERS[order][1]] = right_angle
    turn = rotation((degrees[0], degrees[1], degrees[2]), order)
    again = rotation(euler(turn, order), order)
    assert list(again) == pytest.approx(list(turn), abs=1e-6)


def test_a_flat_matrix_has_no_inverse_but_does_no_harm() -> None:
    assert inverse(local_matrix(scale=(0.0, 1.0, 1.0))) == IDENTITY
    assert inverse(local_matrix(scale=(math.inf, 1.0, 1.0))) == IDENTITY


def test_the_turning_part_and_the_place_come_apart_and_together() -> None:
    matrix = local_matrix(translate=(1, 2, 3), rotate=(10, 20, 30))
    assert from_linear(linear_part(matrix), (1.0, 2.0, 3.0)) == pytest.approx(matrix)
