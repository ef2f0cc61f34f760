from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from fuzzing.damaged_scenes import SMALL
from fuzzing.reading_child import outcome
from fuzzing.watching import watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrc_toolbox.scenes import ascii_pieces
from lrc_toolbox.scenes.graph import read_scene
from tests.scenes import mel_reference

KINDS = sorted(SMALL)
# What a child may need at most: the limits are for hangs and floods, not for speed.
watched = partial(watch, limit_s=120.0, memory_mib=768)


@pytest.mark.parametrize("kind", KINDS)
def test_the_small_scenes_are_sound_before_they_are_damaged(
    kind: str, tmp_path: Path
) -> None:
    path = tmp_path / f"small.{kind[:2]}"
    path.write_bytes(SMALL[kind]())
    assert outcome(path) == ("whole", "")
    assert read_scene(path).counts["mesh"] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_off_at_any_byte_ends_in_a_place_or_a_part(kind: str) -> None:
    size = len(SMALL[kind]())
    verdict = watched(("truncated", kind, "0", str(size)))
    assert not verdict.wrong
    assert sum(verdict.ends.values()) == size


@pytest.mark.parametrize("kind", KINDS)
def test_flipped_bits_end_in_a_place_or_a_part(kind: str) -> None:
    verdict = watched(("flipped", kind, "0", "300"))
    assert not verdict.wrong
    assert sum(verdict.ends.values()) == 300


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_that_lie_are_not_believed(kind: str) -> None:
    assert not watched(("lying", kind, "0", "200")).wrong


@pytest.mark.parametrize("nest", ["{", "(", "/*", "mb4", "mb8"])
def test_a_nest_a_million_deep_needs_no_stack(nest: str) -> None:
    assert not watched(("nest", nest, "1000000")).wrong


def test_parents_twenty_thousand_deep_need_no_stack() -> None:
    assert not watched(("nest", "parents", "20000")).wrong


@pytest.mark.parametrize("kind", ["numbers", "string", "endless", "mb8"])
def test_one_huge_statement_does_not_fill_the_memory(kind: str) -> None:
    # The limit is the interpreter's own need and little more than the statement.
    verdict = watch(("single", kind, "20000000"), limit_s=120, memory_mib=400)
    assert not verdict.wrong
    assert sum(verdict.ends.values()) == 1


# What may stand between statements; all of it looks like statements to a careless eye.
GAPS = st.sampled_from(
    [
        "\n",
        "\n\t",
        " ",
        "",
        "\n\n",
        ";",
        '\n// it\'s a comment; createNode mesh -n "x";\n',
        '\n/* createNode mesh -n "x";\ncreateNode mesh -n "y"; */\n',
        "\n//\n",
        " /**/ ",
        '\n// an odd " quote\n',
    ]
)
# Between the words of one statement.
BLANKS = st.sampled_from([" ", " ", " ", "  ", "\t", "\n\t\t", "\n", " /* ; */ "])
# 表 and 乗 end with a backslash in CP932 and GBK, ポ ends with a bar in CP932.
TEXTS = st.lists(
    st.sampled_from(
        [
            *("a", "b c", ";", ";\n", '\\"', "\\\\", "\\n", "\n", "//", "/*", "*/"),
            *("表", "ポ", "ソ", "\n\t", "'", "(", ")", "+", "-n", "\\t"),
            '\ncreateNode mesh -n \\"z\\";\n',
            ";\ncreateNode mesh;\n",
            ';\nselect -ne :time1;\n\tsetAttr \\".o\\" 5;\n',
            ";\n\tsetAttr .x 1;",
            '\nconnectAttr \\"a.p\\" \\"b.p\\";\n',
            ';\nconnectAttr \\"a.p\\" \\"b.p\\";\nconnectAttr \\"c.p\\" \\"b.p\\";',
        ]
    ),
    max_size=4,
).map("".join)
NAMES = st.sampled_from(["a", "b", "c", "d1", "ns:e", "表ポ", "ソ"])
ATTRS = st.sampled_from(["p", "q", "r[0]", "表"])
NUMBERS = st.sampled_from(["1", "-2.5", "1e-05", "yes", "nan"])


@st.composite
def values(draw: st.DrawFn) -> list[str]:
    if draw(st.booleans()):
        return [draw(NUMBERS)]
    text = draw(TEXTS)
    if draw(st.integers(0, 4)):
        return ["-type", '"string"', f'"{text}"']
    return ["-type", '"string"', f'( "{text}"', "+", f'"{draw(TEXTS)}" )']


