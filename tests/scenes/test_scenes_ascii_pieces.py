from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes import ascii_pieces
from lrc_toolbox.scenes.graph import read_scene

WriteScene = Callable[[str], Path]

# Maya writes only attributes where `%s` stands. The last piece of a file is always cut
# with care, so another one follows.
NODE = (
    'createNode transform -n "first";\n\tsetAttr ".v" no;%s\n'
    'createNode mesh -n "last";\n'
)


@pytest.mark.parametrize(
    "between", ["", " ", "\n\t", "\r\n ", "\n\n\t", "; ;\n\t", "\n\t// why\n\t", "/**/"]
)
def test_a_node_is_created_wherever_a_statement_may_begin(
    write_scene: WriteScene, between: str
) -> None:
    hidden = f'{between}createNode camera -n "hidden";\n\tsetAttr ".fl" 50;'
    graph = read_scene(write_scene(NODE % hidden))
    assert dict(graph.counts) == {"transform": 1, "camera": 1, "mesh": 1}
    assert graph.nodes[1].number("fl") == 50.0


@pytest.mark.parametrize(
    ("statement", "fed"),
    [
        ('connectAttr "first.tx" "other.tx";', True),
        ('connectAttr\t"first.tx"\t"other.tx";', True),
        ('// connectAttr "first.tx" "other.tx";', False),
    ],
)
@pytest.mark.parametrize("before", [" ", "\n\t", "\n\n"])
def test_a_connection_counts_behind_an_attribute(
    write_scene: WriteScene, statement: str, fed: bool, before: str
) -> None:
    other = 'createNode transform -n "other";\n'
    graph = read_scene(write_scene(other + NODE % (before + statement)))
    node = graph.node("other")
    assert node is not None
    assert (graph.source(node, "tx") is not None) == fed
    assert graph.connections == fed


@pytest.mark.parametrize(
    "statement", ['select -ne "other";\n\tsetAttr ".tx" 7;', 'setAttr "other.tx" 7;']
)
def test_a_value_goes_to_the_node_that_is_selected_or_named(
    write_scene: WriteScene, statement: str
) -> None:
    other = 'createNode transform -n "other";\n'
    graph = read_scene(write_scene(other + NODE % f"\n\t{statement}"))
    values = {node.name: node.number("tx") for node in graph.of_type("transform")}
    assert values == {"other": 7.0, "first": 0.0}


@pytest.mark.parametrize(
    "text",
    [
        '\n\tsetAttr ".nts" -type "string" ";\ncreateNode mesh -n \\"no\\";\n";',
        '\n\tsetAttr ".nts" -type "string" ("\\\\"\n+";\ncreateNode mesh;\n");',
        '\n\tsetAttr ".tx" /* ;\ncreateNode mesh -n "no";\n */ 1;',
        '\n\t/* ;\ncreateNode mesh -n "no";\n */',
    ],
)
@pytest.mark.parametrize("window", [31, 1 << 20])
def test_strings_and_comments_over_several_lines_create_nothing(
    write_scene: WriteScene,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    window: int,
) -> None:
    monkeypatch.setattr(ascii_pieces, "_WINDOW", window)
    graph = read_scene(write_scene(NODE % text))
    assert dict(graph.counts) == {"transform": 1, "mesh": 1}


def test_blanks_and_semicolons_without_end_are_passed_over(
    write_scene: WriteScene,
) -> None:
    for filling in (";" * 300_000, "; " * 200_000, " " * 300_000, "\n" * 300_000):
        graph = read_scene(write_scene(NODE % filling))
        assert graph.nodes[0].flag("v") is False


@pytest.mark.parametrize(
    "statement",
    ["currentUnit -l meter;", 'requires "stereo" "1";', "fileInfo a b;"],
)
def test_what_says_something_about_the_scene_is_heard_inside_a_node(
    write_scene: WriteScene, statement: str
) -> None:
    graph = read_scene(write_scene(NODE % f"\n\t{statement}"))
    said = (graph.linear_unit, [each.name for each in graph.plugins], graph.info)
    assert said != ("cm", [], {})
