from __future__ import annotations

import pytest

from lrc_toolbox.scenes.attributes import children, parent_of, short_name
from lrc_toolbox.scenes.defaults import default_value


@pytest.mark.parametrize(
    ("kind", "long", "short"),
    [
        ("transform", "translateX", "tx"),
        ("mesh", "instObjGroups[0].objectGroups[1]", "iog[0].og[1]"),
        ("lambert", "color", "c"),
        ("pointLight", "color", "cl"),
        ("polySphere", "output", "out"),
        ("animCurveTL", "output", "o"),
        ("resolution", "width", "w"),
        ("renderLayer", "renderable", "rndr"),
        ("camera", "renderable", "rnd"),
        ("aiStandardSurface", "baseColor", "base_color"),
        ("aiAOV", "enabled", "aoven"),
        ("aiAOVDriver", "mergeAOVs", "merge_AOVs"),
        ("VRaySettingsNode", "pixelAspect", "pxa"),
        ("anything", "someOwnName", "someOwnName"),
        ("transform", "t", "t"),
    ],
)
def test_long_names_have_the_short_form_of_their_node(
    kind: str, long: str, short: str
) -> None:
    assert short_name(kind, long) == short


def test_compounds_know_their_children_and_children_their_compound() -> None:
    assert children("transform", "t") == ("tx", "ty", "tz")
    assert children("lambert", "c") == ("cr", "cg", "cb")
    assert children("phong", "sc") == ("sr", "sg", "sb")
    assert children("camera", "cap") == ("hfa", "vfa")
    assert parent_of("transform", "rptz") == ("rpt", 2)
    assert parent_of("lambert", "ig") == ("ic", 1)
    assert parent_of("pointLight", "cb") == ("cl", 2)
    assert parent_of("transform", "ro") is None


def test_defaults_are_those_of_the_nodes_type() -> None:
    assert default_value("camera", "fl") == 35.0
    assert default_value("spotLight", "ca") == 40.0
    assert default_value("renderGlobals", "ren") == "mayaSoftware"
    assert default_value("nurbsSurface", "v") is True
    assert default_value("lambert", "nothing") is None