@st.composite
def statement(draw: st.DrawFn) -> str:
    kind = draw(st.integers(0, 9))
    if kind <= 3:
        words = ["createNode", draw(st.sampled_from(["transform", "mesh", "camera"]))]
        words += ["-s"] if draw(st.integers(0, 5)) == 0 else []
        words += ["-n", f'"{draw(NAMES)}"']
        words += ["-p", f'"{draw(NAMES)}"'] if draw(st.integers(0, 3)) == 0 else []
    elif kind <= 7:
        owner = draw(NAMES) if draw(st.integers(0, 7)) == 0 else ""
        flags = draw(st.sampled_from([[], [], ["-k", "off"], ["-s", "4", "-av"]]))
        words = ["setAttr", *flags, f'"{owner}.{draw(ATTRS)}"', *draw(values())]
    elif kind == 8:
        words = ["select", "-ne", draw(st.sampled_from([":time1", ":lambert1"]))]
    else:
        ends = (f'"{draw(NAMES)}.{draw(ATTRS)}"', f'"{draw(NAMES)}.{draw(ATTRS)}"')
        words = ["connectAttr", *ends]
        words += ["-na"] if draw(st.booleans()) else []
    regular = draw(st.integers(0, 2)) > 0
    blanks = [" " if regular else draw(BLANKS) for _ in words[1:]]
    end = "" if regular else draw(st.sampled_from(["", " ", "\n"]))
    return words[0] + "".join(map("".join, zip(blanks, words[1:], strict=True))) + end


@st.composite
def scenes(draw: st.DrawFn) -> tuple[str, str, bool]:
    """A scene's text, its codeset, and whether its lines end as on Windows."""
    codeset = draw(st.sampled_from(["932", "936", "UTF-8"]))
    text = f"//Maya ASCII 2025 scene\n//Codeset: {codeset}\n"
    text += 'requires maya "2025";\n' if draw(st.booleans()) else ""
    text += 'createNode transform -n "first";'
    said = draw(st.lists(statement(), max_size=8))
    if draw(st.booleans()):
        # Connections come last, as Maya writes them.
        said.sort(key=lambda each: each.startswith("connectAttr"))
    for each in said:
        gap = "\n" if draw(st.booleans()) else draw(GAPS)
        text += f"{gap}{each};"
    text += draw(st.sampled_from(["", "\n", "\n// End of x.ma\n", " // \n", "\n//"]))
    return text, codeset, draw(st.booleans())


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(scenes(), st.sampled_from([17, 40, 97, 200, 1 << 20]))
def test_the_fast_reader_sees_what_a_slow_one_sees(
    tmp_path: Path, scene: tuple[str, str, bool], window: int
) -> None:
    text, codeset, crlf = scene
    if crlf:
        text = text.replace("\n", "\r\n")
    codec = f"cp{codeset}" if codeset.isdigit() else codeset
    path = tmp_path / "scene.ma"
    path.write_bytes(text.encode(codec))
    with pytest.MonkeyPatch.context() as patch:
        # Small windows, so that small scenes lie across their borders.
        patch.setattr(ascii_pieces, "_WINDOW", window)
        assert_same(path, mel_reference.read(text))


def assert_same(path: Path, expected: mel_reference.ReferenceScene) -> None:
    graph = read_scene(path)
    created = [node for node in graph.nodes if node.name not in DEFAULTS]
    assert [(node.type, node.name) for node in created] == [
        (kind, name) for kind, name, _ in expected.nodes
    ]
    assert sum(graph.counts.values()) == len(expected.nodes)
    assert graph.connections == len(expected.connections)
    names = [name for _, name, _ in expected.nodes]
    # A parent that is no node yet is one of another file, by the same name.
    names += [
        parent
        for place, (_, _, parent) in enumerate(expected.nodes)
        if parent not in names[:place]
    ]
    for name, stored in expected.values.items():
        # Of nodes with one name, which of them a bare name means is Maya's matter.
        node = graph.node(name)
        if names.count(name) > 1 or node is None:
            continue
        found = {attr: shown(node.get(attr)) for attr in stored}
        assert found == {attr: shown_word(text) for attr, text in stored.items()}


DEFAULTS = {
    *("time1", "defaultRenderGlobals", "defaultResolution", "lambert1"),
    *("initialShadingGroup", "defaultRenderLayer"),
}


def shown(value: object) -> str:
    """A value so that it compares with what stands in the text."""
    if isinstance(value, bool):
        return "1.0" if value else "0.0"
    return str(float(value)) if isinstance(value, int | float) else str(value)


def shown_word(text: str) -> str:
    try:
        return str(float({"yes": "1"}.get(text, text)))
    except ValueError:
        return text
