from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, path_name, read_scene
from lrc_toolbox.scenes.layers import LayerContent, Override, find_layer, read_layers
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.render_setup import apply_overrides, layer_content
from tests.scenes.render_setups import (
    MANAGER,
    below,
    chain,
    collection,
    override,
    setup_layer,
)

Scene = Callable[[str], SceneGraph]

OBJECTS = """createNode transform -n "set";
createNode transform -n "ball" -p "set";
createNode mesh -n "ballShape" -p "ball";
createNode transform -n "box";
createNode mesh -n "boxShape" -p "box";
createNode shadingEngine -n "redSG";
createNode lambert -n "red";
createNode shadingEngine -n "blueSG";
createNode phong -n "blue";
connectAttr "red.oc" "redSG.ss";
connectAttr "blue.oc" "blueSG.ss";
connectAttr "ballShape.iog" "redSG.dsm" -na;
connectAttr "boxShape.iog" "redSG.dsm" -na;
"""


def content_of(graph: SceneGraph, name: str = "beauty") -> LayerContent:
    layer = find_layer(read_layers(graph), name)
    assert layer is not None
    return layer_content(graph, layer)


def the(graph: SceneGraph, name: str) -> Node:
    node = graph.node(name)
    assert node is not None, name
    return node


def members(content: LayerContent) -> set[str]:
    return {path_name(path) for path in content.members}


def test_what_is_in_no_collection_is_not_in_the_layer(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("balls", '".pat" -type "string" "ball*"')
        + setup_layer("beauty", 1, "balls")
        + setup_layer("empty", 2)
    )
    assert members(content_of(graph)) == {"|set|ball"}
    assert members(content_of(graph, "empty")) == set()
    assert content_of(graph).lights
    layer = find_layer(read_layers(graph), "beauty")
    assert layer is not None
    assert not layer_content(graph, layer, include_all_lights=False).lights


def test_the_layer_is_named_as_its_artist_named_it(scene: Scene) -> None:
    graph = scene(OBJECTS + MANAGER + setup_layer("beauty", 1))
    layer = read_layers(graph)[1]
    assert (layer.name, layer.node.name, layer.kind) == (
        *("beauty", "rs_beauty", "render_setup"),
    )


def test_disabled_collections_and_groups_take_their_children_along(
    scene: Scene,
) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("balls", '".pat" -type "string" "ball"')
        + collection("boxes", '".pat" -type "string" "box"')
        + 'setAttr "boxes.sen" no;\n'
        + 'createNode group -n "props";\n'
        + chain("props", "balls", "boxes")
        + 'createNode group -n "off";\n\tsetAttr ".sen" no;\n'
        + collection("sets", '".pat" -type "string" "set"')
        + chain("off", "sets")
        + setup_layer("beauty", 1, "props", "off")
    )
    assert members(content_of(graph)) == {"|set|ball"}


def test_the_later_of_two_overrides_is_the_stronger(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("balls", '".pat" -type "string" "ball"')
        + override("aOverride", "visibility", '".atv" no')
        + override("bOverride", "visibility", '".atv" yes')
        + override("cOverride", "translateX", '".atv" 7', '".sen" no')
        + below("balls", "aOverride", "bOverride", "cOverride")
        + setup_layer("beauty", 1, "balls")
    )
    overrides = content_of(graph).overrides
    assert [each.value for each in overrides[the(graph, "ball"), "v"]] == [False, True]
    assert (the(graph, "ball"), "tx") not in overrides


def test_an_absolute_override_without_a_value_means_zero(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("balls", '".pat" -type "string" "ball"')
        + override("aOverride", "visibility")
        + below("balls", "aOverride")
        + setup_layer("beauty", 1, "balls")
    )
    changes = content_of(graph).overrides[the(graph, "ball"), "v"]
    assert apply_overrides(True, changes) == 0


def test_relative_overrides_multiply_then_add() -> None:
    twice = Override(multiply=2.0, offset=1.0)
    assert apply_overrides(5.0, [twice, twice]) == 23.0
    assert apply_overrides((1.0, 2.0), [twice]) == (3.0, 5.0)
    assert apply_overrides((1.0, 2.0), [Override(multiply=(2.0, 3.0))]) == (2.0, 6.0)
    assert apply_overrides(5.0, [Override(value=2), twice]) == 5.0


