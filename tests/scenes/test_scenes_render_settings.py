from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.layers import LayerContent, Override
from lrc_toolbox.scenes.output_sequences import FrameNaming, FrameSpan, ImageFormat
from lrc_toolbox.scenes.render_settings import (
    Settings,
    current_time,
    read_timeline,
    renderer_plugin,
    requires_plugin,
)
from lrc_toolbox.scenes.snapshot import Timeline

Scene = Callable[[str], SceneGraph]

GLOBALS = 'createNode transform -n "a";\nselect -ne :defaultRenderGlobals;\n'


def ascii_truth(shared: Path) -> list[tuple[SceneGraph, dict[str, Any]]]:
    """Every Maya ASCII file among the shared scenes, with what is known of it."""
    files = json.loads((shared / "scenes" / "TRUTH.json").read_text())["files"]
    return [
        (read_scene(shared / "scenes" / entry["file"]), entry["truth"])
        for entry in files
        if entry["file"].endswith(".ma")
    ]


def playback(script: str) -> str:
    return (
        'createNode script -n "sceneConfigurationScriptNode";\n'
        f'\tsetAttr ".b" -type "string" "{script}";\n'
    )


def test_settings_of_the_real_files_are_those_of_the_truth(shared: Path) -> None:
    for graph, truth in ascii_truth(shared):
        settings, known = Settings(graph, {}), truth["render_globals"]
        assert settings.renderer() == re.sub(r" \(.*", "", known["renderer"])
        assert settings.prefix() == (known["imageFilePrefix"] or "")
        assert settings.animation() == known["animation_on"]
        assert settings.frame_settings() == FrameSpan(
            known["startFrame"], known["endFrame"], known["byFrame"]
        )
        assert settings.resolution() == (known["width"], known["height"])
        assert settings.pixel_aspect() == 1.0
        assert settings.image_format().number == known["imageFormat(.outf)"]
        assert settings.image_format().key == (known["imfkey"] or "")
        assert settings.naming().padding == (known["extensionPadding"] or 1)
        assert settings.naming().before_extension == bool(known.get(".pff", 0))
        assert current_time(graph) == known["current_time"]


def test_time_sliders_of_the_real_files_are_those_of_the_truth(shared: Path) -> None:
    for graph, truth in ascii_truth(shared):
        known = truth["playbackOptions"]
        assert read_timeline(graph) == Timeline(
            known["min"], known["max"], known["ast"], known["aet"]
        )


def test_the_formats_of_the_real_files(shared: Path) -> None:
    found = [Settings(graph, {}).image_format() for graph, _ in ascii_truth(shared)]
    assert [each.extension for each in found] == [
        # 02 and 22 keep Maya's default; 03 is Redshift's 2, 08 RenderMan's d_openexr;
        # 13 says 3.
        *("exr", "iff", "png", "exr", "exr", "iff", "tif", "iff", "iff")
    ]


def test_a_plug_in_is_required_where_the_file_says_so(shared: Path) -> None:
    required = [
        requires_plugin(graph, Settings(graph, {}).renderer())
        for graph, _ in ascii_truth(shared)
    ]
    assert required == [True, False, True, True, True, False, False, True, False]


@pytest.mark.parametrize(
    ("renderer", "plugin"),
    [
        ("arnold", "mtoa"),
        ("redshift", "redshift4maya"),
        ("vray", "vrayformaya"),
        ("renderman", "RenderMan_for_Maya.py"),
        ("PBRT", "PBRTForMaya.py"),
        ("mayaSoftware", ""),
        ("mayaHardware2", ""),
        ("somebodysOwn", ""),
    ],
)
def test_each_renderer_needs_its_plug_in(renderer: str, plugin: str) -> None:
    assert renderer_plugin(renderer) == plugin


