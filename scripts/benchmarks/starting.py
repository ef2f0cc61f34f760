"""How soon a render begins after it was asked for, and what an idle service costs."""

from __future__ import annotations

import contextlib
import time

import psutil

from benchmarks.figures import Figure
from benchmarks.tiny_task import TinyTask, make_tiny_task
from benchmarks.warm_queue import Bench, wait_until, warm_queue

_MIB = 1024 * 1024


def measure_starting(*, quick: bool) -> list[Figure]:
    """Submits to a busy service, and to one that had nothing to do for a while."""
    idle_s, starts, idlings = (10.0, 10, 1) if quick else (60.0, 20, 3)
    shares: list[float] = []
    after: list[float] = []
    with warm_queue() as bench:
        task = make_tiny_task(bench.folder / "tiny")
        _first_start_ms(bench, task)
        warm = [_first_start_ms(bench, task) for _ in range(starts)]
        for _ in range(idlings):
            shares.append(_idle_share(bench, idle_s))
            memory = bench.service.memory_info().rss / _MIB
            after.append(_first_start_ms(bench, task))
    minute = f"{idle_s:g} s of idling"
    return [
        Figure.of("submit to first start, warm", warm, "ms", aim=20),
        Figure.of(f"submit to first start after {minute}", after, "ms", aim=20),
        Figure.of(f"idle service, CPU over {idle_s:g} s", shares, "%", aim=0.2),
        Figure("idle service, memory", memory, "MiB"),
    ]


def _first_start_ms(bench: Bench, task: TinyTask) -> float:
    """From the call of `submit` to the process's own first time stamp."""
    task.forget()
    submission = task.submission("1")
    asked = time.time()
    job = bench.queue.submit(submission)
    bench.queue.wait(job, timeout=60)
    [(began, _)] = task.stamps()
    return 1000 * (began - asked)


def _idle_share(bench: Bench, idle_s: float) -> float:
    """Percent of one core that the service and all it started use meanwhile."""
    service = bench.service
    wait_until(lambda: not _renders(bench), "nothing renders")
    before, began = _cpu_s(service), time.monotonic()
    time.sleep(idle_s)
    return 100 * (_cpu_s(service) - before) / (time.monotonic() - began)


def _renders(bench: Bench) -> bool:
    progress = bench.queue.progress()
    return progress.running + progress.waiting > 0


def _cpu_s(service: psutil.Process) -> float:
    """CPU time of a process and its children, those that have ended included."""
    own = service.cpu_times()
    total = own.user + own.system
    # Windows and macOS do not count children that have ended.
    total += getattr(own, "children_user", 0.0) + getattr(own, "children_system", 0.0)
    for child in service.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            total += times.user + times.system
    return float(total)
