from __future__ import annotations

import tracemalloc
from pathlib import Path

from lrc_toolbox.cli.log_reading import (
    GrowingLog,
    LogPart,
    newest_line,
    read_tail,
)


def log(folder: Path, content: bytes) -> Path:
    path = folder / "31.log"
    path.write_bytes(content)
    return path


def test_the_last_lines_come_oldest_first(tmp_path: Path) -> None:
    path = log(tmp_path, b"".join(b"line %d\n" % n for n in range(100_000)))
    tail = read_tail(LogPart(path), 3)
    assert tail.lines == ["line 99997", "line 99998", "line 99999"]
    assert tail.left_out > 0
    assert tail.position == path.stat().st_size


def test_more_lines_than_one_block_are_found(tmp_path: Path) -> None:
    path = log(tmp_path, b"".join(b"line %d\n" % n for n in range(100_000)))
    tail = read_tail(LogPart(path), 50_000)
    assert (len(tail.lines), tail.lines[0]) == (50_000, "line 50000")


def test_a_whole_log_says_that_nothing_was_left_out(tmp_path: Path) -> None:
    path = log(tmp_path, b"one\ntwo")
    tail = read_tail(LogPart(path), 40)
    assert (tail.lines, tail.left_out) == (["one", "two"], 0)


def test_an_empty_log_has_no_lines(tmp_path: Path) -> None:
    assert read_tail(LogPart(log(tmp_path, b"")), 40).lines == []
    assert newest_line(LogPart(log(tmp_path, b""))) == ""
    assert newest_line(LogPart(tmp_path / "missing.log")) == ""


def test_only_the_attempts_own_part_is_read(tmp_path: Path) -> None:
    path = log(tmp_path, b"before\nmine 1\nmine 2\nafter\n")
    assert read_tail(LogPart(path, 7, 21), 40).lines == ["mine 1", "mine 2"]


def test_the_workers_own_messages_are_left_out_unless_asked_for(
    tmp_path: Path,
) -> None:
    event = b'{"lrc":"frame_progressed","task":"1.1","frame":1,"percent":42.0}\n'
    path = log(tmp_path, b"loading\n" + event * 5000)
    assert read_tail(LogPart(path), 2).lines == ["loading"]
    assert newest_line(LogPart(path)) == "loading"
    assert len(read_tail(LogPart(path), 2, events=True).lines) == 2


def test_bytes_of_any_kind_become_text_that_harms_no_terminal(tmp_path: Path) -> None:
    path = log(tmp_path, b"caf\xe9 \x1b[2J\x00\n10%\r20%\r\n")
    assert read_tail(LogPart(path), 40).lines == [r"caf� \x1b[2J\x00", "20%"]


def test_a_gigabyte_log_without_line_ends_is_read_in_bounded_memory(
    tmp_path: Path,
) -> None:
    path = tmp_path / "flood.log"
    with path.open("wb") as file:
        file.truncate(1 << 30)  # a sparse file: it takes no room on the disk
    tracemalloc.start()
    tail = read_tail(LogPart(path), 40)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(tail.lines) == 1
    assert tail.lines[0].endswith("more bytes)")
    assert tail.left_out > 1_000_000_000
    assert peak < 64 * 1024 * 1024


def test_following_gives_each_line_once_when_it_is_complete(tmp_path: Path) -> None:
    path = log(tmp_path, b"old\nbeg")
    follower = GrowingLog(LogPart(path), 4)
    assert list(follower.added()) == []
    with path.open("ab") as file:
        file.write("un é".encode()[:-1])
        file.flush()
        assert list(follower.added()) == []
        file.write("é".encode()[1:] + b"\nlast")
    assert list(follower.added()) == ["begun é"]
    assert list(follower.added()) == []
    assert list(follower.rest()) == ["last"]
    assert list(follower.rest()) == []


def test_following_cuts_a_line_of_megabytes_and_goes_on(tmp_path: Path) -> None:
    path = log(tmp_path, b"x" * 5_000_000 + b"\nnext\n")
    lines = list(GrowingLog(LogPart(path), 0).added())
    assert len(lines) == 2
    assert lines[0].startswith("xxxx")
    assert len(lines[0]) < 5000
    assert lines[1] == "next"


def test_following_a_log_that_was_cut_short_waits(tmp_path: Path) -> None:
    path = log(tmp_path, b"one\ntwo\n")
    follower = GrowingLog(LogPart(path), 8)
    path.write_bytes(b"one\n")
    assert list(follower.added()) == []
