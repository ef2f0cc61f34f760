from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from lrc_toolbox.running.log_following import (
    CHUNK,
    LONGEST_LINE,
    LogFollower,
    newest_percent,
    worker_events,
)

STARTED = b'{"lrc":"frame_started","task":"1.1","frame":7}\n'


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "a.log"


def test_a_log_that_is_not_there_yet_has_nothing_new(log):
    assert LogFollower(log, percentages=True).read().size == 0


def test_events_stand_anywhere_between_the_renderers_own_lines(log):
    log.write_bytes(b"00:00:01  120MB | loading\nhalf a line " + STARTED + b"more\n")
    reading = LogFollower(log, percentages=False).read()
    assert [line["frame"] for line in reading.lines] == [7]


def test_an_event_that_arrives_in_pieces_is_read_once_and_whole(log):
    follower = LogFollower(log, percentages=False)
    seen = []
    for byte in STARTED:
        with log.open("ab") as file:
            file.write(bytes([byte]))
        seen += follower.read().lines
    assert seen == [json.loads(STARTED)]
    assert follower.taken == len(STARTED)


def test_what_was_not_read_to_the_end_of_its_line_is_not_taken(log):
    log.write_bytes(STARTED + b'{"lrc":"frame_')
    follower = LogFollower(log, percentages=False)
    follower.read()
    assert follower.taken == len(STARTED)


def test_the_last_line_counts_without_a_newline_when_the_process_is_gone(log):
    log.write_bytes(STARTED.rstrip())
    follower = LogFollower(log, percentages=False)
    assert follower.read().lines == []
    assert len(follower.read(to_end=True).lines) == 1


def test_bytes_that_are_no_utf8_and_broken_events_are_passed_over(log):
    log.write_bytes(b"\xff\xfe caf\xe9\n" + b'{"lrc":broken\n{"lrc":\n' + STARTED)
    assert len(LogFollower(log, percentages=False).read().lines) == 1


def test_carriage_returns_end_lines_too(log):
    log.write_bytes(b"10%\r" + STARTED.replace(b"\n", b"\r\n") + b"20%\r")
    reading = LogFollower(log, percentages=True).read()
    assert len(reading.lines) == 1
    assert reading.percent == 20.0


def test_output_without_any_newline_stays_bounded_and_keeps_its_percentage(log):
    with log.open("wb") as file:
        for number in range(101):
            file.write(b"." * 300_000 + b" %d%%" % number)
    follower = LogFollower(log, percentages=True)
    tracemalloc.start()
    percent = None
    while (reading := follower.read()).size:
        percent = reading.percent if reading.percent is not None else percent
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert percent == 100.0
    assert peak < 4 * CHUNK


def test_a_line_longer_than_any_event_does_not_hide_the_next_event(log):
    follower = LogFollower(log, percentages=False)
    log.write_bytes(b'{"lrc":"' + b"x" * (2 * LONGEST_LINE))
    follower.read()
    with log.open("ab") as file:
        file.write(b"\n" + STARTED)
    assert [line["lrc"] for line in follower.read().lines] == ["frame_started"]


def test_a_flood_is_read_a_chunk_at_a_time(log):
    log.write_bytes(b"a line of no interest\n" * (3 * CHUNK // 22) + STARTED)
    follower = LogFollower(log, percentages=True)
    first = follower.read()
    assert first.more
    assert first.size == CHUNK
    lines = []
    while (reading := follower.read()).size:
        lines += reading.lines
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        (b"[mtoa]  45% done - 12 rays/pixel", 45.0),
        (b"Progress: 99.5 %", 99.5),
        (b"120% over, 30% true", 30.0),
        (b"30% true, 120% over", 30.0),
        (b"100%d", 100.0),
        (b"v1.23.4% of nothing", None),
        (b"%s %d", None),
        (b"no sign", None),
    ],
)
def test_the_newest_percentage_from_0_to_100_counts(text, percent):
    assert newest_percent(text) == percent


def test_events_after_the_end_asked_for_are_left():
    data = STARTED + STARTED
    assert len(worker_events(data, len(STARTED))) == 1


@pytest.mark.parametrize("name", ["arnold", "vray", "redshift", "maya", "renderman"])
def test_real_logs_have_no_events_of_ours_and_break_nothing(shared, name):
    logs = sorted((shared / "logs").glob(f"{name}*.log"))
    assert logs
    for path in logs:
        reading = LogFollower(path, percentages=True).read(to_end=True)
        assert reading.lines == []
        assert reading.percent is None or 0 <= reading.percent <= 100
