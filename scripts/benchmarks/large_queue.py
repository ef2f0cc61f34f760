"""A queue of 100,000 tasks: as a thousand jobs of a hundred, and as a single job.

The queue is paused, so that what is measured is the queue and no render.
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.warm_queue import Bench, wait_until, warm_queue
from lrc_toolbox.jobs.submission import Submission

_MIB = 1024 * 1024
# A client as a person's program would be: opens, lists, and says what it took.
_CLIENT = """\
import sys, time
from lrc_toolbox.queue import RenderQueue
import psutil
rss = lambda: psutil.Process().memory_info().rss
before, began = rss(), time.perf_counter()
queue = RenderQueue(sys.argv[1])
queue.counts()
opened = time.perf_counter()
jobs = queue.jobs()
listed = time.perf_counter()
queue.progress()
summed = time.perf_counter()
grown = rss() - before
tasks = queue.tasks(jobs[-1].id)
read = time.perf_counter()
print(opened - began, listed - opened, summed - listed, read - summed, grown)
"""


def measure_large_queue(*, quick: bool) -> list[Figure]:
    """Fills a queue in two ways, and looks at it from both sides."""
    tasks = 5_000 if quick else 100_000
    figures = _measure(f"{tasks // 100:,} jobs x 100 tasks", tasks // 100, 100)
    return figures + _measure(f"1 job x {tasks:,} tasks", 1, tasks)


def _measure(name: str, jobs: int, tasks: int) -> list[Figure]:
    with warm_queue() as bench:
        bench.queue.pause()
        _wait_until_taken(bench)
        empty = _rss_mib(bench)
        submissions = _submissions(bench, jobs, tasks)
        submit_s = _seconds(lambda: bench.queue.submit_many(submissions))
        taken_s = _seconds(lambda: _wait_until_taken(bench))
        grown = _rss_mib(bench) - empty
        client = _client(bench.queue.home.folder)
        bench.queue.stop_service()
        start_s = _seconds(lambda: _start(bench))
        loaded = _rss_mib(bench)
    return [
        Figure(f"{name}: submit", submit_s, "s"),
        Figure(f"{name}: until the service has taken them", taken_s, "s"),
        Figure(f"{name}: client opens and counts", 1000 * client[0], "ms"),
        Figure(f"{name}: client lists the jobs", 1000 * client[1], "ms"),
        Figure(f"{name}: client sums up the queue", 1000 * client[2], "ms"),
        Figure(f"{name}: client lists a job's tasks", 1000 * client[3], "ms"),
        Figure(f"{name}: memory of the client for that", client[4] / _MIB, "MiB"),
        Figure(f"{name}: service starts and loads them", start_s, "s"),
        Figure(
            f"{name}: memory of the service",
            loaded,
            "MiB",
            beside=f"{empty:.0f} MiB empty, {empty + grown:.0f} MiB having taken them",
        ),
    ]


def _submissions(bench: Bench, jobs: int, tasks: int) -> list[Submission]:
    scene = bench.folder / "shot.ma"
    scene.write_text("//Maya ASCII 2024 scene\n", encoding="ascii")
    cameras = 10
    return [
        Submission(
            scene=str(scene),
            output_folder=str(bench.folder / "out"),
            prefix=f"{number}/<RenderLayer>/<Camera>/<Scene>",
            engine="command",
            frames="1001-1100",
            layers=tuple(f"layer{n}" for n in range(tasks // cameras)),
            cameras=tuple(f"camera{n}" for n in range(cameras)),
            command=(sys.executable, "render.py", "<layer>", "<camera>", "<output>"),
        )
        for number in range(jobs)
    ]


def _wait_until_taken(bench: Bench) -> None:
    """Waits until the service has done all that was asked so far."""
    uri = f"{bench.queue.home.queue_file.as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
        # Not `Store.inbox`, which would read the largest job again and again.
        asked = "SELECT 1 FROM inbox LIMIT 1"
        wait_until(lambda: not db.execute(asked).fetchall(), "all is taken", 600)


def _start(bench: Bench) -> None:
    """Starts the service and waits for its first answer."""
    bench.queue.pause()
    _wait_until_taken(bench)


def _client(home: Path) -> list[float]:
    """Seconds to open, list, sum up and list tasks; bytes it grew by until then."""
    argv = [sys.executable, "-c", _CLIENT, str(home)]
    told = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return [float(number) for number in told.split()]


def _rss_mib(bench: Bench) -> float:
    return float(bench.service.memory_info().rss) / _MIB


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