def test_numbers_names_and_extensions_follow_the_render_globals(scene: Scene) -> None:
    graph = scene(
        GLOBALS + '\tsetAttr ".outf" 32;\n\tsetAttr ".an" yes;\n\tsetAttr ".ep" 4;\n'
        '\tsetAttr ".pff" yes;\n\tsetAttr ".peie" 0;\n\tsetAttr ".ofc" 1;\n'
    )
    settings = Settings(graph, {})
    assert settings.image_format() == ImageFormat("PNG", "png", 32)
    assert settings.naming() == FrameNaming(4, "", True, False, True)


def test_frames_are_renumbered_where_the_settings_say_so(scene: Scene) -> None:
    numbers = '\tsetAttr ".se" 100;\n\tsetAttr ".be" 2;\n'
    on = Settings(scene(GLOBALS + '\tsetAttr ".me" yes;\n' + numbers), {}).naming()
    assert (on.first_number, on.number_step) == (100, 2)
    off = Settings(scene(GLOBALS + numbers), {}).naming()
    assert off.numbers(FrameSpan(5, 6)) == FrameSpan(5, 6)


def test_an_extension_of_ones_own_takes_the_place_of_the_formats(scene: Scene) -> None:
    graph = scene(
        GLOBALS + '\tsetAttr ".ofc" 2;\n\tsetAttr ".oft" -type "string" "pic";\n'
    )
    assert Settings(graph, {}).image_format().extension == "pic"


def test_a_huge_padding_does_not_make_huge_names(scene: Scene) -> None:
    graph = scene(GLOBALS + '\tsetAttr ".ep" 2000000000;\n')
    assert Settings(graph, {}).naming().padding == 32


def test_vray_keeps_its_own_prefix_format_and_size(scene: Scene) -> None:
    graph = scene(
        'createNode VRaySettingsNode -s -n "vraySettings";\n'
        '\tsetAttr ".wi" 512;\n\tsetAttr ".he" 256;\n\tsetAttr ".pxa" 2;\n'
        '\tsetAttr ".fnprx" -type "string" "<Layer>/x";\n'
        '\tsetAttr ".imgfs" -type "string" "exr (multichannel)";\n'
        + GLOBALS
        + '\tsetAttr ".ren" -type "string" "vray";\n'
        '\tsetAttr ".ifp" -type "string" "mayas";\n'
    )
    settings = Settings(graph, {})
    assert settings.prefix() == "<Layer>/x"
    assert settings.resolution() == (512, 256)
    assert settings.pixel_aspect() == 2
    assert settings.image_format().extension == "exr"
    assert settings.naming() == FrameNaming(4, numbered=False)


VRAY = (
    'createNode VRaySettingsNode -s -n "vraySettings";\n{settings}'
    + GLOBALS
    + '\tsetAttr ".ren" -type "string" "vray";\n'
)


def test_vray_says_itself_whether_it_animates(scene: Scene) -> None:
    maya_on = '\tsetAttr ".an" yes;\n'
    for own, maya, animated in [
        ('\tsetAttr ".animtp" 1;\n', "", True),
        ('\tsetAttr ".animtp" 2;\n', "", True),
        ('\tsetAttr ".animtp" 0;\n', maya_on, False),
        ("", maya_on, True),
        ("", "", False),
    ]:
        graph = scene(VRAY.format(settings=own) + maya)
        assert Settings(graph, {}).animation() is animated


@pytest.mark.parametrize(
    ("renderer", "kind", "listed"),
    [("vray", 2, True), ("vray", 1, False), ("arnold", 2, False)],
)
def test_specific_frames_of_vray_are_known_to_be_listed(
    scene: Scene, renderer: str, kind: int, listed: bool
) -> None:
    body = VRAY.format(settings=f'\tsetAttr ".animtp" {kind};\n')
    graph = scene(body.replace('"vray"', f'"{renderer}"'))
    assert Settings(graph, {}).frames_listed() is listed


