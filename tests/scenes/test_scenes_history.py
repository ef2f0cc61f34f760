from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.history import GeometrySource, geometry_source
from lrc_toolbox.scenes.transforms import IDENTITY

Scene = Callable[[str], SceneGraph]

MESH = 'createNode transform -n "a";\ncreateNode mesh -n "m" -p "a";\n'


def source_of(graph: SceneGraph, name: str = "m") -> GeometrySource:
    node = graph.node(name)
    assert node is not None
    return geometry_source(graph, node)


def test_a_mesh_that_nothing_feeds_stores_its_own_points(scene: Scene) -> None:
    found = source_of(scene(MESH))
    assert (found.source.name, found.matrix, found.understood) == ("m", IDENTITY, True)


def test_a_generator_is_found_through_nodes_that_change_no_shape(scene: Scene) -> None:
    graph = scene(
        MESH + 'createNode polySphere -n "ball";\ncreateNode groupParts -n "parts";\n'
        'createNode polySoftEdge -n "soft";\nconnectAttr "ball.out" "parts.ig";\n'
        'connectAttr "parts.og" "soft.ip";\nconnectAttr "soft.out" "m.i";\n'
    )
    found = source_of(graph)
    assert (found.source.name, found.understood) == ("ball", True)


def test_moved_geometry_brings_its_matrix(scene: Scene) -> None:
    graph = scene(
        MESH + 'createNode polyCube -n "box";\n'
        'createNode transformGeometry -n "one";\n'
        '\tsetAttr ".txf" -type "matrix" 1 0 0 0 0 1 0 0 0 0 1 0 5 0 0 1;\n'
        'createNode transformGeometry -n "two";\n'
        '\tsetAttr ".txf" -type "matrix" 2 0 0 0 0 2 0 0 0 0 2 0 0 0 0 1;\n'
        'connectAttr "box.out" "one.ig";\nconnectAttr "one.og" "two.ig";\n'
        'connectAttr "two.og" "m.i";\n'
    )
    found = source_of(graph)
    assert found.source.name == "box"
    # First moved by 5, then doubled.
    assert found.matrix[12] == 10.0


def test_a_mesh_fed_by_another_has_that_ones_points(scene: Scene) -> None:
    graph = scene(MESH + 'createNode mesh -n "orig";\nconnectAttr "orig.o" "m.i";\n')
    assert source_of(graph).source.name == "orig"


def test_a_source_that_is_not_known_is_given_as_it_is(scene: Scene) -> None:
    graph = scene(
        MESH + 'createNode nurbsTessellate -n "made";\nconnectAttr "made.op" "m.i";\n'
    )
    found = source_of(graph)
    assert (found.source.name, found.understood) == ("made", False)


def test_modelling_steps_and_deformers_are_left_out_and_named(scene: Scene) -> None:
    graph = scene(
        MESH + 'createNode polyBevel3 -n "bevel";\ncreateNode polyCube -n "box";\n'
        'createNode skinCluster -n "skin";\ncreateNode mesh -n "other";\n'
        'connectAttr "box.out" "bevel.ip";\n'
        'connectAttr "other.o" "skin.ip[0].ig";\n'
        'connectAttr "bevel.out" "skin.ip[1].ig";\n'
        'connectAttr "skin.og[1]" "m.i";\n'
    )
    found = source_of(graph)
    assert (found.source.name, found.understood) == ("box", True)
    assert [node.name for node in found.skipped] == ["skin", "bevel"]


def test_a_history_in_a_circle_ends(scene: Scene) -> None:
    graph = scene(
        MESH + 'createNode groupParts -n "p";\ncreateNode groupParts -n "q";\n'
        'connectAttr "p.og" "q.ig";\nconnectAttr "q.og" "p.ig";\n'
        'connectAttr "p.og" "m.i";\n'
    )
    assert not source_of(graph).understood


def test_real_cubes_stand_where_their_history_puts_them(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "09-legacy-3layers-shading-override.ma")
    plane = source_of(graph, "PlaneShape")
    assert plane.source.type == "polyPlane"
    assert plane.matrix[0] == 25.0
    assert source_of(graph, "CubeOneShape").matrix[12] == -8.0
