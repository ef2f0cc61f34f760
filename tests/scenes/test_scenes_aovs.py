from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.aovs import picture_files, read_aovs
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.layers import find_layer, read_layers
from lrc_toolbox.scenes.output_names import PictureFile
from lrc_toolbox.scenes.render_settings import Settings
from lrc_toolbox.scenes.render_setup import layer_content
from lrc_toolbox.scenes.renderer_settings import BESIDE_PICTURE
from lrc_toolbox.scenes.snapshot import Aov
from lrc_toolbox.scenes.taking import read_snapshot
from tests.scenes.render_setups import (
    MANAGER,
    below,
    collection,
    override,
    setup_layer,
)

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


def of_layer(graph: SceneGraph, layer_name: str = "masterLayer") -> Settings:
    """The settings under one layer's overrides."""
    layer = find_layer(read_layers(graph), layer_name)
    assert layer is not None
    return Settings(graph, layer_content(graph, layer).overrides)


def shown(settings: Settings) -> list[str]:
    """The AOVs with files of their own; empty for the picture itself."""
    return [each.aov for each in picture_files(settings)]


ARNOLD = (
    'createNode aiOptions -s -n "defaultArnoldRenderOptions";\n'
    'createNode aiAOVDriver -s -n "defaultArnoldDriver";\n{driver}'
    'createNode aiAOV -n "aiAOV_Z";\n\tsetAttr ".aovn" -type "string" "Z";\n'
    'createNode aiAOV -n "aiAOV_N";\n\tsetAttr ".aoven" no;\n'
    '\tsetAttr ".aovn" -type "string" "N";\n'
    'connectAttr "defaultArnoldDriver.msg" "aiAOV_Z.out[0].drvr";\n'
    'select -ne :defaultRenderGlobals;\n\tsetAttr ".ren" -type "string" "arnold";\n'
)


def test_arnold_aovs_have_files_of_their_own_unless_merged(scene: Scene) -> None:
    apart = scene(ARNOLD.format(driver=""))
    assert [(each.name, each.enabled) for each in read_aovs(apart)] == [
        ("Z", True),
        ("N", False),
    ]
    assert picture_files(of_layer(apart)) == (
        PictureFile(word="beauty"),
        PictureFile("Z", "Z"),
    )
    merged = scene(ARNOLD.format(driver='\tsetAttr ".merge_AOVs" yes;\n'))
    assert shown(of_layer(merged)) == [""]


def test_a_name_with_the_token_keeps_arnolds_aovs_apart(scene: Scene) -> None:
    graph = scene(
        ARNOLD.format(driver='\tsetAttr ".merge_AOVs" yes;\n')
        + '\tsetAttr ".ifp" -type "string" "<RenderPass>/x";\n'
    )
    assert shown(of_layer(graph)) == ["", "Z"]


def test_arnolds_drivers_decide_where_and_as_what_an_aov_goes(scene: Scene) -> None:
    graph = scene(
        ARNOLD.format(driver="")
        + 'createNode aiAOVDriver -n "shown";\n\tsetAttr ".output_mode" 0;\n'
        'createNode aiAOVDriver -n "tiffs";\n'
        '\tsetAttr ".ai_translator" -type "string" "tiff";\n'
        'createNode aiAOV -n "A";\ncreateNode aiAOV -n "B";\ncreateNode aiAOV -n "C";\n'
        '\tsetAttr ".aovn" -type "string" "RGBA";\n'
        'connectAttr "shown.msg" "A.out[0].drvr";\n'
        'connectAttr "shown.msg" "B.out[0].drvr";\n'
        'connectAttr "tiffs.msg" "B.out[1].drvr";\n'
    )
    assert picture_files(of_layer(graph)) == (
        PictureFile(word="beauty"),
        PictureFile("Z", "Z"),
        PictureFile("B", "B", extension="tif"),
    )


