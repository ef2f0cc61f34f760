from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.nodes import Plug
from lrc_toolbox.scenes.reference_edits import (
    ReferenceEdits,
    link_placeholders,
    read_edits,
)
from lrc_toolbox.scenes.snapshot import CameraSnapshot, SceneSnapshot
from lrc_toolbox.scenes.taking import read_snapshot

SET = (
    "//Maya ASCII 2023 scene\n"
    'createNode transform -n "rig";\n'
    'createNode transform -n "cam" -p "rig";\n'
    'createNode camera -n "camShape" -p "cam";\n'
    '\tsetAttr ".rnd" no;\n'
)
CAMERA = "|set:rig|set:cam|set:camShape"
#: Legacy layers as Maya lists them; `beauty` holds everything.
LAYERS = (
    'createNode renderLayerManager -n "renderLayerManager";\n'
    'createNode renderLayer -n "defaultRenderLayer";\n\tsetAttr ".g" yes;\n'
    'createNode renderLayer -n "beauty";\n\tsetAttr ".g" yes;\n\tsetAttr ".do" 1;\n'
)
MANAGED = (
    'connectAttr "renderLayerManager.rlmi[0]" "defaultRenderLayer.rlid";\n'
    'connectAttr "renderLayerManager.rlmi[1]" "beauty.rlid";\n'
)
Scene = Callable[[str], SceneGraph]


def edited(*edits: str, node: str = "setRN") -> str:
    """A reference node with edits, as Maya ASCII writes it: lost ones first."""
    lines = "".join(f"\n\t\t{each}" for each in edits)
    return (
        f'createNode reference -n "{node}";\n\tsetAttr ".ed" -type '
        f'"dataReferenceEdits"\n\t\t"{node}"\n\t\t"{node}" 0\n'
        f'\t\t"{node}" {len(edits)}{lines};\n'
    )


def shot(folder: Path, body: str, namespace: str = "set") -> SceneSnapshot:
    """The snapshot of a scene that refers to `set.ma`."""
    (folder / "set.ma").write_text(SET, encoding="utf-8")
    path = folder / "shot.ma"
    line = f'file -rdi 1 -ns "{namespace}" -rfn "setRN" -typ "mayaAscii" "set.ma";\n'
    path.write_text(f"//Maya ASCII 2023 scene\n{line}{body}", encoding="utf-8")
    return read_snapshot(path, follow=True)


def camera_of(snapshot: SceneSnapshot) -> CameraSnapshot:
    (camera,) = snapshot.cameras
    return camera


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 1", True),
        (" -av 1", True),
        (" -k on 1", True),
        (" -av -k 1 1", True),
        (" yes", True),
        (" 0", False),
        (" -av -k 1 0", False),
        (" -k 1", False),
        (" -av", False),
        ("", False),
    ],
)
def test_an_edit_sets_what_stands_behind_its_flags(
    tmp_path: Path, text: str, expected: bool
) -> None:
    snapshot = shot(tmp_path, edited(f'2 "{CAMERA}" "renderable" "{text}"'))
    assert camera_of(snapshot).renderable is expected


def test_edits_make_a_camera_orthographic_and_change_its_lens(tmp_path: Path) -> None:
    body = edited(
        f'2 "{CAMERA}" "orthographic" " 1"',
        f'2 "{CAMERA}" "focalLength" " -av 50.5"',
        '2 "|set:rig|set:other|set:otherShape" "focalLength" " 12"',
    )
    camera = camera_of(shot(tmp_path, body))
    assert (camera.orthographic, camera.focal_length) == (True, 50.5)


def test_the_later_of_two_edits_counts(tmp_path: Path) -> None:
    body = edited(
        f'2 "{CAMERA}" "renderable" " 1"',
        f'2 "{CAMERA}" "renderable" " 0"',
    )
    assert not camera_of(shot(tmp_path, body)).renderable


def test_edits_of_unknown_kinds_do_not_hide_those_behind_them(tmp_path: Path) -> None:
    # 1, 4, 7 and 8 as real files of Maya 2016 to 2023 have them; 42 is made up.
    body = edited(
        '1 |set:rig "blend" "blend" " -ci 1 -min 0 -max 1 -at \\"double\\""',
        '4 "|set:rig" "shader" ""',
        '7 "ignore" ":lightLinker1" 2 "|set:rig.message" ":defaultLightSet.message"',
        '8 "|set:rig" "translateX"',
        '42 "what" "ever" 3',
        f'2 "{CAMERA}" "renderable" " 1"',
    )
    assert camera_of(shot(tmp_path, body)).renderable


