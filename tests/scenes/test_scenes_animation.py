from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.animation import AnimCurve
from lrc_toolbox.scenes.graph import SceneGraph, read_scene

Scene = Callable[[str], SceneGraph]


@pytest.fixture
def curve(scene: Scene) -> Callable[..., AnimCurve]:
    """A curve from the statements of its node."""

    def make(*lines: str, kind: str = "TU", unit: str = "cm") -> AnimCurve:
        body = f'createNode animCurve{kind} -n "c";\n'
        graph = scene(body + "".join(f"\tsetAttr {line};\n" for line in lines))
        node = graph.node("c")
        assert node is not None
        return AnimCurve(node, graph.fps, unit)

    return make


def test_keys_are_met_exactly(curve: Callable[..., AnimCurve]) -> None:
    for tangent in (1, 2, 3, 5, 9, 10, 16, 17, 18, 20, 21):
        made = curve(f'".tan" {tangent}', '".wgt" no', '".ktv[0:2]"  1 5 7.5 -2 20 8')
        assert [made.value(frame) for frame in (1, 7.5, 20)] == [5, -2, 8]


def test_linear_tangents_draw_straight_lines(curve: Callable[..., AnimCurve]) -> None:
    made = curve('".tan" 2', '".wgt" no', '".ktv[0:1]"  0 0 10 20')
    assert [made.value(frame) for frame in (2.5, 5, 9)] == [5, 10, 18]


def test_steps_hold_or_jump_ahead(curve: Callable[..., AnimCurve]) -> None:
    step = curve('".tan" 5', '".ktv[0:1]"  0 1 10 2')
    assert [step.value(frame) for frame in (0, 9.99, 10)] == [1, 1, 2]
    ahead = curve('".tan" 17', '".ktv[0:1]"  0 1 10 2')
    assert [ahead.value(frame) for frame in (0, 0.01, 10)] == [1, 2, 2]


def test_flat_tangents_ease_in_and_out(curve: Callable[..., AnimCurve]) -> None:
    made = curve('".tan" 3', '".wgt" no', '".ktv[0:1]"  0 0 10 10')
    # The Hermite cubic 3u^2 - 2u^3.
    assert made.value(2.5) == pytest.approx(1.5625)
    assert made.value(5) == pytest.approx(5)


def test_spline_tangents_aim_from_neighbour_to_neighbour(
    curve: Callable[..., AnimCurve],
) -> None:
    made = curve('".tan" 9', '".wgt" no', '".ktv[0:2]"  0 0 10 10 20 0')
    step = 1e-4
    before = (made.value(10) - made.value(10 - step)) / step
    after = (made.value(10 + step) - made.value(10)) / step
    assert before == pytest.approx(0, abs=1e-3)
    assert after == pytest.approx(0, abs=1e-3)
    # At the ends the tangent is the line to the only neighbour.
    assert (made.value(step) - made.value(0)) / step == pytest.approx(1, abs=1e-3)


def test_auto_tangents_do_not_overshoot(curve: Callable[..., AnimCurve]) -> None:
    made = curve('".tan" 18', '".wgt" no', '".ktv[0:3]"  0 0 10 0 11 10 20 10')
    values = [made.value(frame / 10) for frame in range(201)]
    assert min(values) >= 0
    assert max(values) <= 10
    spline = curve('".tan" 9', '".wgt" no', '".ktv[0:3]"  0 0 10 0 11 10 20 10')
    assert min(spline.value(frame / 10) for frame in range(201)) < -0.1


def test_clamped_tangents_are_straight_between_equal_keys(
    curve: Callable[..., AnimCurve],
) -> None:
    made = curve('".tan" 10', '".wgt" no', '".ktv[0:3]"  0 0 10 5 20 5.01 30 0')
    assert made.value(15) == pytest.approx(5.005)


def test_fixed_tangents_count_by_their_slope_in_seconds(
    curve: Callable[..., AnimCurve],
) -> None:
    # 24 fps: one unit a second is 1/24 a frame.
    made = curve(
        *('".tan" 1', '".wgt" no', '".ktv[0:1]"  0 0 24 0'),
        *('".kix[0:1]"  1 1', '".kiy[0:1]"  24 24'),
        *('".kox[0:1]"  1 1', '".koy[0:1]"  24 24'),
    )
    step = 1e-3
    assert made.value(step) / step == pytest.approx(1, abs=1e-3)


def test_fixed_tangents_of_angles_are_radians(curve: Callable[..., AnimCurve]) -> None:
    made = curve(
        *('".tan" 1', '".wgt" no', '".ktv[0:1]"  0 0 24 90'),
        *('".kox[0]"  1', f'".koy[0]"  {math.pi / 2!r}'),
        *('".kix[1]"  1', f'".kiy[1]"  {math.pi / 2!r}'),
        kind="TA",
    )
    # 90 degrees a second on both sides is the straight line.
    assert made.value(6) == pytest.approx(22.5)
    assert made.value(18) == pytest.approx(67.5)


