from __future__ import annotations

from collections.abc import Callable

import pytest

from lrc_toolbox.scenes.evaluation import Evaluation, Memory
from lrc_toolbox.scenes.graph import SceneGraph
from lrc_toolbox.scenes.layers import LayerContent, Override
from lrc_toolbox.scenes.nodes import Node, Plug

Scene = Callable[[str], SceneGraph]

RAMP = """createNode animCurveTU -n "ramp";
	setAttr ".tan" 2;
	setAttr ".wgt" no;
	setAttr ".ktv[0:1]"  0 0 10 10;
createNode transform -n "a";
	setAttr ".t" -type "double3" 1 2 3 ;
"""


def at(
    graph: SceneGraph, frame: float, content: LayerContent | None = None
) -> Evaluation:
    return Evaluation(graph, frame, content or LayerContent(everything=True), Memory())


def the(graph: SceneGraph, name: str) -> Node:
    node = graph.node(name)
    assert node is not None, name
    return node


def test_a_curve_drives_one_axis_and_the_others_stay(scene: Scene) -> None:
    graph = scene(RAMP + 'connectAttr "ramp.o" "a.translateY";\n')
    node = the(graph, "a")
    assert at(graph, 5).vector(node, "t") == (1.0, 5.0, 3.0)
    assert at(graph, 7).number(node, "ty") == 7.0
    assert at(graph, 7).number(node, "tx") == 1.0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            'createNode unitConversion -n "n";\n\tsetAttr ".cf" 2;\n'
            'connectAttr "ramp.o" "n.i";\nconnectAttr "n.o" "a.tx";\n',
            10.0,
        ),
        (
            'createNode unitConversion -n "n";\n\tsetAttr ".cf" 0.017453292519943295;\n'
            'connectAttr "ramp.o" "n.i";\nconnectAttr "n.o" "a.tx";\n',
            5.0,
        ),
        (
            'createNode addDoubleLinear -n "n";\n\tsetAttr ".i2" 3;\n'
            'connectAttr "ramp.o" "n.i1";\nconnectAttr "n.o" "a.tx";\n',
            8.0,
        ),
        (
            'createNode multDoubleLinear -n "n";\n\tsetAttr ".i2" 3;\n'
            'connectAttr "ramp.o" "n.i1";\nconnectAttr "n.o" "a.tx";\n',
            15.0,
        ),
        (
            'createNode multiplyDivide -n "n";\n\tsetAttr ".op" 2;\n'
            '\tsetAttr ".i2" -type "float3" 2 1 1 ;\n'
            'connectAttr "ramp.o" "n.i1x";\nconnectAttr "n.ox" "a.tx";\n',
            2.5,
        ),
        (
            'createNode reverse -n "n";\nconnectAttr "ramp.o" "n.ix";\n'
            'connectAttr "n.ox" "a.tx";\n',
            -4.0,
        ),
        (
            'createNode pairBlend -n "n";\n\tsetAttr ".itx1" 100;\n'
            '\tsetAttr ".w" 0.25;\nconnectAttr "ramp.o" "n.itx2";\n'
            'connectAttr "n.otx" "a.tx";\n',
            76.25,
        ),
        (
            'createNode animBlendNodeAdditiveDL -n "n";\n\tsetAttr ".ia" 1;\n'
            'connectAttr "ramp.o" "n.ib";\nconnectAttr "n.o" "a.tx";\n',
            6.0,
        ),
        ('connectAttr ":time1.o" "a.tx";\n', 5.0),
        (
            'createNode transform -n "b";\nconnectAttr "ramp.o" "b.sx";\n'
            'connectAttr "b.sx" "a.tx";\n',
            5.0,
        ),
        (
            'createNode applyAbsFloatOverride -n "n";\n\tsetAttr ".ori" 4;\n'
            'connectAttr "n.o" "a.tx";\n',
            4.0,
        ),
    ],
)
def test_small_nodes_pass_on_what_they_should(
    scene: Scene, body: str, expected: float
) -> None:
    graph = scene(RAMP + body)
    evaluation = at(graph, 5)
    assert evaluation.number(the(graph, "a"), "tx") == pytest.approx(expected)
    assert evaluation.notes == []


@pytest.mark.parametrize(("mode", "expected"), [(0, 76.25), (1, 100.0), (2, 5.0)])
def test_a_pair_blend_may_take_one_side_alone(
    scene: Scene, mode: int, expected: float
) -> None:
    graph = scene(
        RAMP + 'createNode pairBlend -n "n";\n\tsetAttr ".itx1" 100;\n'
        f'\tsetAttr ".w" 0.25;\n\tsetAttr ".txm" {mode};\n'
        'connectAttr "ramp.o" "n.itx2";\nconnectAttr "n.otx" "a.tx";\n'
    )
    assert at(graph, 5).number(the(graph, "a"), "tx") == pytest.approx(expected)


def test_a_compound_connection_feeds_every_axis(scene: Scene) -> None:
    graph = scene(
        RAMP + 'createNode multiplyDivide -n "n";\n'
        '\tsetAttr ".i1" -type "float3" 1 2 3 ;\n'
        '\tsetAttr ".i2" -type "float3" 10 10 10 ;\nconnectAttr "n.o" "a.t";\n'
    )
    evaluation = at(graph, 5)
    assert evaluation.vector(the(graph, "a"), "t") == (10.0, 20.0, 30.0)
    assert evaluation.number(the(graph, "a"), "tz") == 30.0


def test_a_driven_key_follows_its_driver(scene: Scene) -> None:
    graph = scene(
        RAMP + 'createNode animCurveUL -n "driven";\n\tsetAttr ".tan" 2;\n'
        '\tsetAttr ".wgt" no;\n\tsetAttr ".ktv[0:1]"  0 0 10 100;\n'
        'connectAttr "ramp.o" "driven.i";\nconnectAttr "driven.o" "a.tx";\n'
    )
    assert at(graph, 5).number(the(graph, "a"), "tx") == pytest.approx(50)


