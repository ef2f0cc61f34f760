"""Script nodes, and which of them run by themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.script_nodes import read_script_nodes

Scene = Callable[[str], SceneGraph]


def script(name: str, before: str, kind: int, after: str = "") -> str:
    return (
        f'createNode script -n "{name}";\n\tsetAttr ".b" -type "string" "{before}";\n'
        f'\tsetAttr ".a" -type "string" "{after}";\n\tsetAttr ".st" {kind};\n'
    )


def test_real_scenes_have_the_scripts_that_are_known_of_them(shared: Path) -> None:
    truth = json.loads((shared / "scenes/TRUTH.json").read_text(encoding="utf-8"))
    assert len(truth["files"]) == 12
    for each in truth["files"]:
        found = read_script_nodes(read_scene(shared / "scenes" / each["file"]))
        told = [
            {
                "name": node.name,
                "scriptType": node.type,
                "before_len": node.before,
                "after_len": node.after,
                "sourceType": node.language,
            }
            for node in found
        ]
        assert told == each["truth"]["script_nodes"], each["file"]
        assert not any(node.malware or node.warning for node in found), each["file"]


@pytest.mark.parametrize("kind", [1, 4, 5, 6, 7])
def test_batch_render_runs_it(scene: Scene, kind: int) -> None:
    (found,) = read_script_nodes(scene(script("a", "print 1;", kind)))
    assert (found.type, found.runs) == (kind, True)


@pytest.mark.parametrize("kind", [0, 2, 3])
def test_batch_render_leaves_demand_and_gui_scripts_alone(
    scene: Scene, kind: int
) -> None:
    (found,) = read_script_nodes(scene(script("a", "print 1;", kind)))
    assert not found.runs


def test_empty_script_does_not_run(scene: Scene) -> None:
    (found,) = read_script_nodes(scene(script("a", "", 1)))
    assert not found.runs


def test_script_at_closing_runs_too(scene: Scene) -> None:
    (found,) = read_script_nodes(scene(script("a", "", 1, after="print 2;")))
    assert (found.before, found.after, found.runs) == (0, 8, True)


def test_python_is_told_from_mel(scene: Scene) -> None:
    (found,) = read_script_nodes(scene(script("a", "x", 1) + '\tsetAttr ".stp" 1;\n'))
    assert found.language == "python"


def test_infected_expression_is_listed_and_others_are_not(scene: Scene) -> None:
    body = "".join(
        f'createNode expression -n "{name}";\n'
        f'\tsetAttr ".ixp" -type "string" "{text}";\n'
        for name, text in (("fine", "tx = time"), ("ill", "leukocyte"))
    )
    (found,) = read_script_nodes(scene(body))
    assert found.name == "ill"
    assert found.malware
    assert found.runs


def test_code_in_the_notes_of_a_script_node_is_judged(scene: Scene) -> None:
    body = script("ui", "x", 1) + '\tsetAttr ".nts" -type "string" "syssztA";\n'
    (found,) = read_script_nodes(scene(body))
    assert found.malware == "uifiguration"
