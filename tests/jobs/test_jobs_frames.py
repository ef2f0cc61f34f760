"""Frame ranges behave as sets of whole numbers and cost what their runs cost."""

from __future__ import annotations

import pickle
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrc_toolbox.jobs.frames import FrameRange

MILLION = FrameRange.parse("1-1000000")
ODD = FrameRange.parse("1-999999x2")

progressions = st.builds(
    lambda start, step, count: range(start, start + step * count, step),
    st.integers(-40, 40),
    st.integers(1, 9),
    st.integers(0, 25),
)
frame_sets = st.lists(progressions, max_size=4).map(
    lambda parts: frozenset(frame for part in parts for frame in part)
)


@settings(deadline=None, max_examples=400)
@given(frame_sets, frame_sets)
def test_joining_cutting_and_meeting_agree_with_plain_sets(
    one: frozenset[int], other: frozenset[int]
) -> None:
    a, b = FrameRange.of(one), FrameRange.of(other)
    for ours, plain in (
        (a | b, one | other),
        (a - b, one - other),
        (a & b, one & other),
    ):
        assert list(ours) == sorted(plain)
        assert len(ours) == len(plain)
        assert bool(ours) == bool(plain)
        assert ours == FrameRange.of(plain)
        assert hash(ours) == hash(FrameRange.of(plain))
        assert all((frame in ours) == (frame in plain) for frame in range(-45, 300))


@settings(deadline=None, max_examples=300)
@given(frame_sets.filter(bool), st.booleans())
def test_what_is_printed_reads_back_as_the_same_frames(
    frames: frozenset[int], keep_ends: bool
) -> None:
    printed = FrameRange.of(frames)
    assert FrameRange.parse(str(printed), keep_ends=keep_ends) == printed


@settings(deadline=None, max_examples=300)
@given(frame_sets, st.lists(st.integers(-1, 12), max_size=6))
def test_takes_one_after_the_other_part_a_range_from_its_low_end(
    frames: frozenset[int], counts: list[int]
) -> None:
    rest = FrameRange.of(frames)
    expected = sorted(frames)
    for count in counts:
        taken, rest = rest.take(count)
        assert list(taken) == expected[: max(count, 0)]
        expected = expected[max(count, 0) :]
        assert (len(rest), list(rest)) == (len(expected), expected)
        assert rest == FrameRange.of(expected)
        assert str(rest) == str(FrameRange.of(expected))
        if expected:
            assert (rest.first, rest.last) == (expected[0], expected[-1])


@pytest.mark.parametrize(
    ("frames", "printed"),
    [
        ([7], "7"),
        ([1, 2], "1-2"),
        ([1, 3], "1,3"),
        ([1, 3, 5], "1-5x2"),
        ([5, 1, 3, 1], "1-5x2"),
        ([1, 5, 10, 11, 12], "1,5,10-12"),
        ([-5, -4, -3], "-5--3"),
        ([-10, 0, 10], "-10-10x10"),
        ([], ""),
    ],
)
def test_runs_are_printed_as_short_as_they_read_well(
    frames: list[int], printed: str
) -> None:
    assert str(FrameRange.of(frames)) == printed


def test_equal_frames_print_alike_however_they_came_about() -> None:
    by_halves = FrameRange.parse("1-99x2") | FrameRange.parse("2-100x2")
    assert str(by_halves) == "1-100"
    assert str(FrameRange.parse("1-100") - FrameRange.parse("2-100x2")) == "1-99x2"


def test_a_python_range_of_either_direction_is_taken_as_it_is() -> None:
    assert str(FrameRange.of(range(10, 0, -3))) == "1-10x3"
    assert FrameRange.of(range(0)) == FrameRange.empty()


def test_ends_of_an_empty_range_are_refused() -> None:
    with pytest.raises(ValueError, match="no first frame"):
        _ = FrameRange.empty().first
    with pytest.raises(ValueError, match="no last frame"):
        _ = FrameRange.empty().last


def test_a_range_is_equal_to_no_other_kind_of_thing() -> None:
    assert FrameRange.of([1]) != {1}
    assert "1" not in FrameRange.of([1])


def test_a_range_survives_pickling_also_after_a_take() -> None:
    _, rest = FrameRange.parse("1-10,20,30").take(3)
    assert pickle.loads(pickle.dumps(rest)) == rest


@pytest.mark.parametrize(
    "ask",
    [
        lambda: FrameRange.parse("1-1000000x2,2-1000000x2"),
        lambda: FrameRange.parse("-1000000--1x7", keep_ends=False),
        lambda: FrameRange.of(range(1, 1_000_001)),
        lambda: 999_999 in MILLION,
        lambda: MILLION | ODD,
        lambda: MILLION - ODD,
        lambda: MILLION & ODD,
        lambda: MILLION - FrameRange.parse("0-1000000x2"),
        lambda: ODD | (MILLION - ODD),
        lambda: MILLION - (MILLION - ODD),
        lambda: ODD & FrameRange.parse("1-1000000x3"),
        lambda: MILLION - FrameRange.of([500_000]),
        lambda: MILLION - FrameRange.parse("2-999999"),
        lambda: ODD.take(250_000),
        lambda: str(ODD),
        lambda: hash(ODD),
        lambda: MILLION.take(500_000)[1] == FrameRange.parse("500001-1000000"),
        lambda: all(frame in MILLION for frame in MILLION.take(1000)[0]),
    ],
)
def test_a_million_frames_are_never_held_nor_walked_one_by_one(
    ask: Callable[[], object],
) -> None:
    assert peak_bytes(ask) < 50_000
    assert calls(ask) < 10_000


def test_taking_from_many_runs_copies_none_of_them() -> None:
    frames = FrameRange.of(frame for frame in range(60_000) if frame % 3)
    assert len(frames.runs) == 20_000
    _, rest = frames.take(2)
    # A copied tuple alone would be 160,000 bytes.
    assert peak_bytes(lambda: rest.take(3)) < 20_000


def peak_bytes(ask: Callable[[], object]) -> int:
    ask()  # caches, e.g. of patterns, are not what is measured
    tracemalloc.start()
    try:
        ask()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def calls(ask: Callable[[], object]) -> int:
    """Count the functions called, which measures work without a clock."""
    called: Counter[str] = Counter()
    sys.setprofile(lambda frame, event, argument: called.update([event]))
    try:
        ask()
    finally:
        sys.setprofile(None)
    return called["call"] + called["c_call"]