def test_an_unknown_node_is_named_once_and_the_stored_value_stands(
    scene: Scene,
) -> None:
    graph = scene(
        RAMP + 'createNode expression -n "e1";\ncreateNode expression -n "e2";\n'
        'connectAttr "e1.out[0]" "a.tx";\nconnectAttr "e2.out[0]" "a.ty";\n'
    )
    evaluation = at(graph, 5)
    assert evaluation.vector(the(graph, "a"), "t") == (1.0, 2.0, 3.0)
    assert len(evaluation.notes) == 1
    assert "expression" in evaluation.notes[0]
    assert "e1" in evaluation.notes[0]


def test_circles_and_long_chains_end(scene: Scene) -> None:
    body = "".join(f'createNode transform -n "n{each}";\n' for each in range(300))
    body += "".join(
        f'connectAttr "n{each}.tx" "n{each + 1}.tx";\n' for each in range(299)
    )
    graph = scene(RAMP + body + 'connectAttr "n299.tx" "n0.tx";\n')
    assert at(graph, 5).number(the(graph, "n299"), "tx") == 0.0


def test_a_layer_overrides_animation(scene: Scene) -> None:
    graph = scene(RAMP + 'connectAttr "ramp.o" "a.ty";\n')
    node = the(graph, "a")
    content = LayerContent()
    content.override(node, "translateY", Override(multiply=2.0, offset=1.0))
    assert at(graph, 5, content).vector(node, "t") == (1.0, 11.0, 3.0)
    content.override(node, "translate", Override(value=(7.0, 8.0, 9.0)))
    assert at(graph, 5, content).vector(node, "t") == (7.0, 8.0, 9.0)
    assert at(graph, 5, content).number(node, "tx") == 7.0


def test_a_layer_may_connect_where_the_scene_does_not(scene: Scene) -> None:
    graph = scene(RAMP)
    node = the(graph, "a")
    content = LayerContent()
    content.override(
        node, "tx", Override(value=0, source=Plug(the(graph, "ramp"), "o"))
    )
    evaluation = at(graph, 5, content)
    assert evaluation.number(node, "tx") == 5.0
    assert evaluation.source(node, "tx") == (the(graph, "ramp"), "o")


def test_worlds_are_put_together_along_the_path(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\n\tsetAttr ".t" -type "double3" 10 0 0 ;\n'
        'createNode transform -n "b" -p "a";\n\tsetAttr ".ty" 5;\n'
        'createNode mesh -n "m" -p "b";\n'
        'createNode transform -n "free" -p "a";\n\tsetAttr ".it" no;\n'
        '\tsetAttr ".tz" 1;\n'
    )
    evaluation = at(graph, 1)
    path = graph.paths(the(graph, "m"))[0]
    assert evaluation.world(path)[12:15] == (10.0, 5.0, 0.0)
    free = graph.paths(the(graph, "free"))[0]
    assert evaluation.world(free)[12:15] == (0.0, 0.0, 1.0)


def test_an_offset_parent_matrix_stands_between_node_and_parent(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\n\tsetAttr ".tx" 1;\n'
        '\tsetAttr ".opm" -type "matrix" 1 0 0 0 0 1 0 0 0 0 1 0 0 7 0 1 ;\n'
    )
    world = at(graph, 1).world((the(graph, "a"),))
    assert world[12:15] == (1.0, 7.0, 0.0)


def test_a_joint_takes_its_parents_scale_out(scene: Scene) -> None:
    graph = scene(
        'createNode joint -n "a";\n\tsetAttr ".s" -type "double3" 2 1 1 ;\n'
        'createNode joint -n "b" -p "a";\n\tsetAttr ".tx" 5;\n'
        'connectAttr "a.s" "b.is";\n'
    )
    world = at(graph, 1).world((the(graph, "a"), the(graph, "b")))
    assert world[12] == 10.0
    assert world[0] == pytest.approx(1.0)


def test_radians_turn_as_far_as_degrees(write_scene: Callable[..., object]) -> None:
    from lrc_toolbox.scenes.graph import read_scene

    header = "//Maya ASCII 2023 scene\ncurrentUnit -l centimeter -a radian -t film;\n"
    path = write_scene(
        'createNode transform -n "a";\n\tsetAttr ".rz" 1.5707963267948966;\n',
        header=header,
    )
    graph = read_scene(str(path))
    world = at(graph, 1).world((the(graph, "a"),))
    assert world[:2] == pytest.approx((0.0, 1.0))


def test_what_does_not_move_is_worked_out_once(scene: Scene) -> None:
    graph = scene(
        RAMP + 'createNode transform -n "still";\n\tsetAttr ".tx" 3;\n'
        'connectAttr "ramp.o" "a.tx";\n'
    )
    memory = Memory()
    content = LayerContent(everything=True)
    for frame in (1.0, 2.0):
        evaluation = Evaluation(graph, frame, content, memory)
        assert evaluation.world((the(graph, "a"),))[12] == frame
        assert evaluation.world((the(graph, "still"),))[12] == 3.0
    assert set(memory.matrices) == {the(graph, "still")}


def test_numbers_that_are_none_do_not_spoil_a_matrix(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\n\tsetAttr ".r" -type "double3" nan inf 0 ;\n'
        '\tsetAttr ".ro" nan;\n\tsetAttr ".tx" 2;\n'
    )
    world = at(graph, 1).world((the(graph, "a"),))
    assert world[:3] == (1.0, 0.0, 0.0)
    assert world[12] == 2.0
