from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import Reference, SceneGraph, path_name, read_scene
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.storage import FaceWord

Scene = Callable[[str], SceneGraph]


def the(graph: SceneGraph, name: str) -> Node:
    node = graph.node(name)
    assert node is not None, name
    return node


def test_nodes_stand_where_the_file_puts_them(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "top";\n'
        'createNode transform -n "arm" -p "top";\n'
        'createNode mesh -n "armShape" -p "arm";\n'
        'createNode transform -shared -name "arm1" -parent "|top";\n'
        'createNode lambert -n ":paint";\n'
    )
    arm = the(graph, "arm")
    assert [node.name for node in the(graph, "top").children] == ["arm", "arm1"]
    assert arm.parents == [the(graph, "top")]
    assert the(graph, "arm1").shared
    assert the(graph, "paint").type == "lambert"
    assert path_name(graph.paths(the(graph, "armShape"))[0]) == "|top|arm|armShape"
    assert graph.of_type("mesh") == [the(graph, "armShape")]


def test_nodes_of_one_name_are_told_apart_by_their_paths(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\ncreateNode transform -n "b";\n'
        'createNode transform -n "x" -p "a";\n\tsetAttr ".tx" 1;\n'
        'createNode transform -n "x" -p "b";\n\tsetAttr ".tx" 2;\n'
        'createNode mesh -n "s" -p "a|x";\n\tsetAttr ".tmp" 1;\n'
        'createNode mesh -n "s" -p "|b|x";\n\tsetAttr ".tmp" 2;\n'
        'connectAttr "|b|x|s.iog" ":initialShadingGroup.dsm" -na;\n'
    )
    assert the(graph, "a|x").number("tx") == 1.0
    assert the(graph, "|b|x").number("tx") == 2.0
    assert the(graph, "b|x|s").parents == [the(graph, "b|x")]
    assert graph.node("|x") is None
    assert graph.node("c|x") is None
    engine = the(graph, ":initialShadingGroup")
    assert [plug.node for _, plug in graph.sources(engine, "dsm")] == [
        the(graph, "|b|x|s")
    ]
    assert graph.short_path(graph.paths(the(graph, "a|x"))[0]) == "a|x"
    assert graph.short_path(graph.paths(the(graph, "a"))[0]) == "a"


def test_an_instanced_shape_has_every_one_of_its_paths(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\ncreateNode transform -n "b";\n'
        'createNode mesh -n "s" -p "a";\n'
        'parent -s -nc -r -add "|a|s" "b";\n'
    )
    paths = [path_name(path) for path in graph.paths(the(graph, "s"))]
    assert paths == ["|a|s", "|b|s"]
    assert the(graph, "|b|s") is the(graph, "|a|s")


def test_parent_moves_a_node_and_refuses_a_circle(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\ncreateNode transform -n "b" -p "a";\n'
        'createNode transform -n "c" -p "b";\n'
        'parent "|a|b|c" "a";\nparent -add "a" "c";\n'
    )
    assert [path_name(path) for path in graph.paths(the(graph, "c"))] == ["|a|c"]
    assert not the(graph, "a").parents


def test_attributes_answer_to_short_and_long_names(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\n'
        '\tsetAttr ".t" -type "double3" 1 2 3 ;\n\tsetAttr ".rotateY" 45;\n'
        '\tsetAttr ".s" -type "double3" 2 2 2 ;\n\tsetAttr ".sz" 5;\n'
        'createNode camera -n "aShape" -p "a";\n\tsetAttr ".focalLength" 50;\n'
    )
    node = the(graph, "a")
    assert node.get("translate") == node.get("t") == (1.0, 2.0, 3.0)
    assert node.get("translateY") == node.get("ty") == 2.0
    assert node.vector("r") == (0.0, 45.0, 0.0)
    assert the(graph, "aShape").number("fl") == 50.0
    assert node.has("r")
    assert not node.has("shear")


