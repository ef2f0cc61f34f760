from __future__ import annotations

from collections.abc import Callable

import pytest

from lrc_toolbox.scenes.evaluation import Evaluation, Memory
from lrc_toolbox.scenes.graph import SceneGraph
from lrc_toolbox.scenes.layers import LayerContent, Override
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.visibility import is_shown

Scene = Callable[[str], SceneGraph]

NODE = 'createNode transform -n "a";\n'
BLINK = (
    'createNode animCurveTU -n "blink";\n\tsetAttr ".tan" 5;\n'
    '\tsetAttr ".ktv[0:1]"  1 1 10 0;\nconnectAttr "blink.o" "a.v";\n'
)


def shown(
    graph: SceneGraph, frame: float = 1.0, content: LayerContent | None = None
) -> tuple[bool, dict[Node, bool]]:
    node = graph.node("a")
    assert node is not None
    known: dict[Node, bool] = {}
    content = content or LayerContent(everything=True)
    return is_shown(Evaluation(graph, frame, content, Memory()), node, known), known


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", True),
        ('\tsetAttr ".v" no;\n', False),
        ('\tsetAttr ".lodv" no;\n', False),
        ('\tsetAttr ".io" yes;\n', False),
        ('\tsetAttr ".ovv" no;\n', True),
        ('\tsetAttr ".ove" yes;\n\tsetAttr ".ovv" no;\n', False),
        ('\tsetAttr ".tmp" yes;\n', True),
        ('\tsetAttr ".ove" yes;\n\tsetAttr ".ovdt" 1;\n', True),
    ],
)
def test_a_node_is_hidden_by_its_own_switches(
    scene: Scene, settings: str, expected: bool
) -> None:
    assert shown(scene(NODE + settings))[0] is expected


def test_a_hidden_display_layer_hides_its_members(scene: Scene) -> None:
    layer = 'createNode displayLayer -n "d";\n{}connectAttr "d.di" "a.do";\n'
    assert shown(scene(NODE + layer.format("")))[0]
    assert not shown(scene(NODE + layer.format('\tsetAttr ".v" no;\n')))[0]
    switched_off = '\tsetAttr ".v" no;\n\tsetAttr ".e" no;\n'
    assert shown(scene(NODE + layer.format(switched_off)))[0]


def test_animated_visibility_is_asked_at_every_frame(scene: Scene) -> None:
    graph = scene(NODE + BLINK)
    assert shown(graph, 9.0) == (True, {})
    assert shown(graph, 10.0) == (False, {})


def test_a_layer_may_hide_and_show(scene: Scene) -> None:
    graph = scene(NODE + '\tsetAttr ".v" no;\n')
    node = graph.node("a")
    assert node is not None
    content = LayerContent()
    content.override(node, "visibility", Override(value=True))
    assert shown(graph, content=content) == (True, {})


def test_what_never_changes_is_remembered(scene: Scene) -> None:
    graph = scene(NODE + '\tsetAttr ".v" no;\n')
    assert shown(graph) == (False, {graph.node("a"): False})


def test_a_light_is_on_as_its_light_editor_item_says(scene: Scene) -> None:
    item = 'createNode lightItem -n "i";\n{}connectAttr "i.en" "a.v";\n'
    assert shown(scene(NODE + item.format("")))[0]
    assert not shown(scene(NODE + item.format('\tsetAttr ".sen" no;\n')))[0]