def test_fixed_tangents_of_lengths_are_centimetres(
    curve: Callable[..., AnimCurve],
) -> None:
    made = curve(
        *('".tan" 1', '".wgt" no', '".ktv[0:1]"  0 0 24 1'),
        *('".kox[0]"  1', '".koy[0]"  100', '".kix[1]"  1', '".kiy[1]"  100'),
        kind="TL",
        unit="m",
    )
    assert made.value(6) == pytest.approx(0.25)


def test_weighted_tangents_bend_by_their_length(
    curve: Callable[..., AnimCurve],
) -> None:
    # Flat handles as long as the span (3 x 1/3): the control points stand upright.
    made = curve(
        *('".tan" 1', '".ktv[0:1]"  0 0 24 10'),
        *('".kox[0]"  3', '".koy[0]"  0', '".kix[1]"  3', '".kiy[1]"  0'),
    )
    assert made.weighted
    # x(u) = 3u(1-u)^2 + u^3 with y(u) = 3u^2 - 2u^3, at u = 0.25.
    time = 24 * (3 * 0.25 * 0.75**2 + 0.25**3)
    assert made.value(time) == pytest.approx(10 * (3 * 0.25**2 - 2 * 0.25**3))
    assert made.value(12) == pytest.approx(5)


def test_weighted_tangents_past_the_next_key_keep_time_going_forward(
    curve: Callable[..., AnimCurve],
) -> None:
    made = curve(
        *('".tan" 1', '".ktv[0:1]"  0 0 24 10'),
        *('".kox[0]"  300', '".koy[0]"  100', '".kix[1]"  300', '".kiy[1]"  100'),
    )
    values = [made.value(frame) for frame in range(25)]
    assert all(math.isfinite(value) for value in values)


def test_keys_have_tangents_of_their_own(curve: Callable[..., AnimCurve]) -> None:
    made = curve(
        *('".tan" 18', '".wgt" no', '-s 3 ".ktv[0:2]"  0 0 10 10 20 0'),
        *('-s 3 ".kit[1:2]"  2 18', '-s 3 ".kot[0:1]"  2 5'),
    )
    assert made.value(5) == 5
    assert made.value(19.9) == 10


@pytest.mark.parametrize(
    ("infinity", "before", "after"),
    [
        (0, [0, 0], [10, 10]),
        (1, [-5, -15], [15, 25]),
        (3, [5, 5], [5, 5]),
        (4, [-5, -15], [15, 25]),
        (5, [5, 5], [5, 5]),
    ],
)
def test_beyond_its_keys_a_curve_goes_on_as_it_says(
    curve: Callable[..., AnimCurve],
    infinity: int,
    before: list[float],
    after: list[float],
) -> None:
    made = curve(
        *('".tan" 2', '".wgt" no', '".ktv[0:1]"  10 0 20 10'),
        *(f'".pre" {infinity}', f'".pst" {infinity}'),
    )
    assert [made.value(frame) for frame in (5, -5)] == pytest.approx(before)
    assert [made.value(frame) for frame in (25, 35)] == pytest.approx(after)


def test_oscillation_runs_back_and_forth(curve: Callable[..., AnimCurve]) -> None:
    made = curve('".tan" 2', '".ktv[0:1]"  0 0 10 10', '".pre" 5', '".pst" 5')
    assert [made.value(frame) for frame in (12, 18, 22)] == pytest.approx([8, 2, 2])
    assert [made.value(frame) for frame in (-2, -12)] == pytest.approx([2, 8])


def test_broken_keys_are_left_out(curve: Callable[..., AnimCurve]) -> None:
    made = curve('".tan" 2', '".ktv[0:3]"  0 0 nan 5 10 inf 20 10')
    assert made.times == [0, 20]
    assert made.value(10) == 5
    assert curve('".tan" 2').value(3) == 0
    one = curve('".tan" 2', '".ktv[0]"  5 7', '".pst" 3', '".pre" 1')
    assert [one.value(frame) for frame in (0, 5, 99)] == [7, 7, 7]


def test_an_orbit_of_a_real_scene_stays_on_its_circle(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "02-rs-shader-override-hw2-2025.ma")
    names = ("movingSphere_translateX", "movingSphere_translateZ")
    curves = []
    for name in names:
        node = graph.node(name)
        assert node is not None
        curves.append(AnimCurve(node, graph.fps))
    for tenth in range(10, 251):
        x, z = (each.value(tenth / 10) for each in curves)
        assert math.hypot(x, z) == pytest.approx(5, rel=0.02)


def test_truth_counts_the_curves_that_are_read(shared: Path) -> None:
    truth = json.loads((shared / "scenes" / "TRUTH.json").read_text())["files"]
    entry = next(each for each in truth if each["file"].startswith("28-"))
    graph = read_scene(shared / "scenes" / entry["file"])
    nodes = graph.of_type("animCurveTA")
    assert len(nodes) == entry["truth"]["counts"]["animCurve"]
    assert all(AnimCurve(node, graph.fps).times for node in nodes)
