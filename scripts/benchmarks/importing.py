"""How long our own imports take, in processes that do nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import time

from benchmarks.figures import Figure

# "import time:  self [us] | cumulative | imported package"
_SELF_TIME = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| +(\S+)")


def measure_importing(*, quick: bool) -> list[Figure]:
    """Imports what the panel needs of us, and starts the command line."""
    runs = 3 if quick else 15
    # The first compiles what is not compiled yet, and fills the disk's cache.
    _own_ms("lrc_toolbox.queue")
    own = [_own_ms("lrc_toolbox.queue") for _ in range(runs)]
    whole = [_over_bare_ms(["-c", "import lrc_toolbox.queue"]) for _ in range(runs)]
    version = ["-m", "lrc_toolbox.cli.main", "--version"]
    command = [_over_bare_ms(version) for _ in range(runs)]
    return [
        Figure.of("imports of lrc_toolbox.queue, our own modules", own, "ms", aim=60),
        Figure.of("imports of lrc_toolbox.queue with all it needs", whole, "ms"),
        Figure.of("lrc --version over a bare interpreter", command, "ms"),
    ]


def _own_ms(module: str) -> float:
    """What the interpreter counts for modules of ours, without what they import."""
    argv = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    told = subprocess.run(argv, capture_output=True, text=True, check=True).stderr
    found = _SELF_TIME.findall(told)
    return sum(int(us) for us, name in found if name.startswith("lrc_toolbox")) / 1000


def _over_bare_ms(arguments: list[str]) -> float:
    """How much longer a process takes than one that does nothing."""
    return _process_ms(arguments) - _process_ms(["-c", "pass"])


def _process_ms(arguments: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return 1000 * (time.perf_counter() - began)
