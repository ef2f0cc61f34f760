"""Scripts of the render settings, which batch renders run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.inspection import inspect
from lrc_toolbox.scenes.render_scripts import read_render_scripts
from lrc_toolbox.scenes.snapshot import RenderScript
from tests.scenes.render_setups import MANAGER, chain, collection, override, setup_layer

Scene = Callable[[str], SceneGraph]
Write = Callable[[str], Path]

GLOBALS = 'createNode camera -n "cam";\nselect -ne :defaultRenderGlobals;\n'


def text(attr: str, code: str) -> str:
    return f'\tsetAttr ".{attr}" -type "string" "{code}";\n'


def scripts(graph: SceneGraph) -> list[RenderScript]:
    return list(read_render_scripts(graph, {}))


def test_real_scenes_have_none_though_one_stores_the_empty_fields(
    shared: Path,
) -> None:
    truth = json.loads((shared / "scenes/TRUTH.json").read_text(encoding="utf-8"))
    for each in truth["files"]:
        assert scripts(read_scene(shared / "scenes" / each["file"])) == []


@pytest.mark.parametrize(
    ("stored", "attribute"),
    [
        ("pram", "preMel"),
        ("poam", "postMel"),
        ("prlm", "preRenderLayerMel"),
        ("polm", "postRenderLayerMel"),
        ("prm", "preRenderMel"),
        ("pom", "postRenderMel"),
        ("pfrm", "preFurRenderMel"),
        ("pfom", "postFurRenderMel"),
        ("preMel", "preMel"),
    ],
)
def test_each_field_of_maya_is_read_by_its_short_or_long_name(
    scene: Scene, stored: str, attribute: str
) -> None:
    (found,) = scripts(scene(GLOBALS + text(stored, "  hello;\\nworld;")))
    assert found == RenderScript(
        "defaultRenderGlobals", attribute, "", "", "mel", 15, "hello;"
    )


@pytest.mark.parametrize(
    ("node", "attr", "renderer", "language"),
    [
        ("RedshiftOptions redshiftOptions", "preRenderMel", "redshift", "mel"),
        ("RedshiftOptions redshiftOptions", "postRenderFrameMel", "redshift", "mel"),
        ("VRaySettingsNode vraySettings", "ptp", "vray", "python"),
        ("VRaySettingsNode vraySettings", "preKeyframeMel", "vray", "mel"),
        ("aiOptions defaultArnoldRenderOptions", "post_translation", "arnold", "mel"),
    ],
)
def test_renderers_hold_scripts_of_their_own(
    scene: Scene, node: str, attr: str, renderer: str, language: str
) -> None:
    kind, name = node.split()
    created = f'createNode {kind} -s -n "{name}";\n'
    (found,) = scripts(scene(created + text(attr, "go")))
    assert (found.node, found.renderer, found.language) == (name, renderer, language)


def test_blank_fields_and_fields_of_other_nodes_are_no_scripts(scene: Scene) -> None:
    other = 'createNode transform -n "a";\n' + text("preMel", "go")
    assert scripts(scene(GLOBALS + text("pram", " \\n") + other)) == []


def test_the_first_line_that_is_not_blank_is_shown_and_not_all_of_it(
    scene: Scene,
) -> None:
    (found,) = scripts(scene(GLOBALS + text("pram", "\\n\\n" + "x" * 5000)))
    assert found.begins == "x" * 200
    assert found.length == 5002


def test_malware_and_doubt_are_judged_as_in_script_nodes(write_scene: Write) -> None:
    body = text("pram", "leukocyte") + text("poam", 'system(\\"ls\\")')
    found = inspect(write_scene(GLOBALS + body))
    ill, odd = found.snapshot.render_scripts
    assert (ill.malware, odd.malware) == ("vaccine (leukocyte)", "")
    told = {each.code: each for each in found.findings}
    assert told["malware"].where == "defaultRenderGlobals.preMel"
    assert told["script_doubtful"].message == (
        'Script "defaultRenderGlobals.postMel" is doubtful: it starts programs.'
    )
    assert "Render Settings" in told["script_doubtful"].remedy
    # What is told already is not told again.
    assert "render_script_runs" not in told


def test_what_runs_is_told_with_its_field_and_its_code(write_scene: Write) -> None:
    body = "".join(
        text(attr, f"do_{attr}") for attr in ("pram", "poam", "prlm", "polm")
    )
    told = [
        each
        for each in inspect(write_scene(GLOBALS + body)).findings
        if each.code == "render_script_runs"
    ]
    assert [each.message for each in told] == [
        "A batch render runs scripts of the render settings: "
        'defaultRenderGlobals.preMel begins with "do_pram"; '
        'defaultRenderGlobals.postMel begins with "do_poam"; '
        'defaultRenderGlobals.preRenderLayerMel begins with "do_prlm"; and 1 more.'
    ]


@pytest.mark.parametrize(("renderer", "told"), [("redshift", True), ("arnold", False)])
def test_a_script_of_a_renderer_runs_only_where_that_is_used(
    write_scene: Write, renderer: str, told: bool
) -> None:
    options = 'createNode RedshiftOptions -s -n "redshiftOptions";\n'
    body = text("ren", renderer) + options + text("preRenderMel", "go")
    found = inspect(write_scene(GLOBALS + body))
    codes = [each.code for each in found.findings]
    assert len(found.snapshot.render_scripts) == 1
    assert ("render_script_runs" in codes) == told


def overriding(code: str) -> str:
    """A layer that puts another script in the scene's place."""
    value = '\taddAttr -ci true -sn "atv" -ln "attrValue" -dt "string";\n'
    return (
        MANAGER
        + collection("all", '".pat" -type "string" "*"')
        + override(
            "melOverride",
            "preMel",
            '".tgName" -type "string" "defaultRenderGlobals"',
            kind="absUniqueOverride",
        )
        + value
        + text("atv", code)
        + chain("all", "melOverride")
        + setup_layer("beauty", 1, "all")
        + GLOBALS
        + text("pram", "own")
    )


def test_a_layers_script_counts_beside_the_scenes(write_scene: Write) -> None:
    found = inspect(write_scene(overriding("leukocyte")))
    names = [each.name for each in found.snapshot.render_scripts]
    assert names == [
        "defaultRenderGlobals.preMel",
        "defaultRenderGlobals.preMel (beauty)",
    ]
    assert any(
        each.code == "malware" and "(beauty)" in each.where for each in found.findings
    )


def test_a_layer_that_is_off_runs_nothing(write_scene: Write) -> None:
    body = overriding("other").replace(
        'createNode renderLayer -n "rs_beauty";\n',
        'createNode renderLayer -n "rs_beauty";\n\tsetAttr ".rndr" no;\n',
    )
    (told,) = (
        each
        for each in inspect(write_scene(body)).findings
        if each.code == "render_script_runs"
    )
    assert '"own"' in told.message
    assert "other" not in told.message
