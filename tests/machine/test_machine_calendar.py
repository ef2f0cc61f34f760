from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest

from lrc_toolbox.machine.calendar import SystemCalendar

# Set forward on 29 March 2026, 02:00 to 03:00; back on 25 October, 03:00 to 02:00.
SPRING, AUTUMN = (2026, 3, 29), (2026, 10, 25)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Iterator[SystemCalendar]:
    if not hasattr(time, "tzset"):
        pytest.skip("Windows has one time zone for all programs")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield SystemCalendar()
    monkeypatch.undo()
    time.tzset()


def utc(*fields: int) -> float:
    return datetime(*fields, tzinfo=timezone.utc).timestamp()  # type: ignore[misc]


def clock(hours: int, minutes: int = 0) -> int:
    return hours * 60 + minutes


def test_a_summer_evening_is_told_in_local_time(calendar: SystemCalendar) -> None:
    # A Friday.
    assert calendar.at(utc(2026, 7, 31, 17, 5)) == (2026, 7, 31, 4, clock(19, 5))
    assert calendar.epoch(2026, 7, 31, clock(19, 5)) == utc(2026, 7, 31, 17, 5)


def test_the_same_clock_time_moves_in_utc_with_daylight_saving(
    calendar: SystemCalendar,
) -> None:
    before = calendar.epoch(2026, 3, 28, clock(19))
    after = calendar.epoch(2026, 3, 29, clock(19))
    assert after - before == 23 * 3600


def test_a_time_that_the_clock_jumps_over_is_the_moment_of_the_jump(
    calendar: SystemCalendar,
) -> None:
    jump = utc(2026, 3, 29, 1)
    assert calendar.epoch(*SPRING, clock(2, 30)) == jump
    assert calendar.epoch(*SPRING, clock(2)) == jump
    assert calendar.epoch(*SPRING, clock(3)) == jump
    assert calendar.at(jump).minutes == clock(3)
    assert calendar.at(jump - 1).minutes == clock(1, 59)


def test_a_time_that_comes_twice_is_the_first_of_the_two(
    calendar: SystemCalendar,
) -> None:
    first = calendar.epoch(*AUTUMN, clock(2, 30))
    assert first == utc(2026, 10, 25, 0, 30)
    assert calendar.at(first).minutes == calendar.at(first + 3600).minutes


def test_days_past_the_end_of_the_month_are_in_the_next(
    calendar: SystemCalendar,
) -> None:
    assert calendar.epoch(2026, 12, 33, 0) == calendar.epoch(2027, 1, 2, 0)


def test_minutes_of_a_whole_day_are_the_next_midnight(
    calendar: SystemCalendar,
) -> None:
    assert calendar.epoch(*SPRING, 1440) == calendar.epoch(2026, 3, 30, 0)


def test_every_minute_of_a_year_comes_back_from_its_moment(
    calendar: SystemCalendar,
) -> None:
    start = utc(2026, 1, 1)
    for hours in range(0, 365 * 24, 7):
        local = calendar.at(start + hours * 3600)
        found = calendar.epoch(local.year, local.month, local.day, local.minutes)
        assert calendar.at(found) == local
