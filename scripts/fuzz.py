"""Has children read damaged scenes, shows how far it is, and ends with a table.

Every job is a child process with a time and a memory limit. Runs in the prepared
environment; ``fuzz_scenes.py`` sees to that.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from fuzzing.damaged_scenes import SMALL
from fuzzing.watching import Verdict, watch

_BATCH = 1000
_GIGABYTE = 1_000_000_000
_DEEP = 1_000_000
#: Far more than any job needs; it ends a hang.
_LIMIT_S = 600
#: The interpreter and its modules take about 200 MiB of address space.
_MEMORY_MIB = 1024

Job = tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    """Reads all there is to read; 1 if anything ended badly, else 0."""
    options = _options(arguments)
    jobs = list(_jobs(options.flips))
    end = time.monotonic() + options.seconds
    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(options.at_once) as pool:
        for number, verdict in enumerate(pool.map(_watched, jobs, repeat(end)), 1):
            if verdict is None:
                continue
            verdicts.append(verdict)
            print(f"[{number}/{len(jobs)}] {_row(verdict)}", flush=True)
            for line in verdict.wrong:
                print(f"    {line}", flush=True)
    print("", *_table(verdicts), sep="\n")
    if len(verdicts) < len(jobs):
        left = len(jobs) - len(verdicts)
        print(f"{left} of {len(jobs)} jobs were left out: the time was over.")
    return 1 if any(verdict.wrong for verdict in verdicts) else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="fuzz_scenes.py", description="Reads damaged scenes by the ten thousand."
    )
    parser.add_argument(
        "--flips", type=int, default=10_000, help="of each kind of file (10000)"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=float("inf"),
        help="start nothing new after so many",
    )
    parser.add_argument(
        "--at-once",
        type=int,
        default=os.cpu_count() or 1,
        help="how many children (as many as there are cores)",
    )
    return parser.parse_args(arguments)


def _jobs(flips: int) -> Iterator[Job]:
    """What a child reads, the quickest kinds first."""
    for kind, make in SMALL.items():
        yield "truncated", kind, "0", str(len(make()) + 1)
        yield "lying", kind, "0", "1000"
    for kind in SMALL:
        for first in range(0, flips, _BATCH):
            yield "flipped", kind, str(first), str(min(flips, first + _BATCH))
    for nest in ("{", "(", "/*", "mb4", "mb8", "parents"):
        yield "nest", nest, str(_DEEP)
    for statement in ("numbers", "string", "endless", "mb8"):
        yield "single", statement, str(_GIGABYTE)


def _watched(job: Job, end: float) -> Verdict | None:
    """A job's verdict; None where the time is over."""
    if time.monotonic() > end:
        return None
    # Each node of a chain of a million parents is kept.
    memory = 4 * _MEMORY_MIB if job[1] == "parents" else _MEMORY_MIB
    return watch(job, limit_s=_LIMIT_S, memory_mib=memory)


def _row(verdict: Verdict) -> str:
    ends = ", ".join(f"{count:,} {end}" for end, count in sorted(verdict.ends.items()))
    return f"{' '.join(verdict.job)}: {ends or 'did not end'}"


def _table(verdicts: list[Verdict]) -> list[str]:
    """A line for each kind of damage and file: how its cases ended."""
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for verdict in verdicts:
        row = sums.setdefault((verdict.job[0], verdict.job[1]), {})
        for end, count in verdict.ends.items():
            row[end] = row.get(end, 0) + count
        row["wrong"] = row.get("wrong", 0) + len(verdict.wrong)
    columns = ("error", "partial", "whole", "value error", "wrong")
    head = f"{'damage':12}{'file':10}" + "".join(f"{name:>13}" for name in columns)
    return [head] + [
        f"{damage:12}{kind:10}" + "".join(f"{row.get(name, 0):13,}" for name in columns)
        for (damage, kind), row in sums.items()
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
