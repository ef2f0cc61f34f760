"""The clock's jumps are told from time that was lived through."""

from __future__ import annotations

import pytest

from lrc_toolbox.running.clock_watch import ClockWatch

HOUR = 3600.0


class Clocks:
    """A computer's two clocks; a story says how far each goes."""

    def __init__(self) -> None:
        self.wall = 1_700_000_000.0
        self.steady = 500.0
        self.watch = ClockWatch(lambda: self.wall, lambda: self.steady)

    def work(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds

    def wait(self, wait_s: float, *, wall: float, steady: float) -> float:
        """Wait while the clocks go so far; return what the watch says."""
        self.watch.begin_wait(wait_s)
        self.wall += wall
        self.steady += steady
        return self.watch.end_wait()


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def test_time_that_passes_is_no_jump(clocks: Clocks) -> None:
    clocks.work(120.0)  # a slow disk: the loop was busy, not asleep
    assert clocks.wait(600.0, wall=600.0, steady=600.0) == 0.0
    assert clocks.wait(0.02, wall=3.0, steady=3.0) == 0.0


@pytest.mark.parametrize("by_s", [HOUR, -HOUR, 11.0, -11.0])
def test_a_clock_that_was_set_is_told(clocks: Clocks, by_s: float) -> None:
    assert clocks.wait(0.02, wall=by_s + 0.02, steady=0.02) == pytest.approx(by_s)
    assert clocks.wait(0.02, wall=0.02, steady=0.02) == 0.0


def test_a_small_correction_is_left_alone(clocks: Clocks) -> None:
    assert clocks.wait(0.02, wall=-5.0, steady=0.02) == 0.0


def test_sleep_is_told_where_the_steady_clock_stands_still(clocks: Clocks) -> None:
    jump = clocks.wait(5.0, wall=8 * HOUR, steady=2.0)
    assert jump == pytest.approx(8 * HOUR - 2.0)


def test_sleep_is_told_where_the_steady_clock_goes_on(clocks: Clocks) -> None:
    jump = clocks.wait(5.0, wall=8 * HOUR, steady=8 * HOUR)
    assert jump == pytest.approx(8 * HOUR - 5.0)


def test_a_message_that_comes_early_is_no_jump_back(clocks: Clocks) -> None:
    assert clocks.wait(300.0, wall=0.5, steady=0.5) == 0.0


def test_a_clock_set_while_the_loop_works_is_told(clocks: Clocks) -> None:
    clocks.work(2.0)
    clocks.wall += HOUR
    assert clocks.wait(0.02, wall=0.02, steady=0.02) == pytest.approx(HOUR)
