"""How long a slot stands empty between two processes, beside the plainest loop.

The loop is two threads that start processes, read their progress lines from a pipe and
write two SQLite transactions for each: what one would write in an afternoon. It proves
no picture, keeps no log and survives nothing.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import subprocess
import threading
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, percentile
from benchmarks.tiny_task import TinyTask, make_tiny_task, slot_gaps
from benchmarks.warm_queue import SLOTS, Bench, warm_queue

# 20 lines of progress over 50 ms, as docs/performance.md says.
LINES = 20
PAUSE_US = 2500

_PERCENT = re.compile(rb"(\d+)%")


def measure_process_gaps(*, quick: bool) -> list[Figure]:
    """Runs the queue and the loop in turns, in slots of equal number."""
    count, rounds = (30, 1) if quick else (100, 3)
    ours: list[float] = []
    loops: list[float] = []
    ratios: list[float] = []
    with warm_queue() as bench:
        task = make_tiny_task(bench.folder / "tiny")
        _queue_gaps(bench, task, 10)
        for _ in range(rounds):
            by_queue = _queue_gaps(bench, task, count)
            by_loop = _loop_gaps(task, count)
            ours += by_queue
            loops += by_loop
            ratios.append(median(by_queue) / median(by_loop))
    beside = f"{task.language} processes; loop p50 {median(loops):.2f} ms, "
    beside += f"p95 {percentile(loops, 95):.2f} ms"
    p95 = percentile(ours, 95)
    return [
        Figure.of("gap between processes, p50", ours, "ms", aim=2.0, beside=beside),
        Figure("gap between processes, p95", p95, "ms", runs=len(ours), aim=10.0),
        Figure.of("gap between processes / threads + SQLite loop", ratios, aim=2.0),
    ]


def _queue_gaps(bench: Bench, task: TinyTask, count: int) -> list[float]:
    task.forget()
    job = bench.queue.submit(task.submission(f"1-{count}", LINES, PAUSE_US))
    view = bench.queue.wait(job, timeout=300)
    if view.progress.done != count:
        raise RuntimeError(f"{view.progress.failed} of {count} frames failed")
    return _gaps_ms(task)


def _loop_gaps(task: TinyTask, count: int) -> list[float]:
    task.forget()
    file = task.folder / "loop.sqlite"
    with contextlib.closing(_new_table(file, count)):
        threads = [
            threading.Thread(target=_loop, args=(task, file)) for _ in range(SLOTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return _gaps_ms(task)


def _gaps_ms(task: TinyTask) -> list[float]:
    return [1000 * gap for gap in slot_gaps(task.stamps(), SLOTS)]


def _new_table(file: Path, count: int) -> sqlite3.Connection:
    file.unlink(missing_ok=True)
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE task (id INTEGER PRIMARY KEY, state TEXT, percent REAL)")
    rows = [(number,) for number in range(count)]
    db.execute("BEGIN")
    db.executemany("INSERT INTO task VALUES (?, 'waiting', 0)", rows)
    db.execute("COMMIT")
    return db


def _loop(task: TinyTask, file: Path) -> None:
    db = sqlite3.connect(file, isolation_level=None, timeout=30)
    db.execute("PRAGMA synchronous = NORMAL")
    with contextlib.closing(db):
        while row := db.execute(
            "UPDATE task SET state = 'running' WHERE id = "
            "(SELECT id FROM task WHERE state = 'waiting' LIMIT 1) RETURNING id"
        ).fetchall():
            [(number,)] = row
            percent = _run(task.command(f"{task.folder}/loop.{number}.exr", *_SHOWS))
            db.execute(
                "UPDATE task SET state = 'done', percent = ? WHERE id = ?",
                (percent, number),
            )


_SHOWS = (LINES, PAUSE_US)


def _run(argv: list[str]) -> float:
    """Runs a process to its end; the last percentage that it printed."""
    percent = 0.0
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        for line in process.stdout or ():
            if match := _PERCENT.search(line):
                percent = float(match[1])
    return percent