def test_vrays_own_format_has_no_dot_before_the_number(scene: Scene) -> None:
    graph = scene(
        VRAY.format(
            settings='\tsetAttr ".imgfs" -type "string" "vrimg";\n'
            '\tsetAttr ".animtp" 1;\n\tsetAttr ".fileNamePadding" 3;\n'
        )
    )
    assert Settings(graph, {}).naming() == FrameNaming(3, separator="")


@pytest.mark.parametrize(
    ("number", "extension"),
    # Source: Royal Render's Maya submitter; 6 is no format that is known.
    [*enumerate(("iff", "exr", "png", "tga", "jpg", "tif")), (6, "exr")],
)
def test_redshifts_formats_count_its_own_way(
    scene: Scene, number: int, extension: str
) -> None:
    graph = scene(
        'createNode RedshiftOptions -s -n "redshiftOptions";\n'
        f'\tsetAttr ".imageFormat" {number};\n'
        + GLOBALS
        + '\tsetAttr ".ren" -type "string" "redshift";\n'
        '\tsetAttr ".outf" 51;\n\tsetAttr ".imfkey" -type "string" "exr";\n'
    )
    assert Settings(graph, {}).image_format().extension == extension


def test_plug_ins_write_what_they_always_do_before_they_made_their_nodes(
    scene: Scene,
) -> None:
    for renderer, extension in [
        ("arnold", "exr"),
        ("redshift", "exr"),
        ("vray", "png"),
    ]:
        graph = scene(GLOBALS + f'\tsetAttr ".ren" -type "string" "{renderer}";\n')
        assert Settings(graph, {}).image_format().extension == extension


@pytest.mark.parametrize(
    ("written", "prefix"),
    [
        ("(not set; using filename)", ""),
        (" (not set; using scene name) ", ""),
        ("shots/(not set; using scene name)", "shots/<Scene>"),
    ],
)
def test_placeholders_of_plug_ins_are_no_prefix(
    scene: Scene, written: str, prefix: str
) -> None:
    graph = scene(GLOBALS + f'\tsetAttr ".ifp" -type "string" "{written}";\n')
    assert Settings(graph, {}).prefix() == prefix


def test_the_time_slider_gives_the_frames_where_the_scene_says_so(scene: Scene) -> None:
    graph = scene(
        playback("playbackOptions -min -5 -max 24.5 -ast 0 ")
        + GLOBALS
        + '\tsetAttr ".an" yes;\n\tsetAttr ".ar" 1;\n\tsetAttr ".fs" 7;\n'
    )
    assert Settings(graph, {}).frames() == FrameSpan(-5, 24.5)
    assert read_timeline(graph) == Timeline(-5, 24.5, 0, 24.5)


@pytest.mark.parametrize(
    "script",
    [
        "",
        "playbackOptions",
        "playbackOptions -min x -max 3",
        "-min 1",
        "-min 1 -max 9e999",
    ],
)
def test_a_time_slider_of_garbage_is_none(scene: Scene, script: str) -> None:
    assert read_timeline(scene(playback(script))) is None


def test_a_layers_overrides_win_by_their_long_names(scene: Scene) -> None:
    graph = scene(
        'createNode VRaySettingsNode -s -n "vraySettings";\n\tsetAttr ".wi" 512;\n'
        + GLOBALS
        + '\tsetAttr ".ren" -type "string" "vray";\n\tsetAttr ".ep" 2;\n'
    )
    content, node = LayerContent(), graph.node("defaultRenderGlobals")
    vray = graph.node("vraySettings")
    assert node is not None
    assert vray is not None
    content.override(vray, "width", Override(value=64))
    assert Settings(graph, content.overrides).resolution() == (64, 540)
    content.override(node, "extensionPadding", Override(value=5))
    content.override(node, "currentRenderer", Override(value="mayaHardware2"))
    assert Settings(graph, content.overrides).naming().padding == 5
    assert Settings(graph, content.overrides).resolution() == (960, 540)
