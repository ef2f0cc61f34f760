from __future__ import annotations

import time

import pytest

from lrc_toolbox.jobs.wording import clock_time, count, duration, listed, printable

NOON = time.mktime((2026, 3, 14, 12, 0, 0, 0, 0, -1))  # a Saturday
HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0:00"),
        (-3, "0:00"),
        (7.4, "0:07"),
        (59.6, "1:00"),
        (92, "1:32"),
        (2 * HOUR + 5 * 60 + 10, "2:05:10"),
        (47 * HOUR, "47:00:00"),
        (3 * DAY + 4 * HOUR, "3d 04h"),
    ],
)
def test_a_duration_is_as_short_as_can_be_read(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_a_clock_time_names_the_day_only_when_it_is_another_one() -> None:
    assert clock_time(NOON + HOUR, NOON) == "13:00"
    assert clock_time(NOON + 14 * HOUR, NOON) == "Sun 02:00"
    assert clock_time(NOON + 10 * DAY, NOON) == "24 Mar 12:00"


def test_counts_agree_with_their_noun() -> None:
    assert count(1, "frame") == "1 frame"
    assert count(24_000, "frame") == "24,000 frames"


def test_a_long_list_says_how_many_it_leaves_out() -> None:
    assert listed(["a", "b"], limit=2) == "a, b"
    assert listed(["a", "b", "c", "d"], limit=2) == "a, b and 2 more"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("beauty", "beauty"),
        ("Häuser 家", "Häuser 家"),
        ("a\tb", "a b"),
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("two\nlines\r", r"two\nlines\r"),
        ("abc\u202ecba", r"abc\u202ecba"),
        ("caf\udce9", r"caf\udce9"),
        ("\x9b31m", r"\x9b31m"),
    ],
)
def test_what_would_steer_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
