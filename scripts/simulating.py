"""Plays the nights of `simulation`, says how far it is, and ends with the tables.

Runs in the prepared environment; ``simulate.py`` sees to that.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterable, Sequence

import psutil
from simulation.nights import LOAD, Row, beside, jobs_for, on_gpus, ours
from simulation.workload import described, make_jobs
from steps import Steps

Speed = tuple[int, int, Row]

_HOUR_S = 3600


def main(arguments: Sequence[str]) -> int:
    """Plays everything; 0 however the figures turn out."""
    options = _options(arguments)
    frames = options.frames or (3_000 if options.quick else 100_000)
    fewer = (frames // 100, frames // 10)
    farms = options.machines or ((1, 10) if options.quick else (1, 10, 1000))
    before = psutil.getloadavg()[0]
    steps = Steps(len(farms) * (2 + len(fewer)) + 1)
    tables: list[str] = []
    speeds: list[Speed] = []
    for over_time in (False, True):
        for machines in farms:
            rows = _night(steps, frames, machines, options.seed, over_time=over_time)
            tables += [_title(machines, over_time=over_time), *_table(rows), ""]
            if not over_time:
                speeds.append((frames, machines, rows[0]))
    speeds += [
        (count, machines, _night(steps, count, machines, options.seed, alone=True)[0])
        for machines in farms
        for count in fewer
    ]
    tables += ["A decision:", *_growth(speeds), ""]
    steps.begin("four GPUs")
    gpus = list(on_gpus(frames // 20, seed=options.seed))
    steps.end(_figures(gpus[-1]))
    tables += [f"Four GPUs, {frames // 20:,} frames:", *_table(gpus), ""]
    print("", described(make_jobs(frames, seed=options.seed)), "", sep="\n")
    print(*tables, _machine(before), sep="\n")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulate.py", description="Plays nights of rendering through."
    )
    parser.add_argument("--quick", action="store_true", help="3,000 frames, a minute")
    parser.add_argument("--frames", type=int, metavar="N", help="of all jobs together")
    parser.add_argument(
        "--machines", type=int, nargs="+", metavar="N", help="with four places each"
    )
    parser.add_argument("--seed", type=int, default=1, help="which jobs (1)")
    return parser.parse_args(arguments)


def _night(
    steps: Steps,
    frames: int,
    machines: int,
    seed: int,
    *,
    over_time: bool = False,
    alone: bool = False,
) -> list[Row]:
    """Play one night, by all who schedule or by ours `alone`."""
    jobs = jobs_for(frames, machines, seed=seed, over_time=over_time)
    steps.begin(f"{frames:,} frames, {_title(machines, over_time=over_time)}")
    mine = ours(jobs, machines, lambda proved: steps.show(f"{proved:,} frames"))
    rows = [mine] if alone else [mine, *beside(jobs, machines)]
    steps.end(_figures(mine))
    return rows


def _title(machines: int, *, over_time: bool) -> str:
    where = "1 machine" if machines == 1 else f"{machines:,} machines"
    when = f"submitted over time, load {LOAD:.0%}" if over_time else "submitted at once"
    return f"{where}, {when}"


def _figures(row: Row) -> str:
    return f"{row.ratio:.3f} of the bound, {row.us_per_decision:.0f} us a decision"


def _table(rows: Iterable[Row]) -> list[str]:
    head = "| who | makespan | / bound | a job, mean | worst | scenes loaded |"
    return [head, "| --- " * 6 + "|", *map(_line, rows)]


def _line(row: Row) -> str:
    outcome = row.outcome
    hours = (
        outcome.makespan_s,
        outcome.mean_turnaround_s,
        outcome.worst_turnaround_s,
    )
    makespan, mean, worst = (f"{seconds / _HOUR_S:,.2f} h" for seconds in hours)
    return (
        f"| {row.who} | {makespan} | {row.ratio:.3f} | {mean} | {worst} "
        f"| {outcome.loads:,} |"
    )


def _growth(speeds: Sequence[Speed]) -> list[str]:
    head = "| machines | frames | decisions | CPU time of one | in a second |"
    lines = [head, "| --- " * 5 + "|"]
    for frames, machines, row in sorted(speeds, key=lambda one: (one[1], one[0])):
        each = row.us_per_decision or 0.0
        lines.append(
            f"| {machines:,} | {frames:,} | {row.decisions:,} | {each:.0f} us "
            f"| {1e6 / each:,.0f} |"
        )
    return lines


def _machine(load_before: float) -> str:
    return (
        f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, load "
        f"{load_before:.1f} before and {psutil.getloadavg()[0]:.1f} after"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
