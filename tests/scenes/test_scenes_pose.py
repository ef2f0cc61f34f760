from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.pose import Pose, UnknownLayerError, pose
from tests.scenes.render_setups import (
    MANAGER,
    below,
    collection,
    override,
    setup_layer,
)

Scene = Callable[[str], SceneGraph]

OBJECTS = """createNode transform -n "set";
	setAttr ".tx" 10;
createNode transform -n "ball" -p "set";
createNode mesh -n "ballShape" -p "ball";
createNode transform -n "box";
createNode mesh -n "boxShape" -p "box";
createNode transform -n "key";
createNode pointLight -n "keyShape" -p "key";
createNode transform -n "cam";
	setAttr ".tz" 5;
createNode camera -n "camShape" -p "cam";
createNode lambert -n "red";
createNode shadingEngine -n "redSG";
createNode phong -n "blue";
createNode shadingEngine -n "blueSG";
connectAttr "red.oc" "redSG.ss";
connectAttr "blue.oc" "blueSG.ss";
connectAttr "ballShape.iog" "redSG.dsm" -na;
connectAttr "boxShape.iog" "redSG.dsm" -na;
"""


def the(graph: SceneGraph, name: str) -> Node:
    node = graph.node(name)
    assert node is not None, name
    return node


def paths(found: Pose) -> list[str]:
    return [shape.path for shape in found.shapes]


def surfaces(found: Pose) -> dict[str, list[str]]:
    """The surface shaders that every shape wears."""
    return {
        shape.node.name: [
            each.surface.name for each in shape.assignments if each.surface
        ]
        for shape in found.shapes
    }


def test_the_master_layer_has_everything_that_is_not_hidden(scene: Scene) -> None:
    graph = scene(OBJECTS + 'setAttr "box.v" no;\n')
    found = pose(graph, "masterLayer", 1)
    assert paths(found) == ["|set|ball|ballShape"]
    assert found.shapes[0].matrix[12:15] == (10.0, 0.0, 0.0)
    assert [light.path for light in found.lights] == ["|key|keyShape"]
    assert found.cameras["cam"].matrix[12:15] == (0.0, 0.0, 5.0)
    assert found.cameras["cam"].node is the(graph, "camShape")
    assert surfaces(found) == {"ballShape": ["red"]}
    assert found.notes == []


def test_what_hides_a_group_hides_all_below(scene: Scene) -> None:
    graph = scene(OBJECTS + 'setAttr "set.v" no;\n')
    assert paths(pose(graph, "masterLayer", 1)) == ["|box|boxShape"]


def test_a_hidden_camera_is_a_camera_still(scene: Scene) -> None:
    graph = scene(OBJECTS + 'setAttr "cam.v" no;\n')
    assert "cam" in pose(graph, "masterLayer", 1).cameras


def test_a_layer_has_its_members_and_all_lights(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("sets", '".pat" -type "string" "set"')
        + setup_layer("beauty", 1, "sets")
    )
    found = pose(graph, "beauty", 1)
    assert paths(found) == ["|set|ball|ballShape"]
    assert len(found.lights) == 1
    assert pose(graph, "rs_beauty", 1).layer == found.layer
    dark = pose(graph, "beauty", 1, include_all_lights=False)
    assert (paths(dark), dark.lights) == (["|set|ball|ballShape"], [])


