"""Every order gives every frame exactly once, and finds each one's place again."""

from __future__ import annotations

import time
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.scheduling.frame_order import (
    ASCENDING,
    AsGiven,
    FrameOrder,
    PreviewFirst,
    frame_order,
)
from lrc_toolbox.scheduling.waiting_frames import WaitingFrames

ORDERS = ("ascending", "descending", "preview_first", "as_given")

_pieces = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(0, 40), st.integers(1, 4)),
    min_size=1,
    max_size=6,
)


def text_of(pieces: list[tuple[int, int, int]]) -> str:
    return ",".join(
        f"{start}-{start + length}x{step}" if length else f"{start}"
        for start, length, step in pieces
    )


def order_for(order: str, frames: str, chunk: int | None, kept_open: bool):
    submission = Submission(
        scene="s.ma",
        output_folder="/o",
        frames=frames,
        order=order,
        chunk_size=chunk,
        user="a",
    )
    whole = FrameRange.parse(frames)
    return frame_order(submission, whole, kept_open=kept_open), whole


def in_order(order: FrameOrder, frames: FrameRange) -> list[int]:
    return WaitingFrames(order, frames).take(len(frames))


@given(
    name=st.sampled_from(ORDERS),
    pieces=_pieces,
    chunk=st.sampled_from([None, 1, 2, 3, 10]),
    kept_open=st.booleans(),
)
def test_every_order_gives_every_frame_exactly_once(name, pieces, chunk, kept_open):
    order, frames = order_for(name, text_of(pieces), chunk, kept_open)
    given_out = in_order(order, frames)
    assert sorted(given_out) == list(frames)
    assert [order.frame(order.place(frame)) for frame in given_out] == given_out
    assert list(order.places(frames)) == [order.place(frame) for frame in given_out]


@settings(max_examples=200)
@given(
    name=st.sampled_from(ORDERS),
    pieces=_pieces,
    chunk=st.sampled_from([None, 1, 2, 3, 10]),
    kept_open=st.booleans(),
    data=st.data(),
)
def test_frames_in_line_are_those_of_a_plain_list(name, pieces, chunk, kept_open, data):
    """Taken, put back, added and removed at random, beside a list that is sorted."""
    order, frames = order_for(name, text_of(pieces), chunk, kept_open)
    waiting = WaitingFrames(order, frames)
    plain = list(frames)
    out: list[int] = []
    for _ in range(data.draw(st.integers(1, 12))):
        plain.sort(key=order.place)
        assert len(waiting) == len(plain)
        assert bool(waiting) == bool(plain)
        assert waiting.frames == FrameRange.of(plain)
        assert all(waiting.holds(frame) for frame in plain)
        assert not any(waiting.holds(frame) for frame in out)
        count = data.draw(st.integers(1, 8))
        match data.draw(st.sampled_from(["take", "run", "back", "add", "remove"])):
            case "take":
                taken = waiting.take(count)
                assert taken == plain[:count]
                out, plain = out + taken, plain[count:]
            case "run":
                run = waiting.take_run(count)
                assert set(run) == set(plain[: len(run)])
                assert len(run.runs) <= 1
                assert bool(run) == bool(plain)
                out, plain = out + list(run), plain[len(run) :]
            case "back" if out:
                frame = out.pop(data.draw(st.integers(0, len(out) - 1)))
                waiting.put_back(frame)
                plain.append(frame)
            case "add":
                waiting.add(FrameRange.of(out))
                out, plain = [], plain + out
            case "remove":
                gone = data.draw(st.sets(st.sampled_from(list(frames))))
                waiting.remove(FrameRange.of(gone))
                out += [frame for frame in plain if frame in gone]
                plain = [frame for frame in plain if frame not in gone]


def test_a_preview_comes_first_middle_last_then_halves():
    order = PreviewFirst(FrameRange.parse("1-9"))
    assert in_order(order, FrameRange.parse("1-9")) == [1, 5, 9, 3, 7, 2, 4, 6, 8]
    frames = FrameRange.parse("1001-1100")
    first = WaitingFrames(PreviewFirst(frames), frames).take(9)
    assert first == [1001, 1050, 1100, 1025, 1075, 1013, 1038, 1062, 1087]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 17, 100, 1000])
def test_the_first_frames_of_a_preview_lie_as_far_apart_as_can_be(count):
    frames = FrameRange.of(range(count))
    given_out = in_order(PreviewFirst(frames), frames)
    assert sorted(given_out) == list(range(count))
    for many in (3, 5, 9, 17):
        if many <= count:
            seen = sorted(given_out[:many])
            gaps = [b - a for a, b in pairwise(seen)]
            assert max(gaps) <= 2 * min(gaps)


def test_chunks_of_a_preview_are_neighbours():
    frames = FrameRange.parse("1-95")
    waiting = WaitingFrames(PreviewFirst(frames, block=10), frames)
    chunks = [str(waiting.take_run(10)) for _ in range(4)]
    assert chunks == ["1-10", "41-50", "91-95", "21-30"]


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ("10,1,5-7", [10, 1, 5, 6, 7]),
        ("10-7,1", [10, 9, 8, 7, 1]),
        ("1,50,100,48-52", [1, 50, 100, 48, 49, 51, 52]),
        ("5,5,4", [5, 4]),
        ("10-1x4", [10, 6, 2, 1]),
        ("1-10y3", [2, 3, 5, 6, 8, 9]),
        ("6-1y2,1", [5, 3, 1]),
    ],
)
def test_custom_order_is_as_written_and_each_frame_comes_once(frames, expected):
    order, whole = order_for("as_given", frames, None, True)
    assert in_order(order, whole) == expected


def test_chunks_of_a_custom_order_are_the_runs_that_were_written():
    order, whole = order_for("as_given", "10,1,5-7,20-10x5", 3, False)
    waiting = WaitingFrames(order, whole)
    chunks = [list(waiting.take_run(3)) for _ in range(5)]
    assert chunks == [[10], [1], [5, 6, 7], [20], [15]]


@pytest.mark.parametrize("name", ["descending", "preview_first", "as_given"])
def test_a_hundred_thousand_frames_cost_no_more_memory_than_a_few(name):
    tracemalloc.start()
    order, whole = order_for(name, "1-100000", None, True)
    waiting = WaitingFrames(order, whole)
    for _ in range(1000):
        for frame in waiting.take(2)[1:]:
            waiting.put_back(frame)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(waiting) == 99_000
    assert peak < 100_000


def test_a_shuffled_list_of_frames_is_found_at_once():
    shuffled = [(n * 7919) % 20_011 for n in range(20_011)]
    order = AsGiven([range(n, n + 1) for n in shuffled], FrameRange.of(shuffled))
    begun = time.process_time()
    assert [order.place(n) for n in shuffled] == list(range(20_011))
    # A search through the list for each of them takes a minute.
    assert time.process_time() - begun < 10


def test_the_plain_order_costs_nothing():
    frames = FrameRange.parse("1-100")
    order, _ = order_for("ascending", "1-100", None, True)
    assert order is ASCENDING
    assert order.places(frames) is frames