def test_a_camera_that_was_moved_under_a_group_of_the_scene_is_found_there(
    tmp_path: Path,
) -> None:
    group = 'createNode transform -n "shotGroup";\n'
    body = group + edited(
        f'2 "{CAMERA}" "focalLength" " 24"',
        '0 "|set:rig" "|shotGroup" "-s -r "',
        f'2 "|shotGroup{CAMERA}" "renderable" " 1"',
    )
    graph_file = tmp_path / "shot.ma"
    camera = camera_of(shot(tmp_path, body))
    assert (camera.renderable, camera.focal_length) == (True, 24.0)
    edits = read_edits(read_scene(graph_file))
    assert edits.places(CAMERA) == [CAMERA, f"|shotGroup{CAMERA}"]
    assert edits.places("|set:rigging|set:cam") == ["|set:rigging|set:cam"]


def test_a_node_may_be_moved_before_and_after_those_around_it() -> None:
    outer = ReferenceEdits(moves={"|a": "|g", "|g|a|b": "|h"})
    assert outer.places("|a|b|c") == ["|a|b|c", "|g|a|b|c", "|h|b|c"]
    inner = ReferenceEdits(moves={"|a|b": "|h", "|a": "|g"})
    assert inner.places("|a|b|c") == ["|a|b|c", "|h|b|c"]


def test_moves_that_lead_in_a_circle_end() -> None:
    circle = ReferenceEdits(moves={"|a": "|g", "|g|a": ""})
    assert circle.places("|a|b") == ["|a|b", "|g|a|b"]
    growing = ReferenceEdits(moves={"|a": "|a|b"})
    assert len(growing.places("|a")) < 50


def test_a_reference_in_the_root_namespace_keeps_its_names(tmp_path: Path) -> None:
    # As Maya 2016 writes it: `file -rdi 1 -ns ":" -rfn "HeroRN" ...`.
    snapshot = shot(
        tmp_path,
        edited('2 "|rig|cam|camShape" "renderable" " 1"'),
        namespace=":",
    )
    camera = camera_of(snapshot)
    assert (camera.name, camera.node, camera.renderable) == ("cam", "camShape", True)


def override(direction: int, value: int) -> str:
    """Layer `beauty` overrides `renderable` of the camera by way of a placeholder."""
    plug = f'5 {direction} "setRN" "{CAMERA}.renderable" "setRN.placeHolderList[2]" ""'
    adjustment = f'select -ne beauty;\n\tsetAttr ".adjs[0].val" {value};\n'
    link = 'connectAttr "setRN.phl[2]" "beauty.adjs[0].plg";\n'
    return LAYERS + edited(plug) + adjustment + link + MANAGED


@pytest.mark.parametrize("direction", [1, 3])
def test_a_legacy_layers_override_of_a_referenced_camera_comes_by_a_placeholder(
    tmp_path: Path, direction: int
) -> None:
    snapshot = shot(tmp_path, override(direction, 1))
    master, beauty = snapshot.layers
    assert (master.cameras, beauty.cameras) == ((), ("set:cam",))
    assert beauty.overridden == ("cameras",)


def test_without_the_edit_a_placeholder_stands_for_nothing(tmp_path: Path) -> None:
    body = override(3, 1).replace("placeHolderList[2]", "placeHolderList[7]")
    assert shot(tmp_path, body).layers[1].cameras == ()


