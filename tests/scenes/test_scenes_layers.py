from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lrc_toolbox.scenes.graph import SceneGraph, path_name, read_scene
from lrc_toolbox.scenes.layers import (
    find_layer,
    has_members,
    legacy_content,
    read_layers,
)
from lrc_toolbox.scenes.nodes import Node
from tests.scenes.render_setups import MANAGER, setup_layer

Scene = Callable[[str], SceneGraph]

LEGACY = """createNode renderLayerManager -n "renderLayerManager";
	setAttr ".crl" {current};
	setAttr -s 3 ".rlmi[1:2]"  1 2;
createNode renderLayer -n "defaultRenderLayer";
	setAttr ".g" yes;
	setAttr ".adjs[0].val" 5;
createNode renderLayer -n "second";
	setAttr ".do" 2;
	setAttr ".rndr" no;
	setAttr ".adjs[3].val" 50;
createNode renderLayer -n "first";
	setAttr ".do" 1;
createNode transform -n "ball";
createNode pointLight -n "lamp" -p "ball";
	setAttr ".in" 10;
connectAttr "renderLayerManager.rlmi[0]" "defaultRenderLayer.rlid";
connectAttr "renderLayerManager.rlmi[1]" "first.rlid";
connectAttr "renderLayerManager.rlmi[2]" "second.rlid";
connectAttr "first.ri" "ball.rlio[0]";
connectAttr "lamp.in" "defaultRenderLayer.adjs[0].plg";
connectAttr "lamp.in" "second.adjs[3].plg";
"""


def lamp_in(graph: SceneGraph, layer_name: str) -> list[object]:
    """What a layer puts on the lamp's intensity; empty: it stays as stored."""
    layer = find_layer(read_layers(graph), layer_name)
    lamp = graph.node("lamp")
    assert layer is not None
    assert lamp is not None
    changes = legacy_content(graph, layer).overrides.get((lamp, "in"), [])
    return [change.value for change in changes]


def test_layers_come_in_display_order_with_the_master_first(scene: Scene) -> None:
    layers = read_layers(scene(LEGACY.format(current=0)))
    assert [layer.name for layer in layers] == ["masterLayer", "first", "second"]
    assert [layer.order for layer in layers] == [0, 1, 2]
    assert [layer.kind for layer in layers] == ["default", "legacy", "legacy"]
    assert [layer.renderable for layer in layers] == [True, True, False]


def test_render_setups_own_list_goes_before_the_display_order(scene: Scene) -> None:
    legacy = (
        'createNode renderLayer -n "old";\n\tsetAttr ".do" 2;\n'
        'connectAttr "renderLayerManager.rlmi[9]" "old.rlid";\n'
    )
    listed = (
        'connectAttr "c.msg" "renderSetup.frl";\n'
        'connectAttr "c.nxt" "a.prv";\n'
        'connectAttr "a.nxt" "b.prv";\n'
    )
    layers = setup_layer("a", 1) + setup_layer("b", 3) + setup_layer("c", 4)
    found = read_layers(scene(MANAGER + legacy + layers + listed))
    assert [layer.name for layer in found] == ["masterLayer", "c", "old", "a", "b"]
    assert [layer.order for layer in found] == [0, 1, 2, 3, 4]


def test_a_list_of_layers_that_ends_or_turns_back_loses_none(scene: Scene) -> None:
    circle = (
        'connectAttr "b.msg" "renderSetup.frl";\n'
        'connectAttr "b.nxt" "a.prv";\n'
        'connectAttr "a.nxt" "b.prv";\n'
    )
    layers = setup_layer("a", 1) + setup_layer("b", 2) + setup_layer("c", 3)
    found = read_layers(scene(MANAGER + layers + circle))
    assert [layer.name for layer in found] == ["masterLayer", "b", "a", "c"]


def test_layers_that_the_scenes_own_manager_does_not_list_are_leftovers(
    scene: Scene,
) -> None:
    graph = scene(
        LEGACY.format(current=0) + 'createNode renderLayer -n "imported";\n'
        'createNode renderLayerManager -n "old:renderLayerManager";\n'
        'createNode renderLayer -n "old:beauty";\n'
        'connectAttr "old:renderLayerManager.rlmi[0]" "old:beauty.rlid";\n'
    )
    assert len(read_layers(graph)) == 3


def test_a_scene_without_layers_has_its_master_layer(scene: Scene) -> None:
    layers = read_layers(scene('createNode transform -n "a";\n'))
    assert [layer.name for layer in layers] == ["masterLayer"]
    assert layers[0].renderable


def test_a_layer_is_found_by_its_name_and_by_its_nodes(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "01-rs-layers-per-layer-overrides.ma")
    layers = read_layers(graph)
    found = find_layer(layers, "layerFrameRange1")
    assert found is not None
    assert find_layer(layers, "rs_layerFrameRange1") is found
    assert find_layer(layers, "masterLayer") is find_layer(layers, "defaultRenderLayer")
    assert find_layer(layers, "nothing") is None


def test_members_hang_below_what_the_layer_lists(scene: Scene) -> None:
    graph = scene(LEGACY.format(current=0))
    content = {layer.name: legacy_content(graph, layer) for layer in read_layers(graph)}
    assert content["masterLayer"].everything
    assert {path_name(path) for path in content["first"].members} == {"|ball"}
    assert content["second"].members == set()


def test_stored_values_are_those_of_the_layer_that_was_current(scene: Scene) -> None:
    from_master = scene(LEGACY.format(current=0))
    assert lamp_in(from_master, "masterLayer") == []
    assert lamp_in(from_master, "first") == []
    assert lamp_in(from_master, "second") == [50]
    from_second = scene(LEGACY.format(current=2))
    assert lamp_in(from_second, "second") == []
    assert lamp_in(from_second, "masterLayer") == [5]
    assert lamp_in(from_second, "first") == [5]


def test_shading_overrides_of_a_real_scene_are_those_of_each_layer(
    shared: Path,
) -> None:
    graph = read_scene(shared / "scenes" / "09-legacy-3layers-shading-override.ma")
    cube = graph.node("CubeTwoShape")
    wearing: dict[str, list[Node]] = {}
    for layer in read_layers(graph):
        engines = legacy_content(graph, layer).engines
        assert all(shape is cube for shape, _ in engines)
        wearing[layer.name] = list(engines.values())
    # The scene was saved in RenderLayerTwo: what is connected is that layer's.
    red = graph.node("lambert3SG")
    assert wearing == {
        "masterLayer": [red],
        "RenderLayerOne": [red],
        "RenderLayerTwo": [],
        "RenderLayerThree": [red],
    }


def test_a_node_of_a_reference_counts_as_a_member(scene: Scene) -> None:
    graph = scene(
        LEGACY.format(current=0) + 'createNode reference -n "setRN";\n'
        'connectAttr "second.ri" "setRN.phl[3]";\n'
    )
    _, first, second = read_layers(graph)
    assert has_members(graph, first)
    assert has_members(graph, second)
    assert legacy_content(graph, second).members == set()


def test_a_layer_without_members_holds_nothing(scene: Scene) -> None:
    graph = scene(LEGACY.format(current=0))
    second = find_layer(read_layers(graph), "second")
    assert second is not None
    assert not has_members(graph, second)


def test_the_layer_that_was_shown_when_the_scene_was_saved_is_current(
    scene: Scene,
) -> None:
    for current, name in ((0, "masterLayer"), (1, "first"), (2, "second")):
        layers = read_layers(scene(LEGACY.format(current=current)))
        assert [layer.name for layer in layers if layer.current] == [name]
