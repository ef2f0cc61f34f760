"""What `bench.py` prints can be read by a person and by a program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import measure
import pytest
from benchmarks.figures import Figure, percentile, table
from benchmarks.tiny_task import slot_gaps


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(measure.__file__)
    return subprocess.run(
        [sys.executable, str(program), *arguments],
        cwd=program.parent.parent,
        env={**os.environ, "PYTHONPATH": str(program.parent.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_quick_look_at_killing_prints_json_alone_and_leaves_nothing_alive() -> None:
    done = run("--quick", "--only", "kill", "--json", "-")
    assert done.returncode == 0, done.stderr
    ratio, alive = json.loads(done.stdout)["figures"]["kill"]
    assert ratio["low"] <= ratio["value"] <= ratio["high"]
    assert alive["value"] == 0
    assert alive["met"]
    assert "end a tree of 13" in done.stderr


def test_a_name_that_is_no_measurement_is_refused_with_those_there_are() -> None:
    done = run("--only", "speed")
    assert done.returncode == 2
    assert all(name in done.stderr for name in measure.MEASUREMENTS)


def test_a_figure_is_the_median_and_meets_its_aim_on_the_right_side() -> None:
    slow = Figure.of("gap", [3.0, 1.0, 9.0], "ms", aim=2.0)
    assert (slow.value, slow.low, slow.high, slow.runs) == (3.0, 1.0, 9.0, 3)
    assert slow.met is False
    assert Figure("speed", 3.0, "MB/s", aim=2.0, at_least=True).met
    assert Figure("memory", 3.0, "MiB").met is None


def test_the_table_says_which_aim_was_missed() -> None:
    lines = table([Figure("gap", 3.0, "ms", aim=2.0), Figure("memory", 30.0, "MiB")])
    assert [line.endswith("MISSED") for line in lines] == [False, True, False]
    assert "<= 2.00" in lines[1]


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 3), (95, 5), (100, 5)])
def test_a_percentile_is_one_of_the_measurements(percent: float, value: int) -> None:
    assert percentile([5, 3, 1, 4, 2], percent) == value


def test_gaps_of_two_slots_run_from_the_end_first_free_to_the_next_start() -> None:
    stamps = [(0.0, 1.0), (0.0, 2.0), (1.25, 3.0), (2.5, 4.0)]
    assert slot_gaps(stamps, 2) == [0.25, 0.5]