def test_a_layer_saved_as_current_gives_a_referenced_camera_back_to_the_master_layer(
    tmp_path: Path,
) -> None:
    # The camera's stored value is that of the current layer; the default layer's
    # adjustment holds what it is without one.
    plugs = [
        f'5 3 "setRN" "{CAMERA}.renderable" "setRN.placeHolderList[{place}]" ""'
        for place in (1, 2)
    ]
    body = (
        LAYERS.replace(
            '-n "renderLayerManager";\n',
            '-n "renderLayerManager";\n\tsetAttr ".crl" 1;\n\tsetAttr ".rlmi[1]" 1;\n',
        )
        + edited(f'2 "{CAMERA}" "renderable" " 1"', *plugs)
        + 'select -ne beauty;\n\tsetAttr ".adjs[0].val" 1;\n'
        + 'select -ne defaultRenderLayer;\n\tsetAttr ".adjs[0].val" 0;\n'
        + 'connectAttr "setRN.phl[1]" "beauty.adjs[0].plg";\n'
        + 'connectAttr "setRN.phl[2]" "defaultRenderLayer.adjs[0].plg";\n'
        + MANAGED
    )
    master, beauty = shot(tmp_path, body).layers
    assert beauty.current
    assert (master.cameras, beauty.cameras) == ((), ("set:cam",))


def test_placeholders_within_a_reference_stand_for_both_ends(scene: Scene) -> None:
    graph = scene(
        edited(
            '5 0 "setRN" "set:layer.drawInfo" "|set:axe.drawOverride" '
            '"setRN.placeHolderList[1]" "setRN.placeHolderList[2]" ""',
            '5 4 "setRN" "|set:cam.translateX" "setRN.placeHolderList[3]" ""',
        )
    )
    assert read_edits(graph).plugs == {
        "setRN.phl[1]": "set:layer.drawInfo",
        "setRN.phl[2]": "|set:axe.drawOverride",
        "setRN.phl[3]": "|set:cam.translateX",
    }


def test_plugs_take_the_places_of_placeholders_at_both_ends(scene: Scene) -> None:
    camera = (
        'createNode transform -n "set:cam";\n'
        'createNode camera -n "set:camShape" -p "set:cam";\n'
    )
    shape = "|set:cam|set:camShape"
    graph = scene(
        camera
        + LAYERS
        + edited(
            f'5 3 "setRN" "{shape}.renderable" "setRN.placeHolderList[1]" ""',
            f'5 4 "setRN" "{shape}.focalLength" "setRN.placeHolderList[2]" ""',
            '5 4 "setRN" "|set:cam.renderLayerInfo[0]" "setRN.placeHolderList[3]" ""',
            '5 4 "setRN" "|set:gone.renderLayerInfo[0]" "setRN.placeHolderList[4]" ""',
        )
        + 'connectAttr "setRN.phl[1]" "beauty.adjs[0].plg";\n'
        + 'connectAttr ":time1.o" "setRN.phl[2]";\n'
        + 'connectAttr "beauty.ri" "setRN.phl[3]";\n'
        + 'connectAttr "beauty.ri" "setRN.phl[4]";\n'
        + MANAGED
    )
    link_placeholders(graph, read_edits(graph))
    node, beauty = graph.node(shape), graph.node("beauty")
    assert node is not None
    assert beauty is not None
    assert graph.targets(node, "rnd") == [("rnd", Plug(beauty, "adjs[0].plg"))]
    assert graph.source(beauty, "adjs[0].plg") == Plug(node, "rnd")
    time = graph.source(node, "fl")
    assert time is not None
    assert graph.targets(time.node, "o") == [("o", Plug(node, "fl"))]
    held = [plug.node.name for _, plug in graph.targets(beauty, "ri")]
    assert held == ["set:cam", "setRN"]


def test_damaged_edits_are_survived(scene: Scene) -> None:
    for edit in ('2 "|set:cam"', "2", '5 3 "a.placeHolderList[1]"', '0 "|a" "|b"'):
        found = read_edits(scene(edited(edit)))
        assert (found.values, found.moves, found.plugs) == ({}, {}, {})


def test_edits_of_a_real_scene_are_all_understood(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "22-refs-alembic-rpr-pbrt.ma")
    edits = read_edits(graph)
    # Its 14 connections stand in lines 6316 to 6329 and 6773 to 6787.
    assert len(edits.plugs) == 14
    assert edits.plugs["GeometryRN.phl[1]"] == (
        "|Geometry:Emily|Geometry:Emily_head|Geometry:Emily_headShape.instObjGroups"
    )
    off = "|Cameras:Lightstage_Cameras_01|Cameras:camera07|Cameras:camera06Shape7"
    assert edits.values[off] == {"rnd": 0.0}