def test_arnolds_light_groups_have_files_of_their_own(scene: Scene) -> None:
    group = 'select -ne aiAOV_Z;\n\tsetAttr ".ga" no;\n'
    listed = group + '\tsetAttr ".lgl" -type "string" "key  rim";\n'
    all_of_them = listed + '\tsetAttr ".lg" yes;\n'
    graph = scene(ARNOLD.format(driver="") + listed)
    assert shown(of_layer(graph)) == ["", "Z_key", "Z_rim"]
    graph = scene(ARNOLD.format(driver="") + all_of_them)
    assert shown(of_layer(graph)) == ["", "Z_lgroups"]


def test_aovs_may_be_off_all_at_once(scene: Scene) -> None:
    off = 'select -ne :defaultArnoldRenderOptions;\n\tsetAttr ".aovm" 0;\n'
    assert shown(of_layer(scene(ARNOLD.format(driver="") + off))) == [""]
    off = '\tsetAttr ".aovGlobalEnableMode" 0;\n'
    assert shown(of_layer(scene(redshift(off)))) == [""]
    off = '\tsetAttr ".relements_enableall" no;\n'
    assert shown(of_layer(scene(vray(off)))) == [""]


def test_a_render_setup_layer_switches_its_aovs(scene: Scene) -> None:
    # As Maya's AOV tab writes it: a child collection whose selector names the node.
    child = (
        'createNode aovChildCollection -n "aovs_Z";\n'
        'createNode arnoldAOVChildSelector -n "aovs_ZSelector";\n'
        '\tsetAttr ".ann" -type "string" "aiAOV_Z";\n'
        'connectAttr "aovs_ZSelector.c" "aovs_Z.sel";\n'
    )
    graph = scene(
        MANAGER
        + ARNOLD.format(driver="")
        + collection("AOVs", kind="aovCollection")
        + child
        + override("enabledOverride", "enabled", '".atv" no')
        + override("otherOverride", "enabled", '".atv" yes', kind="absUniqueOverride")
        + '\tsetAttr ".tgName" -type "string" "aiAOV_N";\n'
        + below("AOVs", "aovs_Z", "otherOverride", selectors=False)
        + below("aovs_Z", "enabledOverride", selectors=False)
        + setup_layer("key", 1, "AOVs")
    )
    assert shown(of_layer(graph)) == ["", "Z"]
    assert shown(of_layer(graph, "key")) == ["", "N"]


def test_a_scenes_outputs_follow_what_each_layer_switches(
    write_scene: Callable[[str], Path],
) -> None:
    off = override("offOverride", "enabled", '".atv" no', kind="absUniqueOverride")
    path = write_scene(
        MANAGER
        + 'createNode transform -n "cam";\ncreateNode camera -n "eye" -p "cam";\n'
        + ARNOLD.format(driver="")
        + collection("AOVs", kind="aovCollection")
        + off
        + '\tsetAttr ".tgName" -type "string" "aiAOV_Z";\n'
        + below("AOVs", "offOverride", selectors=False)
        + setup_layer("key", 1, "AOVs")
    )
    outputs = read_snapshot(path, whole=True).outputs
    assert [(each.layer, each.aov, each.pattern) for each in outputs] == [
        ("masterLayer", "", "masterLayer/beauty/small.exr"),
        ("masterLayer", "Z", "masterLayer/Z/small.exr"),
        ("key", "", "key/small.exr"),
    ]


def test_a_legacy_layer_switches_its_aovs(scene: Scene) -> None:
    graph = scene(
        'createNode renderLayerManager -n "renderLayerManager";\n'
        'createNode renderLayer -n "defaultRenderLayer";\n\tsetAttr ".g" yes;\n'
        'createNode renderLayer -n "key";\n\tsetAttr ".do" 1;\n'
        '\tsetAttr ".adjs[0].val" no;\n'
        + redshift("")
        + 'connectAttr "renderLayerManager.rlmi[0]" "defaultRenderLayer.rlid";\n'
        'connectAttr "renderLayerManager.rlmi[1]" "key.rlid";\n'
        'connectAttr "rsAov_Z.enabled" "key.adjs[0].plg";\n'
    )
    assert shown(of_layer(graph)) == ["", "Z", "Cryptomatte"]
    assert shown(of_layer(graph, "key")) == ["", "Cryptomatte"]


