from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.evaluation import Evaluation, Memory
from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.layers import LayerContent
from lrc_toolbox.scenes.transforms import Matrix, Vector, image

Scene = Callable[[str], SceneGraph]

OBJECTS = """createNode transform -n "goal";
	setAttr ".t" -type "double3" 10 0 0 ;
	setAttr ".r" -type "double3" 0 90 0 ;
createNode transform -n "goal2";
	setAttr ".t" -type "double3" 0 20 0 ;
createNode transform -n "group";
	setAttr ".t" -type "double3" 0 5 0 ;
	setAttr ".r" -type "double3" 0 0 90 ;
createNode transform -n "owner" -p "group";
	setAttr ".t" -type "double3" 1 1 1 ;
"""


def world(graph: SceneGraph, name: str = "owner", frame: float = 1.0) -> Matrix:
    node = graph.node(name)
    assert node is not None
    evaluation = Evaluation(graph, frame, LayerContent(everything=True), Memory())
    matrix = evaluation.world(graph.paths(node)[0])
    assert evaluation.notes == []
    return matrix


def constraint(kind: str, outputs: str, *settings: str, goals: int = 1) -> str:
    lines = "".join(f"\tsetAttr {each};\n" for each in settings)
    text = f'createNode {kind} -n "c" -p "owner";\n{lines}'
    text += 'connectAttr "owner.pim" "c.cpim";\n'
    for index, goal in enumerate(("goal", "goal2")[:goals]):
        text += f'connectAttr "{goal}.pm" "c.tg[{index}].tpm";\n'
        text += f'connectAttr "{goal}.t" "c.tg[{index}].tt";\n'
    for output in outputs.split():
        text += f'connectAttr "c.c{output}" "owner.{output}";\n'
    return text


def near(found: Vector, expected: Vector) -> bool:
    return list(found) == pytest.approx(list(expected), abs=1e-6)


def test_a_point_constraint_brings_a_node_to_its_target(scene: Scene) -> None:
    graph = scene(OBJECTS + constraint("pointConstraint", "tx ty tz"))
    assert near(image((0, 0, 0), world(graph)), (10, 0, 0))


def test_point_constraints_stand_between_several_targets_by_weight(
    scene: Scene,
) -> None:
    graph = scene(
        OBJECTS + constraint("pointConstraint", "tx ty tz", '".tg[0].tw" 3', goals=2)
    )
    assert near(image((0, 0, 0), world(graph)), (7.5, 5, 0))


def test_a_constraint_without_weight_leaves_what_is_stored(scene: Scene) -> None:
    body = OBJECTS + constraint("pointConstraint", "tx ty tz", '".tg[0].tw" 0')
    graph = scene(body)
    node = graph.node("owner")
    assert node is not None
    evaluation = Evaluation(graph, 1.0, LayerContent(everything=True), Memory())
    assert evaluation.vector(node, "t") == (1.0, 1.0, 1.0)


def test_an_orient_constraint_turns_a_node_like_its_target(scene: Scene) -> None:
    graph = scene(OBJECTS + constraint("orientConstraint", "rx ry rz"))
    matrix = world(graph)
    # Turned 90 degrees about y: x looks along -z.
    assert near(matrix[0:3], (0, 0, -1))
    assert near(matrix[4:7], (0, 1, 0))


def test_a_parent_constraint_carries_a_node_along(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + constraint(
            *("parentConstraint", "tx ty tz rx ry rz"),
            '".tg[0].tot" -type "double3" 1 2 3 ',
        )
    )
    matrix = world(graph)
    # (1, 2, 3) in the space of a node at (10, 0, 0) that is turned about y.
    assert near(image((0, 0, 0), matrix), (13, 2, -1))
    assert near(matrix[0:3], (0, 0, -1))


def test_an_aim_constraint_looks_at_its_target(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + constraint(
            *("aimConstraint", "rx ry rz"),
            *('".a" -type "double3" 0 0 -1 ', '".u" -type "double3" 0 1 0 '),
        )
    )
    matrix = world(graph)
    eye = image((0, 0, 0), matrix)
    ahead = [-matrix[8], -matrix[9], -matrix[10]]
    away = [goal - place for goal, place in zip((10, 0, 0), eye, strict=True)]
    length = sum(part * part for part in away) ** 0.5
    assert ahead == pytest.approx([part / length for part in away])
    # Upright: the node's x axis stays level.
    assert matrix[1] == pytest.approx(0, abs=1e-9)
    assert matrix[5] > 0


def test_an_aim_along_the_up_vector_still_has_a_direction(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + 'createNode transform -n "below" -p "owner";\n'
        + constraint("aimConstraint", "rx ry rz", '".wu" -type "double3" 9 -6 -1 ')
    )
    matrix = world(graph)
    rows = (matrix[0:3], matrix[4:7], matrix[8:11])
    assert all(sum(part * part for part in row) == pytest.approx(1) for row in rows)


def test_constraints_on_each_other_end(scene: Scene) -> None:
    body = OBJECTS + constraint("pointConstraint", "tx ty tz")
    body += 'connectAttr "owner.t" "goal.t";\n'
    graph = scene(body)
    assert len(world(graph)) == 16


def test_the_cameras_of_a_real_scene_follow_the_ball(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "02-rs-shader-override-hw2-2025.ma")
    for frame in (1.0, 7.0, 13.0, 20.5):
        ball = image((0, 0, 0), world(graph, "movingSphere", frame))
        for name in ("topCam1", "sideCam1"):
            camera = world(graph, name, frame)
            eye = image((0, 0, 0), camera)
            away = [there - here for there, here in zip(ball, eye, strict=True)]
            length = sum(part * part for part in away) ** 0.5
            ahead = [-part for part in camera[8:11]]
            assert ahead == pytest.approx([part / length for part in away])
            assert camera[5] > 0
