from __future__ import annotations

from collections.abc import Callable

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, path_name
from lrc_toolbox.scenes.kinds import is_dag
from lrc_toolbox.scenes.selectors import Selectors

Scene = Callable[[str], SceneGraph]

OBJECTS = """createNode transform -n "set";
createNode transform -n "ball1" -p "set";
createNode mesh -n "ballShape1" -p "ball1";
createNode transform -n "ball2" -p "set";
createNode mesh -n "ballShape2" -p "ball2";
createNode transform -n "key";
createNode pointLight -n "keyShape" -p "key";
createNode transform -n "cam";
createNode camera -n "camShape" -p "cam";
createNode transform -n "chr:hero";
createNode mesh -n "chr:heroShape" -p "chr:hero";
createNode polySphere -n "maker";
createNode lambert -n "red";
createNode shadingEngine -n "redSG";
connectAttr "maker.out" "ballShape1.i";
connectAttr "red.oc" "redSG.ss";
connectAttr "ballShape1.iog" "redSG.dsm" -na;
"""


@pytest.fixture
def select(scene: Scene) -> Callable[..., set[str]]:
    """What a selector with these settings selects, as paths and names."""

    def run(*settings: str, parent: tuple[str, ...] = ()) -> set[str]:
        body = OBJECTS
        if parent:
            body += 'createNode simpleSelector -n "above";\n'
            body += "".join(f"\tsetAttr {each};\n" for each in parent)
        body += 'createNode simpleSelector -n "selector";\n'
        body += "".join(f"\tsetAttr {each};\n" for each in settings)
        if parent:
            body += 'connectAttr "above.out" "selector.in";\n'
        graph = scene(body)
        node = graph.node("selector")
        assert node is not None
        return {
            path_name(item) if is_dag(item[-1]) else item[-1].name
            for item in Selectors(graph).selection(node)
        }

    return run


def pattern(text: str) -> str:
    return f'".pat" -type "string" "{text}"'


def listed(text: str) -> str:
    return f'".ssl" -type "string" "{text}"'


BALLS = {"|set|ball1", "|set|ball2"}


def test_without_a_filter_patterns_name_transforms(
    select: Callable[..., set[str]],
) -> None:
    assert select(pattern("ball*")) == BALLS
    assert select(pattern("ball?")) == BALLS
    assert select(pattern("ball1, ball2;nothing")) == BALLS
    assert select(pattern("Ball*")) == set()
    assert select() == set()


def test_a_minus_takes_out_what_came_before_it(
    select: Callable[..., set[str]],
) -> None:
    assert select(pattern("ball* -ball2")) == {"|set|ball1"}
    assert select(pattern("-ball2 ball*")) == BALLS


def test_wildcards_stay_within_a_namespace(select: Callable[..., set[str]]) -> None:
    assert select(pattern("*ero")) == set()
    assert select(pattern("*:hero")) == {"|chr:hero"}
    assert select(pattern("chr:*")) == {"|chr:hero"}
    assert "|chr:hero" in select(pattern("*"))


def test_patterns_may_hold_paths(select: Callable[..., set[str]]) -> None:
    assert select(pattern("set|ball1")) == {"|set|ball1"}
    assert select(pattern("|set|*")) == BALLS
    assert select(pattern("|ball1")) == set()
    assert select(pattern("|*")) == {"|set", "|key", "|cam"}


def test_listed_objects_are_found_by_their_whole_path(
    select: Callable[..., set[str]],
) -> None:
    assert select(listed(r"|set|ball1\n|key\n|gone")) == {"|set|ball1", "|key"}
    assert select(listed("|ball1")) == set()
    assert select(listed("|set|ball1"), pattern("ball2")) == BALLS
    # The filter holds for listed objects as well.
    assert select(listed("|set|ball1|ballShape1")) == set()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (1, {"|set", "|set|ball1", "|set|ball2", "|key", "|cam", "|chr:hero"}),
        (4, {"|key|keyShape"}),
        (12, {"|key|keyShape"}),
        (7, {"|cam|camShape"}),
        (11, {"redSG", "initialShadingGroup"}),
        (3, {"red", "lambert1"}),
        (10, {"maker"}),
    ],
)
def test_a_filter_lets_its_kind_through(
    select: Callable[..., set[str]], kind: int, expected: set[str]
) -> None:
    assert select(pattern("*"), f'".tf" {kind}') == expected


def test_shapes_are_no_transforms(select: Callable[..., set[str]]) -> None:
    found = select(pattern("*"), '".tf" 2')
    assert found >= {"|set|ball1|ballShape1", "|key|keyShape", "|cam|camShape"}
    assert "|set" not in found


def test_custom_filters_take_types_and_exclusions(
    select: Callable[..., set[str]],
) -> None:
    def custom(text: str) -> tuple[str, str, str]:
        return (pattern("*"), '".tf" 8', f'".cfv" -type "string" "{text}"')

    assert select(*custom("light")) == {"|key|keyShape"}
    assert select(*custom("camera, pointLight")) == {
        *("|key|keyShape", "|cam|camShape"),
    }
    assert select(*custom("shape -mesh")) == {"|key|keyShape", "|cam|camShape"}
    assert "|set|ball1|ballShape1" not in select(*custom("-mesh"))


def test_a_child_chooses_below_its_parents_selection(
    select: Callable[..., set[str]],
) -> None:
    above = (pattern("set"),)
    assert select(pattern("*"), '".tf" 2', parent=above) == {
        *("|set|ball1|ballShape1", "|set|ball2|ballShape2"),
    }
    assert select(pattern("*"), parent=above) == {"|set", *BALLS}
    assert select(pattern("key"), parent=above) == set()
    assert select(pattern("*"), '".tf" 11', parent=above) == {"redSG"}
    assert select(pattern("*"), '".tf" 3', parent=above) == {"red"}
    assert select(pattern("*"), '".tf" 10', parent=above) == {"maker"}


def test_a_hostile_pattern_does_not_hang(select: Callable[..., set[str]]) -> None:
    assert select(pattern("*b" * 40)) == set()
