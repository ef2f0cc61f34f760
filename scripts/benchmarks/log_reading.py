"""How fast the service reads a log that a chatty renderer wrote.

In CPU time: the file lies in memory, so on an idle machine the clock shows the same.
"""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.warm_queue import new_folder
from lrc_toolbox.running.log_following import LogFollower

_MEGABYTE = 1_000_000
# As Arnold 7 prints them, one pass of buckets after the other, with texture warnings.
_LINES = """\
00:00:{second:02d}  {memory:4d}MB         |     {percent:3d}% done - {rays} rays/pixel
00:00:{second:02d}  {memory:4d}MB WARNING | [texturesys] missing texture: "tex/a.tx"
00:00:{second:02d}  {memory:4d}MB         |   bucket {rays} of 3600, sampling 42 of 64
00:00:{second:02d}  {memory:4d}MB         |     |  polymesh | 10423 | /rocket/hull/shape
"""


def measure_log_reading(*, quick: bool) -> list[Figure]:
    """Follows a whole log, from its first byte to its last."""
    size, runs = (20 * _MEGABYTE, 3) if quick else (200 * _MEGABYTE, 5)
    with new_folder() as folder:
        log = folder / "render.log"
        events = _write_log(log, size)
        speeds = [_speed(log, events) for _ in range(runs)]
    name = f"following a log of {size // _MEGABYTE} MB"
    return [Figure.of(name, speeds, "MB/s", aim=100, at_least=True)]


def _write_log(log: Path, size: int) -> int:
    """Writes it; how many events of a worker stand in it."""
    lines = "".join(
        _LINES.format(second=n % 60, memory=900 + n % 700, percent=n % 101, rays=n)
        for n in range(2000)
    ).encode()
    events = 0
    with log.open("wb") as file:
        while file.tell() < size:
            events += 1
            file.write(lines)
            file.write(b'{"lrc":"frame_started","task":"1.1","frame":%d}\n' % events)
    return events


def _speed(log: Path, events: int) -> float:
    follower = LogFollower(log, percentages=True)
    found = 0
    began = time.process_time()
    while (reading := follower.read()).size:
        found += len(reading.lines)
    seconds = time.process_time() - began
    if found != events:
        raise RuntimeError(f"{found} of {events} events were found")
    return log.stat().st_size / _MEGABYTE / seconds