def test_what_the_file_leaves_out_is_mayas_default(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\n\tsetAttr ".sy" 3;\n'
        'createNode camera -n "cam" -p "a";\n\tsetAttr -k off ".v";\n'
        'createNode lambert -n "paint";\n\tsetAttr ".cg" 1;\n'
    )
    node, camera = the(graph, "a"), the(graph, "cam")
    assert node.vector("s") == (1.0, 3.0, 1.0)
    assert node.number("sx") == 1.0
    assert node.get("t") == (0.0, 0.0, 0.0)
    assert camera.flag("v")
    assert camera.flag("renderable")
    assert camera.vector("cap") == (1.41732, 0.94488)
    assert the(graph, "paint").vector("color") == (0.5, 1.0, 0.5)
    assert node.get("unheardOf") is None
    assert node.get("unheardOf", 7) == 7
    assert node.number("tx", 9.0) == 9.0


def test_an_arrays_pieces_are_merged_in_index_order(scene: Scene) -> None:
    graph = scene(
        'createNode mesh -n "m";\n'
        '\tsetAttr -s 4 ".vt";\n'
        '\tsetAttr ".vt[2:3]" 7 8 9 10 11 12;\n'
        '\tsetAttr ".vt[0:1]" 1 2 3\n\t\t4 5 6;\n'
        '\tsetAttr ".rlmi[1:3]" 5 6 7;\n'
        '\tsetAttr ".fc[0]" -type "polyFaces" f 3 0 1 2 ;\n'
    )
    mesh = the(graph, "m")
    assert list(mesh.numbers("vrts")) == [*map(float, range(1, 13))]
    assert [(each.first, each.last) for each in mesh.pieces("vt")] == [(0, 1), (2, 3)]
    assert mesh.get("vt[2]") == (7.0, 8.0, 9.0)
    assert mesh.get("rlmi[3]") == 7.0
    assert mesh.get("rlmi[9]") is None
    assert list(mesh.faces("fc")) == [FaceWord("f", -1, [0, 1, 2])]


def test_the_last_of_two_statements_counts(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\n\tsetAttr ".tx" 1;\n\tsetAttr ".tx" 2;\n'
        '\tsetAttr ".nts[0:1]" 1 2;\n\tsetAttr ".nts[0:1]" 3 4;\n'
        'createNode transform -n "b";\nsetAttr "a.ty" 5;\n'
        'select -ne :time1;\n\tsetAttr ".o" 42;\n'
    )
    node = the(graph, "a")
    assert node.number("tx") == 2.0
    assert node.number("ty") == 5.0
    assert list(node.numbers("nts")) == [3.0, 4.0]
    assert the(graph, "time1").number("o") == 42.0
    assert the(graph, "time1").type == "time"


def test_added_attributes_have_their_default_and_long_name(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\n'
        '\taddAttr -ci true -sn "w0" -ln "ballW0" -dv 1 -at "double";\n'
        '\tsetAttr -k on ".w0";\n'
        '\taddAttr -ci true -sn "lvl" -ln "level" -at "long";\n\tsetAttr ".lvl" 3;\n'
    )
    node = the(graph, "a")
    assert node.number("ballW0") == 1.0
    assert node.number("level") == 3.0


def test_connections_are_followed_both_ways(scene: Scene) -> None:
    graph = scene(
        'createNode transform -n "a";\ncreateNode transform -n "b";\n'
        'connectAttr "a.translateX" "b.ty" -l on;\n'
        'connectAttr "a.tx" "b.t.tz";\n'
        'connectAttr -f "b.ro" "a.tx";\nconnectAttr -f "b.sx" "a.tx";\n'
        'connectAttr "a.sx" "b.sx";\ndisconnectAttr "a.sx" "b.sx";\n'
        'connectAttr "missing:node.tx" "a.ry";\n'
    )
    a, b = the(graph, "a"), the(graph, "b")
    assert graph.source(b, "translateY") == (a, "tx")
    assert graph.source(a, "tx") == (b, "sx")
    assert graph.targets(b, "ro") == []
    assert graph.source(b, "sx") is None
    assert graph.source(a, "ry") is None
    assert [plug.attr for _, plug in graph.targets(a)] == ["ty", "t.tz"]


