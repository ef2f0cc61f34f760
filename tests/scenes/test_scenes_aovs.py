from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from lrc_toolbox.scenes.aovs import aovs_with_files, read_aovs
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.snapshot import Aov

Scene = Callable[[str], SceneGraph]


def test_aovs_of_the_real_files_are_those_of_the_truth(shared: Path) -> None:
    files = json.loads((shared / "scenes" / "TRUTH.json").read_text())["files"]
    for entry in files:
        if entry["file"].endswith(".ma"):
            graph = read_scene(shared / "scenes" / entry["file"])
            assert list(read_aovs(graph)) == [
                # A display without a name of its own goes by its node's.
                Aov(
                    each["name"] or each["node"],
                    each["node"],
                    each["type"],
                    bool(each["enabled"]),
                )
                for each in entry["truth"]["aovs"]
            ], entry["file"]


def test_option_nodes_store_as_many_attributes_as_the_truth_counts(
    shared: Path,
) -> None:
    files = json.loads((shared / "scenes" / "TRUTH.json").read_text())["files"]
    for entry in files:
        if entry["file"].endswith(".ma"):
            graph = read_scene(shared / "scenes" / entry["file"])
            for each in entry["truth"]["option_nodes"]:
                node = graph.node(each["node"])
                assert node is not None
                assert node.type == each["type"]
                # A statement that only sizes an array (`-s 10 ".UserTokens"`, line 449
                # of file 08) stores no value, so it does not count.
                stored = sum(map(node.has, node.attributes()))
                assert stored == each["attrs_set"], (entry["file"], each["node"])


def test_arnold_aovs_have_files_of_their_own_unless_merged(scene: Scene) -> None:
    nodes = (
        'createNode aiAOV -n "aiAOV_Z";\n\tsetAttr ".name" -type "string" "Z";\n'
        'createNode aiAOV -n "aiAOV_N";\n\tsetAttr ".en" no;\n'
        '\tsetAttr ".name" -type "string" "N";\n'
        'createNode aiAOVDriver -s -n "defaultArnoldDriver";\n'
    )
    apart = scene(nodes)
    assert [(each.name, each.enabled) for each in read_aovs(apart)] == [
        ("Z", True),
        ("N", False),
    ]
    assert [each.name for each in aovs_with_files(apart, "arnold")] == ["Z"]
    assert aovs_with_files(apart, "redshift") == ()
    merged = scene(nodes + '\tsetAttr ".mergeAOVs" yes;\n')
    assert aovs_with_files(merged, "arnold") == ()


def test_vray_elements_are_named_as_their_files(scene: Scene) -> None:
    nodes = (
        'createNode VRayRenderElement -n "vrayRE_Diffuse";\n'
        '\tsetAttr ".vray_name_diffuse" -type "string" "diffuse";\n'
        'createNode VRayRenderElementSet -n "vrayRE_Sets";\n\tsetAttr ".enabled" no;\n'
        'createNode VRaySettingsNode -s -n "vraySettings";\n'
    )
    graph = scene(nodes)
    assert [(each.name, each.enabled) for each in read_aovs(graph)] == [
        ("diffuse", True),
        ("vrayRE_Sets", False),
    ]
    assert [each.name for each in aovs_with_files(graph, "vray")] == ["diffuse"]
    merged = scene(nodes + '\tsetAttr ".imgfs" -type "string" "exr (multichannel)";\n')
    assert aovs_with_files(merged, "vray") == ()


def test_renderman_writes_the_displays_that_its_settings_list(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "08-renderman-2023.ma")
    names = [each.name for each in aovs_with_files(graph, "renderman")]
    assert names == ["rmanDefaultDisplay"]
