"""Starts a reading child and ends it when it takes too long.

Any thread; each call has a child of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Verdict:
    """What came of one job.

    Attributes:
        job: what was read, as the child is told it.
        ends: how many cases ended in which way.
        wrong: what should not have happened, one line each.
    """

    job: tuple[str, ...]
    ends: dict[str, int] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


def watch(job: tuple[str, ...], *, limit_s: float, memory_mib: int) -> Verdict:
    """Has a child read these cases.

    Args:
        job: as `reading_child` takes it: `("flipped", "ma", "0", "500")`.
        limit_s: for the whole job; a child that needs longer is killed.
        memory_mib: the child's address space, where the system can limit it.
    """
    with tempfile.TemporaryDirectory(prefix="lrc-watch-") as folder:
        progress = Path(folder) / "case"
        command = (sys.executable, "-m", "fuzzing.reading_child", str(progress))
        try:
            done = subprocess.run(
                [*command, str(memory_mib), *job],
                env={**os.environ, "PYTHONPATH": _search_path()},
                capture_output=True,
                text=True,
                timeout=limit_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Verdict(job, {}, (f"{_case(progress)}: no end in {limit_s:g} s",))
        try:
            said = json.loads(done.stdout)
        except ValueError:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            wrong = f"{_case(progress)}: ended with {done.returncode}: {last}"
            return Verdict(job, {}, (wrong,))
    return Verdict(job, said["ends"], tuple(said["wrong"]))


def _case(progress: Path) -> str:
    return progress.read_text().strip() if progress.exists() else "before the first"


def _search_path() -> str:
    return os.pathsep.join((str(SCRIPTS), str(SCRIPTS.parent)))
