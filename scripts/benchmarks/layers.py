"""Three layers of 24 frames: the queue beside workers that nobody manages.

The bare workers have no queue file, nobody follows their logs, proves their pictures or
makes thumbnails, and their shares are as even as frame times allow.
"""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.bare_worker import BareWorker, Share, even_shares
from benchmarks.figures import Figure
from benchmarks.warm_queue import Bench, warm_queue
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.machine.cpus import usable_cpus
from lrc_toolbox.running.log_following import worker_events

SCENE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "rocket.ma"

WorkerEvents = list[dict[str, Any]]


def measure_layers(*, quick: bool) -> list[Figure]:
    """Renders all layers with the queue and without, in turns."""
    frames, pairs = ("1-6", 1) if quick else ("1-24", 2)
    seconds: list[tuple[float, float]] = []
    gaps: list[float] = []
    bare_gaps: list[float] = []
    with warm_queue() as bench:
        # Fills the caches of kernels and disk, starts the prover and times the layers.
        _, said = _by_queue(bench, _submission(bench, "1-4", "first"))
        bare = _submission(bench, frames, "bare")
        shares = even_shares(bare, _frame_times(said))
        for number in range(pairs):
            ours, said = _by_queue(bench, _submission(bench, frames, f"turn{number}"))
            without, bare_said = _by_bare_workers(bench.folder, shares)
            seconds.append((ours, without))
            gaps += _gaps_ms(said)
            bare_gaps += _gaps_ms(bare_said)
    name = f"3 layers x {len(FrameRange.parse(frames))} frames / bare workers"
    turns = ", ".join(f"{ours:.1f} s / {without:.1f} s" for ours, without in seconds)
    ratios = [ours / without for ours, without in seconds]
    beside = f"bare worker {median(bare_gaps):.2f} ms"
    return [
        Figure.of(name, ratios, aim=1.05, beside=turns),
        Figure.of("gap of a kept-open worker", gaps, "ms", aim=1.0, beside=beside),
    ]


def _submission(bench: Bench, frames: str, folder: str) -> Submission:
    return Submission(
        scene=str(SCENE),
        output_folder=str(bench.folder / folder),
        frames=frames,
        percent=50,
    )


def _by_queue(bench: Bench, submission: Submission) -> tuple[float, list[WorkerEvents]]:
    """Renders with the queue; the seconds it took, and what each worker said."""
    began = time.perf_counter()
    job = bench.queue.submit(submission)
    view = bench.queue.wait(job, timeout=1800)
    seconds = time.perf_counter() - began
    if view.state is not JobState.DONE:
        raise RuntimeError(f"The job is {view.state.value}. {view.reason}")
    logs = {attempt.log_path for attempt in bench.queue.attempts(job)}
    return seconds, [_events(Path(log).read_bytes()) for log in logs]


def _by_bare_workers(
    folder: Path, shares: tuple[Share, Share]
) -> tuple[float, list[WorkerEvents]]:
    """Renders without a manager; the same two answers."""
    cpus = usable_cpus()
    half = max(1, len(cpus) // 2)
    began = time.perf_counter()
    workers = [
        BareWorker(shares[0], cpus[:half], folder),
        BareWorker(shares[1], cpus[-half:], folder),
    ]
    with ThreadPoolExecutor(len(workers)) as threads:
        said = list(threads.map(BareWorker.finish, workers))
    return time.perf_counter() - began, [_events(log) for log in said]


def _events(log: bytes) -> WorkerEvents:
    return worker_events(log, len(log))


def _frame_times(said: Iterable[WorkerEvents]) -> list[float]:
    """How long a frame of each task takes, in the order of the tasks, seconds."""
    times: dict[str, list[float]] = defaultdict(list)
    for events in said:
        for event in events:
            if event["lrc"] == "frame_finished":
                times[event["task"]].append(event["seconds"])
    return [median(times[task]) for task in sorted(times)]


def _gaps_ms(said: Iterable[WorkerEvents]) -> list[float]:
    """From the end of a frame to the start of the next one of its task."""
    return [
        1000 * (after["at"] - before["at"])
        for events in said
        for before, after in itertools.pairwise(events)
        if (before["lrc"], after["lrc"]) == ("frame_finished", "frame_started")
    ]