def test_unique_overrides_go_to_the_node_that_they_name(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("settings", '".tf" 0', kind="renderSettingsCollection")
        + override(
            *(
                "endOverride",
                "endFrame",
                '".tgName" -type "string" "defaultRenderGlobals"',
            ),
            *('".mul" 1', '".ofs" 10'),
            kind="relUniqueOverride",
        )
        + below("settings", "endOverride")
        + setup_layer("beauty", 1, "settings")
    )
    content = content_of(graph)
    changes = content.overrides[the(graph, "defaultRenderGlobals"), "ef"]
    assert apply_overrides(10.0, changes) == 20.0
    assert members(content) == set()


def test_a_shader_override_recolours_the_engines_of_its_collection(
    scene: Scene,
) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("balls", '".pat" -type "string" "ball"')
        + collection("engines", '".pat" -type "string" "*"', '".tf" 11')
        + 'createNode shaderOverride -n "paintOverride";\n'
        + 'connectAttr "blue.oc" "paintOverride.atv";\n'
        + below("balls", "engines")
        + below("engines", "paintOverride")
        + setup_layer("beauty", 1, "balls")
    )
    content = content_of(graph)
    assert content.surfaces == {the(graph, "redSG"): the(graph, "blue")}
    assert members(content) == {"|set|ball"}


def test_a_material_override_replaces_the_engine_of_its_objects(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("sets", '".pat" -type "string" "set"')
        + 'createNode materialOverride -n "paintOverride";\n'
        + 'connectAttr "blueSG.msg" "paintOverride.atv";\n'
        + below("sets", "paintOverride")
        + setup_layer("beauty", 1, "sets")
    )
    assert content_of(graph).materials == {(the(graph, "set"),): the(graph, "blueSG")}


def test_a_circle_of_collections_ends(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("balls", '".pat" -type "string" "ball"')
        + collection("boxes", '".pat" -type "string" "box"')
        + chain("balls", "boxes")
        + chain("boxes", "balls")
        + 'connectAttr "boxes.nxt" "balls.prv";\n'
        + setup_layer("beauty", 1, "balls")
    )
    assert members(content_of(graph)) == {"|set|ball", "|box"}


def test_a_circle_of_selectors_ends(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("balls", '".pat" -type "string" "*"')
        + collection("boxes", '".pat" -type "string" "*"')
        + below("balls", "boxes")
        + below("boxes", "balls")
        + setup_layer("beauty", 1, "balls")
    )
    assert "|box" in members(content_of(graph))


@pytest.mark.parametrize(
    "name",
    [
        "01-rs-layers-per-layer-overrides",
        "02-rs-shader-override-hw2-2025",
        "06-rs-openpype-pal-1001",
    ],
)
def test_layers_hold_whom_maya_itself_put_into_them(shared: Path, name: str) -> None:
    # Maya writes who is in a layer when the layer is shown; without the members below
    # other members, and with all lights (the preference was on).
    graph = read_scene(shared / "scenes" / f"{name}.ma")
    lights = {"pointLight1", "pointLightShape1", "spotLightShape"}
    checked = 0
    for layer in read_layers(graph):
        if layer.setup is None:
            continue
        paths = layer_content(graph, layer).members
        tops = {
            path[-1].name
            for path in paths
            if not any(path[:length] in paths for length in range(1, len(path)))
        }
        maya = {plug.node.name for _, plug in graph.targets(layer.node, "ri")}
        assert tops - lights == maya - lights
        checked += 1
    assert checked


def test_a_shader_override_of_a_real_scene_is_read(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "02-rs-shader-override-hw2-2025.ma")
    engine = the(graph, "initialShadingGroup")
    for name, paint in (("purple", "purpleMaterial"), ("orange", "orangeMaterial")):
        surfaces = content_of(graph, f"{name}SphereLayer").surfaces
        assert surfaces == {engine: the(graph, paint)}