def test_each_layer_paints_in_its_own_way(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + collection("all1", '".pat" -type "string" "*"')
        + collection("engines", '".pat" -type "string" "*"', '".tf" 11')
        + 'createNode shaderOverride -n "paintOverride";\n'
        + 'connectAttr "blue.oc" "paintOverride.atv";\n'
        + below("all1", "engines")
        + below("engines", "paintOverride")
        + setup_layer("shader", 1, "all1")
        + collection("all2", '".pat" -type "string" "*"')
        + collection("sets", '".pat" -type "string" "set"')
        + 'createNode materialOverride -n "engineOverride";\n'
        + 'connectAttr "blueSG.msg" "engineOverride.atv";\n'
        + below("sets", "engineOverride")
        + setup_layer("material", 2, "all2", "sets")
    )
    assert surfaces(pose(graph, "masterLayer", 1)) == {
        "ballShape": ["red"],
        "boxShape": ["red"],
    }
    assert surfaces(pose(graph, "shader", 1)) == {
        "ballShape": ["blue"],
        "boxShape": ["blue"],
    }
    assert surfaces(pose(graph, "material", 1)) == {
        "ballShape": ["blue"],
        "boxShape": ["red"],
    }


def test_values_are_those_of_layer_and_frame(scene: Scene) -> None:
    graph = scene(
        OBJECTS
        + MANAGER
        + 'createNode animCurveTU -n "ramp";\n\tsetAttr ".tan" 2;\n'
        + '\tsetAttr ".wgt" no;\n\tsetAttr ".ktv[0:1]"  0 0 10 10;\n'
        + 'connectAttr "ramp.o" "keyShape.in";\n'
        + collection("lights", '".pat" -type "string" "key*"', '".tf" 4')
        + override("dimOverride", "intensity", '".mul" 0.5', kind="relOverride")
        + below("lights", "dimOverride")
        + setup_layer("dim", 1, "lights")
    )
    light = the(graph, "keyShape")
    assert pose(graph, "masterLayer", 4).number(light, "intensity") == 4.0
    assert pose(graph, "dim", 4).number(light, "intensity") == 2.0
    found = pose(graph, "dim", 4)
    assert found.vector(light, "color") == (1.0, 1.0, 1.0)
    assert found.flag(light, "v")
    assert found.text(the(graph, "defaultRenderGlobals"), "ren") == "mayaSoftware"
    assert found.value(light, "unheardOf", 3) == 3


def test_sources_are_what_is_no_animation(scene: Scene) -> None:
    graph = scene(
        OBJECTS + 'createNode file -n "tex";\ncreateNode animCurveTU -n "ramp";\n'
        '\tsetAttr ".ktv[0]"  0 3;\nconnectAttr "tex.oc" "red.c";\n'
        'connectAttr "ramp.o" "red.dc";\n'
    )
    found = pose(graph, "masterLayer", 1)
    assert found.source(the(graph, "red"), "color") == (the(graph, "tex"), "oc")
    assert found.source(the(graph, "red"), "diffuse") is None
    assert found.notes == []
    assert found.vector(the(graph, "red"), "color") == (0.5, 0.5, 0.5)
    assert any("file nodes" in note for note in found.notes)


@pytest.mark.parametrize(
    "assigned",
    [
        'connectAttr "boxShape.iog[1]" "blueSG.dsm" -na;\n',
        'connectAttr "|set|boxShape.iog" "blueSG.dsm" -na;\n',
        'connectAttr -na "|set|boxShape.iog" "blueSG.dsm";\n',
    ],
    ids=["by number", "by path", "by path, flag first"],
)
def test_an_instance_stands_at_each_of_its_places_with_its_own_paint(
    scene: Scene, assigned: str
) -> None:
    graph = scene(OBJECTS + 'parent -s -nc -r -add "|box|boxShape" "set";\n' + assigned)
    found = pose(graph, "masterLayer", 1)
    wearing = {
        shape.path: [each.surface.name for each in shape.assignments if each.surface]
        for shape in found.shapes
    }
    assert wearing == {
        "|set|ball|ballShape": ["red"],
        "|set|boxShape": ["blue"],
        "|box|boxShape": ["red"],
    }
    places = {shape.path: shape.matrix[12] for shape in found.shapes}
    assert places["|set|boxShape"] == 10.0
    assert places["|box|boxShape"] == 0.0