def test_units_and_references_are_read(write_scene: Callable[..., Path]) -> None:
    header = (
        "//Maya ASCII 2016 scene\n"
        'file -rdi 1 -ns "set" -rfn "setRN" -typ "mayaAscii" "scenes/set.ma";\n'
        'file -rdi 2 -ns "deep" -rfn "set:deepRN" "scenes/deep.ma";\n'
        'file -rdi 1 -rpr "cam" -dr 1 -rfn "camRN" "scenes/cam.ma";\n'
        'file -r -ns "set" -dr 1 -rfn "setRN" "scenes/set.ma";\n'
        "currentUnit -l meter -a radian -t 23.976fps;\n"
    )
    graph = read_scene(write_scene('createNode transform -n "a";\n', header=header))
    assert graph.maya_version == "2016"
    assert (graph.linear_unit, graph.angle_unit) == ("m", "rad")
    assert graph.fps == pytest.approx(23.976)
    assert graph.references == [
        Reference("scenes/set.ma", "setRN", namespace="set", type="mayaAscii"),
        Reference("scenes/deep.ma", "set:deepRN", namespace="deep", depth=2),
        Reference("scenes/cam.ma", "camRN", prefix="cam", loaded=False),
    ]


def test_a_scene_without_a_header_has_a_version_and_mayas_units(
    write_scene: Callable[..., Path],
) -> None:
    body = 'requires maya "2019";\ncreateNode transform -n "a";\n'
    graph = read_scene(write_scene(body, header=""))
    assert graph.maya_version == "2019"
    assert (graph.linear_unit, graph.angle_unit, graph.fps) == ("cm", "deg", 24.0)


def test_a_byte_order_mark_hides_no_version(write_scene: Callable[..., Path]) -> None:
    header = "\ufeff//Maya ASCII 2020 scene\n"
    graph = read_scene(write_scene('createNode transform -n "a";\n', header=header))
    assert graph.maya_version == "2020"
    assert graph.counts == {"transform": 1}


def test_a_shot_without_nodes_of_its_own_is_a_scene(
    write_scene: Callable[..., Path],
) -> None:
    reference = 'file -r -ns "set" -rfn "setRN" -typ "mayaAscii" "set.ma";\n'
    assert len(read_scene(write_scene(reference)).references) == 1
    globals_only = 'select -ne :defaultRenderGlobals;\n\tsetAttr ".ef" 5;\n'
    graph = read_scene(write_scene(globals_only + "// End of small.ma\n"))
    node = graph.node("defaultRenderGlobals")
    assert node is not None
    assert node.number("ef") == 5


def test_references_that_are_only_loaded_are_references_too(scene: Scene) -> None:
    loads = (
        'file -r -ns "set" -rfn "setRN" -typ "mayaAscii" "set.ma";\n'
        'file -reference -ns "cam" -dr 1 -rfn "camRN" -typ "mayaAscii" "cam.ma{2}";\n'
    )
    node = 'createNode reference -n "setRN";\n'
    assert scene(loads + node).references == [
        Reference("set.ma", "setRN", "set", type="mayaAscii", loaded=True, depth=1),
        Reference("cam.ma", "camRN", "cam", type="mayaAscii", loaded=False, depth=1),
    ]
    # Where Maya listed them, its list says which are loaded.
    listed = 'file -rdi 1 -ns "set" -rfn "setRN" -typ "mayaAscii" "set.ma";\n'
    (only,) = scene(listed + loads + node).references
    assert only.path == "set.ma"


def test_a_header_alone_is_no_scene(write_scene: Callable[..., Path]) -> None:
    with pytest.raises(SceneReadError, match="holds no nodes"):
        read_scene(write_scene(""))


def test_real_scenes_give_the_counts_that_another_parser_gave(shared: Path) -> None:
    truth = json.loads((shared / "scenes" / "TRUTH.json").read_text())["files"]
    checked = 0
    for entry in truth:
        path = shared / "scenes" / entry["file"]
        if path.suffix != ".ma":
            continue
        graph, known = read_scene(path), entry["truth"]
        assert graph.maya_version == entry["maya_version"]
        assert graph.fps == known["fps"]
        counts = known["counts"]
        assert len(graph.of_type("mesh")) == counts["mesh"]
        assert len(graph.of_type("transform")) == counts["transform"]
        curves = [kind for kind in graph.types() if kind.startswith("animCurve")]
        assert len(graph.of_type(*curves)) == counts["animCurve"]
        fed = sum(
            len(plugs) for node in graph.nodes for plugs in node.incoming.values()
        )
        assert fed == known["connections"]
        assert [each.path for each in graph.references] == [
            each["path"] for each in known["references"]
        ]
        checked += 1
    assert checked == 9
