from __future__ import annotations

import threading

import pytest

from lrc_toolbox.machine.aside import Aside
from tests.machine.waiting import until


def test_the_first_value_is_given_while_the_first_reading_is_under_way() -> None:
    go_on = threading.Event()
    aside = Aside(lambda: go_on.wait() and "read", first="unknown", every_s=60)
    assert aside.newest() == "unknown"
    assert aside.held_s() > 0
    go_on.set()
    aside.wait(10)
    assert aside.newest() == "read"
    assert aside.held_s() == 0


def test_a_reading_that_hangs_is_not_followed_by_others() -> None:
    go_on, calls = threading.Event(), []

    def hang() -> int:
        calls.append(threading.current_thread())
        go_on.wait()
        return len(calls)

    aside = Aside(hang, first=0, every_s=0)
    until(lambda: aside.newest() == 0 and len(calls) == 1)
    assert aside.newest() == 0
    assert len(calls) == 1
    go_on.set()
    until(lambda: aside.newest() > 1)
    aside.wait(10)
    assert len(calls) > 1


def test_a_new_reading_starts_only_after_its_time() -> None:
    calls: list[int] = []
    aside = Aside(lambda: calls.append(1), first=None, every_s=3600)
    for _ in range(3):
        aside.newest()
        aside.wait(10)
    assert calls == [1]


def test_after_a_reading_that_failed_the_last_value_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    values = iter(["good"])

    def read() -> str:
        for value in values:
            return value
        raise ValueError

    aside = Aside(read, first="", every_s=0)
    until(lambda: aside.newest() == "good")
    until(lambda: bool(aside.newest()) and len(failures) > 1)
    assert aside.newest() == "good"
    aside.wait(10)