def test_generators_and_unknown_history_are_told(scene: Scene) -> None:
    graph = scene(
        OBJECTS + 'createNode polyCube -n "maker";\ncreateNode polyBoolean -n "bool";\n'
        'connectAttr "maker.out" "ballShape.i";\nconnectAttr "bool.out" "boxShape.i";\n'
        'createNode transform -n "n";\ncreateNode nurbsSurface -n "nShape" -p "n";\n'
        'createNode nurbsCurve -n "curveShape" -p "n";\n'
    )
    found = pose(graph, "masterLayer", 1)
    sources = {shape.node.name: shape.geometry_source for shape in found.shapes}
    assert sources == {
        "ballShape": the(graph, "maker"),
        "boxShape": the(graph, "bool"),
    }
    assert len(found.notes) == 2
    assert any("polyBoolean" in note for note in found.notes)
    assert any("nurbsSurface" in note for note in found.notes)


def test_an_unknown_layer_is_answered_with_the_nearest(scene: Scene) -> None:
    graph = scene(OBJECTS + MANAGER + setup_layer("beauty", 1))
    with pytest.raises(UnknownLayerError, match='Did you mean "beauty"') as caught:
        pose(graph, "beuty", 1)
    assert caught.value.known == ("masterLayer", "beauty")


def test_a_scene_that_is_no_longer_used_is_let_go(scene: Scene) -> None:
    graph = scene(OBJECTS)
    pose(graph, "masterLayer", 1)
    gone = weakref.ref(graph)
    del graph
    gc.collect()
    assert gone() is None


def test_a_real_scene_of_houses_is_seen_whole(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "28-preview-cartoonhouses-ntsc.ma")
    found = pose(graph, "masterLayer", 0)
    assert len(found.shapes) == 28
    # Sky001 is hidden.
    assert len(found.lights) == 6
    assert all(shape.assignments for shape in found.shapes)
    assert all(shape.geometry_source is shape.node for shape in found.shapes)
    assert found.notes == []


def test_real_legacy_layers_show_their_cubes_in_their_colours(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "09-legacy-3layers-shading-override.ma")
    assert {
        name: surfaces(pose(graph, name, 1))
        for name in ("masterLayer", "RenderLayerOne", "RenderLayerTwo")
    } == {
        "masterLayer": {
            "PlaneShape": ["lambert1"],
            "CubeOneShape": ["lambert1"],
            "CubeTwoShape": ["Red"],
            "CubeThreeShape": ["lambert1"],
        },
        "RenderLayerOne": {"PlaneShape": ["lambert1"], "CubeOneShape": ["lambert1"]},
        "RenderLayerTwo": {"PlaneShape": ["lambert1"], "CubeTwoShape": ["Blue"]},
    }


def test_real_render_setup_layers_show_their_sphere_in_their_colours(
    shared: Path,
) -> None:
    graph = read_scene(shared / "scenes" / "02-rs-shader-override-hw2-2025.ma")
    for layer, paint in (
        ("masterLayer", "standardSurface1"),
        ("purpleSphereLayer", "purpleMaterial"),
        ("orangeSphereLayer", "orangeMaterial"),
    ):
        found = pose(graph, layer, 5)
        assert surfaces(found) == {
            "movingSphereShape": [paint],
            "backgroundShape": ["whiteMaterial"],
        }
        assert len(found.lights) == 1


def test_layers_of_a_real_scene_differ_in_their_lights_and_cameras(
    shared: Path,
) -> None:
    graph = read_scene(shared / "scenes" / "01-rs-layers-per-layer-overrides.ma")
    light = the(graph, "pointLightShape1")
    bright = pose(graph, "renderSetupLayer2", 20)
    assert bright.number(light, "intensity") == pytest.approx(3.4389140605926514)
    assert pose(graph, "masterLayer", 20).number(light, "intensity") == 1.0
    assert bright.shapes == []
    assert len(pose(graph, "masterLayer", 20).shapes) == 1
    assert not bright.flag(the(graph, "perspShape"), "renderable")
