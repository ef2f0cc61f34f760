"""Windows of time: which rule holds and when the next begins, by the wall clock."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from lrc_toolbox.jobs.policy import Policy, Window
from lrc_toolbox.machine.calendar import SystemCalendar
from lrc_toolbox.scheduling.hours import Rule, rule_at

CALENDAR = SystemCalendar()


@pytest.fixture(autouse=True)
def berlin() -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("Windows cannot change its time zone for one process")
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def clock(text: str) -> float:
    return time.mktime(time.strptime(text, "%Y-%m-%d %H:%M"))


def rule(at: str, *windows: Window, otherwise: str = "reserved") -> Rule:
    policy = Policy(windows=windows, otherwise=otherwise)  # type: ignore[arg-type]
    return rule_at(policy, CALENDAR, clock(at))


NIGHT = Window(begins="19:00", ends="07:00")
DAY = Window(begins="09:00", ends="18:00", grants="nothing")
WEEKEND = Window(begins="00:00", ends="00:00", days=("sat", "sun"))


# 2026-11-20 is a Friday.
@pytest.mark.parametrize(
    ("at", "grants"),
    [
        ("2026-11-20 18:59", "reserved"),
        ("2026-11-20 19:00", "everything"),
        ("2026-11-21 00:00", "everything"),
        ("2026-11-21 06:59", "everything"),
        ("2026-11-21 07:00", "reserved"),
    ],
)
def test_a_window_goes_across_midnight_and_ends_on_the_minute(
    at: str, grants: str
) -> None:
    assert rule(at, NIGHT).grants == grants


@pytest.mark.parametrize(
    ("at", "grants"),
    [
        ("2026-11-20 23:59", "reserved"),
        ("2026-11-21 00:00", "everything"),
        ("2026-11-22 23:59", "everything"),
        ("2026-11-23 00:00", "reserved"),
    ],
)
def test_a_window_that_ends_when_it_begins_lasts_a_day(at: str, grants: str) -> None:
    assert rule(at, WEEKEND).grants == grants


@pytest.mark.parametrize(
    ("at", "grants"),
    [
        ("2026-11-20 20:00", "everything"),
        ("2026-11-21 06:00", "everything"),  # Friday's night lasts into Saturday
        ("2026-11-21 20:00", "reserved"),
        ("2026-11-20 06:00", "reserved"),  # Thursday's was not asked for
    ],
)
def test_days_are_those_on_which_a_window_begins(at: str, grants: str) -> None:
    friday = NIGHT.model_copy(update={"days": ("fri",)})
    assert rule(at, friday).grants == grants


def test_the_first_window_that_fits_counts() -> None:
    lunch = Window(begins="12:00", ends="13:00", grants="everything")
    assert rule("2026-11-20 12:30", lunch, DAY).grants == "everything"
    assert rule("2026-11-20 12:30", DAY, lunch).grants == "nothing"
    assert rule("2026-11-20 08:00", DAY, lunch).grants == "reserved"


def test_without_windows_nothing_ever_changes() -> None:
    assert rule("2026-11-20 12:30") == Rule("reserved")
    assert rule("2026-11-20 12:30", otherwise="nothing") == Rule("nothing")


def test_when_it_opens_is_told_by_the_clock_on_the_wall() -> None:
    closed = rule("2026-11-20 12:00", DAY)
    assert closed.opens == "at 18:00"
    assert closed.until == clock("2026-11-20 18:00")
    assert not rule("2026-11-20 18:00", DAY).opens


def test_when_it_opens_on_another_day_the_day_is_told() -> None:
    closed = rule("2026-11-23 12:00", WEEKEND, otherwise="nothing")
    assert closed.opens == "on Saturday at 00:00"


def test_a_window_that_opens_into_another_that_is_closed_does_not_open() -> None:
    morning = Window(begins="07:00", ends="12:00", grants="nothing")
    evening = Window(begins="12:00", ends="19:00", grants="nothing")
    closed = rule("2026-11-20 08:00", morning, evening)
    assert closed.opens == "at 19:00"
    assert closed.until == clock("2026-11-20 12:00")


def test_the_end_of_a_month_and_of_a_year_are_days_like_others() -> None:
    closed = rule("2026-12-31 23:00", Window(begins="01:00", ends="02:00"),
                  otherwise="nothing")  # fmt: skip
    assert closed.opens == "on Friday at 01:00"
    assert closed.until == clock("2027-01-01 01:00")


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-28", 11), ("2026-10-24", 13), ("2026-11-20", 12)]
)
def test_a_night_is_as_long_as_the_clock_makes_it(day: str, hours: int) -> None:
    begins = clock(f"{day} 19:00")
    until = rule(f"{day} 19:00", NIGHT).until
    assert until is not None
    assert until - begins == hours * 3600


def test_an_hour_that_comes_twice_is_in_its_window_both_times() -> None:
    window = Policy(windows=(Window(begins="02:00", ends="03:00"),))
    first = clock("2026-10-25 01:59") + 60
    grants = [
        rule_at(window, CALENDAR, first + minutes * 60).grants
        for minutes in (-1, 0, 59, 60, 119, 120)
    ]
    assert grants == ["reserved", *["everything"] * 4, "reserved"]


def test_an_hour_that_never_comes_opens_nothing() -> None:
    window = Policy(windows=(Window(begins="02:00", ends="03:00"),))
    before = clock("2026-03-29 01:59")
    assert rule_at(window, CALENDAR, before).grants == "reserved"
    assert rule_at(window, CALENDAR, before + 60).grants == "reserved"
