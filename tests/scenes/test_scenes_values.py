from __future__ import annotations

import math

import pytest

from lrc_toolbox.scenes.values import (
    Piece,
    Value,
    read_dynamic,
    read_numbers,
    read_piece,
    read_value,
    split_index,
)


def piece(text: str) -> tuple[str, int, int, str, str]:
    """Attribute, first, last, type and value text of a `setAttr` statement."""
    found = read_piece(text, 0, len(text))
    assert isinstance(found, Piece)
    rest = text[found.start : found.end]
    return found.attr, found.first, found.last, found.kind, rest.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (' ".t" -type "double3" 1 2 3 ', ("t", -1, -1, "double3", "1 2 3")),
        (' -av -k on ".rx" 5', ("rx", -1, -1, "", "5")),
        (' -k off ".v"', ("v", -1, -1, "", "")),
        (' -l on -k on ".tx" -12.5', ("tx", -1, -1, "", "-12.5")),
        (' -s 25 ".ktv[0:24]"  1 5', ("ktv", 0, 24, "", "1 5")),
        (' ".pt[7]" -type "float3" 0 1 0', ("pt", 7, 7, "float3", "0 1 0")),
        (
            ' ".uvst[0].uvsp[0:3]" -type "float2" 0 0',
            ("uvst[0].uvsp", 0, 3, "float2", "0 0"),
        ),
        (' ".adjs[0].val" 0', ("adjs[0].val", -1, -1, "", "0")),
        (' "other.t" -type "double3" 0 0 0', ("t", -1, -1, "double3", "0 0 0")),
        (
            ' -s 4 -ch 14 ".fc[0:5]" -type "polyFaces" \n\tf 4 0 1',
            ("fc", 0, 5, "polyFaces", "f 4 0 1"),
        ),
    ],
)
def test_flags_name_range_and_type_are_told_from_the_values(
    text: str, expected: tuple[str, int, int, str, str]
) -> None:
    assert piece(text) == expected


def test_a_statement_without_a_name_is_nothing() -> None:
    assert read_piece(" -k on", 0, 6) is None
    assert read_piece(' "no dot" 5', 0, 11) is None


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("yes", "", True),
        ("off", "", False),
        ("5", "", 5),
        ("-2.5e-3", "", -0.0025),
        ("", "", None),
        (" 1 2 3 ", "double3", (1.0, 2.0, 3.0)),
        ('"plain"', "string", "plain"),
        (r'"a\tb\n\"c\"\\d"', "string", 'a\tb\n"c"\\d'),
        ('(\n"one "\n + "two" )', "string", "one two"),
        ('""', "string", ""),
        ('2 "f[0:5]" "f[9]"', "componentList", ("f[0:5]", "f[9]")),
        ('2 "a b" "c"', "stringArray", ("a b", "c")),
        ("0", "stringArray", ()),
        ("3 7 8 9", "Int32Array", (7.0, 8.0, 9.0)),
        (" 0 1 1", "", (0.0, 1.0, 1.0)),
        ("1 2 // note\n 3", "", (1.0, 2.0, 3.0)),
    ],
)
def test_values_read_as_what_they_are(text: str, kind: str, expected: Value) -> None:
    value = read_value(text, kind)
    assert value == expected
    assert type(value) is type(expected)


def test_numbers_of_broken_exports_read_as_what_they_mean() -> None:
    found = read_numbers("1 nan inf -1.#IND 1.#INF -1.#INF yes rubbish")
    assert found[0] == 1.0
    assert [math.isnan(number) for number in found] == [
        *(False, True, False, True, False, False, False, True)
    ]
    assert list(found[4:7]) == [math.inf, -math.inf, 1.0]


def test_indices_that_no_array_has_are_left_as_text() -> None:
    assert split_index("pt[3:8]") == ("pt", 3, 8)
    assert split_index("pt[99999999999999999999]") == (
        *("pt[99999999999999999999]", -1, -1),
    )


def test_added_attributes_know_their_names_and_default() -> None:
    added = read_dynamic(' -ci true -sn "w0" -ln "ballW0" -dv 1 -at "double"')
    assert added == ("w0", "ballW0", 1.0)
    text = read_dynamic(' -ci true -sn "atv" -ln "attrValue" -dt "string"')
    assert text == ("atv", "attrValue", None)
    assert read_dynamic(' -ln "only" -at "long"') == ("only", "only", 0.0)
    assert read_dynamic(" -ci true") is None
