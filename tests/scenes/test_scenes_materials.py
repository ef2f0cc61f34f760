from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.materials import (
    Group,
    engine_uses,
    face_runs,
    group_of,
    surface_of,
)
from lrc_toolbox.scenes.nodes import Node

Scene = Callable[[str], SceneGraph]

PAINTS = """createNode transform -n "a";
createNode mesh -n "m" -p "a";
	setAttr -s 2 ".iog[0].og";
	setAttr ".iog[0].og[0].gcl" -type "componentList" 2 "f[0:3]" "f[7]";
createNode groupId -n "id0";
createNode groupId -n "id1";
createNode groupParts -n "parts";
	setAttr ".ic" -type "componentList" 1 "f[4:6]";
createNode shadingEngine -n "redSG";
createNode shadingEngine -n "blueSG";
createNode shadingEngine -n "baseSG";
createNode lambert -n "red";
connectAttr "red.oc" "redSG.ss";
connectAttr "id1.id" "m.iog.og[1].gid";
connectAttr "id1.id" "parts.gi";
connectAttr "m.iog.og[0]" "redSG.dsm" -na;
connectAttr "m.iog.og[1]" "blueSG.dsm" -na;
connectAttr "m.iog" "baseSG.dsm" -na;
"""


def the(graph: SceneGraph, name: str) -> Node:
    node = graph.node(name)
    assert node is not None, name
    return node


def test_faces_wear_what_their_group_wears(scene: Scene) -> None:
    graph = scene(PAINTS)
    uses = engine_uses(graph, the(graph, "m"))
    assert [(use.engine.name, use.faces) for use in uses] == [
        ("baseSG", None),
        ("redSG", (range(4), range(7, 8))),
        # The group's faces stand on the groupParts of its history.
        ("blueSG", (range(4, 7),)),
    ]


def test_groups_are_named_by_instance_and_number() -> None:
    assert group_of("iog") == Group(0, -1)
    assert group_of("iog[2]") == Group(2, -1)
    assert group_of("iog.og[1]") == group_of("iog[0].og[1]") == Group(0, 1)
    assert group_of("pt[0]") is None


def test_all_faces_are_said_with_a_star() -> None:
    assert face_runs(("f[*]",)) is None
    assert face_runs(("vtx[0:3]", "f[2]")) == (range(2, 3),)
    assert face_runs(None) == ()


def test_a_shading_engine_shows_its_surface_shader(scene: Scene) -> None:
    graph = scene(
        PAINTS + 'createNode aiStandardSurface -n "ai";\n'
        'connectAttr "ai.out" "blueSG.aiss";\n'
        'connectAttr "ai.out" "blueSG.ai_surface_shader";\n'
    )
    assert surface_of(graph, the(graph, "redSG")) is the(graph, "red")
    assert surface_of(graph, the(graph, "blueSG")) is the(graph, "ai")
    assert surface_of(graph, the(graph, "baseSG")) is None


def test_new_objects_wear_mayas_default_shader(scene: Scene) -> None:
    plain = scene(PAINTS)
    grey = surface_of(plain, the(plain, "initialShadingGroup"))
    assert grey is the(plain, "lambert1")
    newer = scene(
        PAINTS + "select -ne :defaultRenderGlobals;\n"
        '\tsetAttr ".dss" -type "string" "standardSurface1";\n'
    )
    found = surface_of(newer, the(newer, "initialShadingGroup"))
    assert found is not None
    assert (found.name, found.type) == ("standardSurface1", "standardSurface")


def test_a_real_gate_wears_wood_and_iron(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "28-preview-cartoonhouses-ntsc.ma")
    uses = engine_uses(graph, the(graph, "porte_jardinShape"))
    assert [(use.engine.name, use.faces) for use in uses] == [
        ("porte_jardinSG", (range(260),)),
        ("porte_jardinSG1", (range(260, 644),)),
    ]