def redshift(options: str) -> str:
    return (
        f'createNode RedshiftOptions -s -n "redshiftOptions";\n{options}'
        'createNode RedshiftAOV -n "rsAov_Z";\n'
        '\tsetAttr ".name" -type "string" "Z";\n\tsetAttr ".fileFormat" 5;\n'
        '\tsetAttr ".filePrefix" -type "string" "<BeautyPath>/z/<BeautyFile>";\n'
        'createNode RedshiftAOV -n "rsAov_Cryptomatte";\n'
        '\tsetAttr ".name" -type "string" "Cryptomatte";\n'
        '\tsetAttr ".aovType" -type "string" "Cryptomatte";\n'
        "select -ne :defaultRenderGlobals;\n"
        '\tsetAttr ".ren" -type "string" "redshift";\n'
    )


def test_redshifts_aovs_have_prefixes_and_formats_of_their_own(scene: Scene) -> None:
    matte = PictureFile("Cryptomatte", "Cryptomatte", BESIDE_PICTURE, "exr")
    assert picture_files(of_layer(scene(redshift("")))) == (
        PictureFile(),
        PictureFile("Z", "Z", "<BeautyPath>/z/<BeautyFile>", "tif"),
        matte,
    )
    combined = scene(redshift('\tsetAttr ".exrForceMultilayer" yes;\n'))
    assert picture_files(of_layer(combined)) == (PictureFile(), matte)


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ("", ["Z_key", "Z_rim", "Z"]),
        ('\tsetAttr ".globalAov" 0;\n', ["Z_key", "Z_rim"]),
        ('\tsetAttr ".globalAov" 2;\n', ["Z_key", "Z_rim", "Z_other", "Z"]),
        ('\tsetAttr ".aovType" -type "string" "Beauty";\n', ["Z_key", "Z_rim"]),
    ],
)
def test_redshifts_light_groups_have_files_of_their_own(
    scene: Scene, settings: str, names: list[str]
) -> None:
    listed = '\tsetAttr ".lightGroupList" -type "string" "key rim";\n'
    graph = scene(redshift("") + "select -ne rsAov_Z;\n" + listed + settings)
    assert shown(of_layer(graph)) == ["", *names, "Cryptomatte"]


def test_vrays_light_mix_leaves_two_files(scene: Scene) -> None:
    mix = (
        "select -ne vrayRE_Extra_Tex;\n"
        '\taddAttr -sn "vrayClassType" -ln "vrayClassType" -dt "string";\n'
        '\tsetAttr ".vrayClassType" -type "string" "LightMixElement";\n'
    )
    files = shown(of_layer(scene(vray("") + mix)))
    assert files == ["", "raw_diffuse", "Self_Illumination", "Environment"]


def vray(settings: str) -> str:
    return (
        f'createNode VRaySettingsNode -s -n "vraySettings";\n{settings}'
        'createNode VRayRenderElement -n "vrayRE_Diffuse";\n'
        '\tsetAttr ".vray_name_diffuse" -type "string" "raw diffuse";\n'
        'createNode VRayRenderElementSet -n "vrayRE_Sets";\n\tsetAttr ".enabled" no;\n'
        'createNode file -n "ns_wood";\n'
        'createNode VRayRenderElement -n "vrayRE_Extra_Tex";\n'
        '\taddAttr -sn "vn" -ln "vray_name_extratex" -dt "string";\n'
        '\taddAttr -sn "ve" -ln "vray_explicit_name_extratex" -dt "string";\n'
        '\tsetAttr ".vn" -type "string" "tex";\n'
        'connectAttr "ns_wood.oc" "vrayRE_Extra_Tex.vray_texture_extratex";\n'
        "select -ne :defaultRenderGlobals;\n"
        '\tsetAttr ".ren" -type "string" "vray";\n'
    )


