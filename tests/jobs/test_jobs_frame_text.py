"""Frames as people type them, and what they are told about typing errors."""

from __future__ import annotations

import pytest
from fileseq import FrameSet
from hypothesis import given, settings
from hypothesis import strategies as st

from lrc_toolbox.jobs.frames import FrameRange, FrameRangeError

numbers = st.integers(-60, 60)
parts = st.one_of(
    numbers.map(str),
    st.builds("{}-{}".format, numbers, numbers),
    st.builds(
        "{}-{}{}{}".format, numbers, numbers, st.sampled_from("xy"), st.integers(1, 9)
    ),
)


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("1001-1100", list(range(1001, 1101))),
        ("1,5,10-12", [1, 5, 10, 11, 12]),
        ("0001-0003", [1, 2, 3]),
        ("-5--3", [-5, -4, -3]),
        ("-2-2x2", [-2, 0, 2]),
        ("3-1", [1, 2, 3]),
        ("3,1,2,3,2-3", [1, 2, 3]),
        (" 1 - 3 , 7 ", [1, 2, 3, 7]),
        ("1..3", [1, 2, 3]),
        ("-3..-1", [-3, -2, -1]),
        ("1-7X3", [1, 4, 7]),
        ("1 - 7 x 3", [1, 4, 7]),
    ],
)
def test_frames_are_read_as_people_write_them(text: str, frames: list[int]) -> None:
    assert list(FrameRange.parse(text)) == frames


@pytest.mark.parametrize(
    ("text", "kept", "plain"),
    [
        ("1-10x5", [1, 6, 10], [1, 6]),
        ("10-1x4", [1, 2, 6, 10], [2, 6, 10]),
        ("-10--1x4", [-10, -6, -2, -1], [-10, -6, -2]),
        ("1-5x100", [1, 5], [1]),
        ("1-6y2", [2, 4], [2, 4, 6]),
    ],
)
def test_a_step_takes_in_both_ends_unless_told_not_to(
    text: str, kept: list[int], plain: list[int]
) -> None:
    assert list(FrameRange.parse(text)) == kept
    assert list(FrameRange.parse(text, keep_ends=False)) == plain


@settings(deadline=None, max_examples=300)
@given(st.lists(parts, min_size=1, max_size=4).map(",".join))
def test_without_kept_ends_every_text_means_what_fileseq_says(text: str) -> None:
    expected = sorted(FrameSet(text))
    if expected:
        assert list(FrameRange.parse(text, keep_ends=False)) == expected
    else:
        with pytest.raises(FrameRangeError, match="leaves no frame"):
            FrameRange.parse(text, keep_ends=False)


@settings(deadline=None, max_examples=200)
@given(st.integers(-60, 60), st.integers(0, 80), st.integers(2, 9))
def test_a_step_and_all_but_the_step_make_up_the_whole_range(
    start: int, length: int, step: int
) -> None:
    span = f"{start}-{start + length + 2}"
    stepped = FrameRange.parse(f"{span}x{step}")
    others = FrameRange.parse(f"{span}y{step}")
    assert not stepped & others
    assert stepped | others == FrameRange.parse(span)


@pytest.mark.parametrize(
    ("text", "position", "problem", "suggestion"),
    [
        ("", 0, "no frames are given", "1-10"),
        ("  ", 0, "no frames are given", "1-10"),
        ("10-", 3, "range needs an end", "10-20"),
        ("1001-1010, -7 - ,3", 15, "range needs an end", "1001-1010,-7-3,3"),
        ("1..", 3, "range needs an end", "1-11"),
        ("x5", 0, "range needs a start", "1-10"),
        ("abc", 0, '"a" has no meaning in frames', "1-10"),
        ("1-10,last", 5, '"l" has no meaning in frames', "1-10"),
        ("1-10x0", 5, "a step of 0 leads nowhere", "1-10"),
        ("1-10x", 5, "step needs a number", "1-10x2"),
        ("10x2", 2, "a step needs a range before it", "10-20x2"),
        ("1-10-20", 4, "a range has one start and one end", "1-20"),
        ("1.5", 1, "frames are whole numbers", "1"),
        ("1-10x0.5", 6, "frames are whole numbers", "1-10"),
        ("1 5", 1, "a comma is missing between two numbers", "1,5"),
        ("1,,2", 2, "a comma has nothing on one side", "1,2"),
        (",1", 0, "a comma has nothing on one side", "1"),
        ("1,", 1, "a comma has nothing on one side", "1"),
        (",", 0, "a comma has nothing on one side", "1-10"),
        ("1\u201310", 1, '"\u2013" is a dash and no hyphen', "1-10"),
        ("1;5", 1, "parts have a comma between them", "1,5"),
        ("1-10:3", 4, "staggered order is asked for with", "1-10"),
        ("5,1234567890", 2, "more than 9 digits", "5"),
        ("1 - - 1234567890", 6, "more than 9 digits", "1-10"),
        ("7,1-999999999y3", 2, "999,999,999 frames are more than 10,000,000", "7"),
        ("1-9999999,5-9999999x2", 0, "14,999,997 frames are more than", "1-10"),
        ("1-99999999", 0, "99,999,999 frames are more than 10,000,000", "1-10"),
        ("1y1", 1, "a step needs a range before it", "1-10"),
        ("1y2", 1, "a step needs a range before it", "1-11y2"),
        ("1-1y1", 0, "this leaves no frame", "1-10"),
        ("3,1" + " " * 200 + "5", 2, "too long for a frame or a range", "3"),
        ("3," + "0" * 200 + "5", 2, "too long for a frame or a range", "3"),
        (" " * 200 + "5" + " " * 200 + ",-", 402, "no frame and no range", "5"),
        ("--", 0, "this is no frame and no range", "1-10"),
    ],
)
def test_bad_text_is_told_where_what_and_what_instead(
    text: str, position: int, problem: str, suggestion: str
) -> None:
    with pytest.raises(FrameRangeError) as refused:
        FrameRange.parse(text)
    error = refused.value
    assert (error.text, error.position) == (text, position)
    assert problem in error.problem
    assert error.suggestion == suggestion
    assert f"at character {position + 1}" in str(error)
    assert f'"{suggestion}"' in error.remedy


@settings(deadline=None, max_examples=500)
@given(st.text("0123456789-,xy:. ;a\u2013", max_size=14))
def test_any_text_is_read_or_refused_with_a_suggestion_that_reads(text: str) -> None:
    read = frames_or_refusal(text)
    if isinstance(read, FrameRangeError):
        assert 0 <= read.position <= len(text)
        assert FrameRange.parse(read.suggestion)
    else:
        assert FrameRange.parse(str(read)) == read


def test_a_long_text_is_shown_by_its_beginning_only() -> None:
    with pytest.raises(FrameRangeError) as refused:
        FrameRange.parse("1," * 100_000)
    assert len(str(refused.value)) < 300


def frames_or_refusal(text: str) -> FrameRange | FrameRangeError:
    try:
        return FrameRange.parse(text)
    except FrameRangeError as error:
        return error