def test_vray_elements_are_named_as_their_files(scene: Scene) -> None:
    graph = scene(vray(""))
    assert [(each.name, each.enabled) for each in read_aovs(graph)] == [
        ("raw_diffuse", True),
        ("vrayRE_Sets", False),
        ("tex_ns_wood", True),
    ]
    explicit = '\tsetAttr ".vn" -type "string" "tex";\n'
    named = explicit + '\tsetAttr ".ve" -type "string" "mask";\n'
    graph = scene(vray("").replace(explicit, named))
    assert read_aovs(graph)[-1].name == "mask"


def test_vrays_formats_that_hold_layers_hold_the_elements(scene: Scene) -> None:
    for word, names in [
        ("exr", ["", "raw_diffuse", "tex_ns_wood"]),
        ("exr (deep)", ["", "raw_diffuse", "tex_ns_wood"]),
        ("exr (multichannel)", [""]),
        ("vrimg", [""]),
    ]:
        graph = scene(vray(f'\tsetAttr ".imgfs" -type "string" "{word}";\n'))
        assert shown(of_layer(graph)) == names


def test_vray_may_put_each_element_into_a_folder(scene: Scene) -> None:
    graph = scene(
        vray(
            '\tsetAttr ".relements_separateFolders" yes;\n'
            '\tsetAttr ".relements_separateRGBA" yes;\n'
            '\tsetAttr ".separateAlpha" yes;\n'
            '\tsetAttr ".fileNameRenderElementSeparator" -type "string" "_";\n'
        )
    )
    prefix = "<BeautyPath>/<RenderPass>/<BeautyFile>_<RenderPass>"
    found = picture_files(of_layer(graph))
    assert [(each.aov, each.word, each.prefix) for each in found] == [
        ("", "rgba", prefix),
        ("Alpha", "Alpha", prefix),
        ("raw_diffuse", "raw_diffuse", prefix),
        ("tex_ns_wood", "tex_ns_wood", prefix),
    ]


def test_vray_without_colour_saves_its_elements_only(scene: Scene) -> None:
    graph = scene(vray('\tsetAttr ".dontSaveRgbChannel" yes;\n'))
    assert shown(of_layer(graph)) == ["raw_diffuse", "tex_ns_wood"]


def test_renderman_writes_the_displays_that_its_settings_list(shared: Path) -> None:
    graph = read_scene(shared / "scenes" / "08-renderman-2023.ma")
    assert picture_files(of_layer(graph)) == (
        PictureFile(word="beauty", extension="exr"),
    )


def test_renderman_writes_no_file_for_a_display_that_is_shown(scene: Scene) -> None:
    graph = scene(
        'createNode rmanGlobals -s -n "rmanGlobals";\n'
        'createNode rmanDisplay -n "mask";\ncreateNode rmanDisplay -n "it";\n'
        'createNode rmanDisplay -s -n "rmanDefaultDisplay";\n'
        'createNode rmanDisplay -n "off";\n\tsetAttr ".enable" no;\n'
        'createNode d_tiff -n "d_tiff1";\ncreateNode d_it -n "d_it1";\n'
        'connectAttr "mask.msg" "rmanGlobals.displays[0]";\n'
        'connectAttr "rmanDefaultDisplay.msg" "rmanGlobals.displays[1]";\n'
        'connectAttr "it.msg" "rmanGlobals.displays[2]";\n'
        'connectAttr "off.msg" "rmanGlobals.displays[3]";\n'
        'connectAttr "d_tiff1.msg" "mask.displayType";\n'
        'connectAttr "d_it1.msg" "it.displayType";\n'
        "select -ne :defaultRenderGlobals;\n"
        '\tsetAttr ".ren" -type "string" "renderman";\n'
    )
    assert picture_files(of_layer(graph)) == (
        PictureFile(word="beauty"),
        PictureFile("mask", "mask", extension="tif"),
    )


def test_a_renderer_without_aovs_writes_the_picture(scene: Scene) -> None:
    graph = scene('createNode aiAOV -n "aiAOV_Z";\n')
    assert shown(of_layer(graph)) == [""]
