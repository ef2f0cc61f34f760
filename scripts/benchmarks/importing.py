"""What our own imports cost, in processes that do nothing else.

In CPU time, which says the same on a busy machine as on an idle one.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.figures import Figure

_CLIENT = "lrc_toolbox.queue"
# Each tells at its end how much CPU time it used since it was started, in seconds.
_TELLING = "import atexit, time; atexit.register(lambda: print(time.process_time()))\n"
_IMPORT = (
    "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
)
_VERSION = """\
import runpy, sys
sys.argv = ["lrc", "--version"]
runpy.run_module("lrc_toolbox.cli.main", run_name="__main__")
"""


def measure_importing(*, quick: bool) -> list[Figure]:
    """Imports what the panel needs of us, and starts the command line."""
    runs = 3 if quick else 15
    # This first import also compiles what is not compiled yet.
    foreign = _foreign_modules()
    own: list[float] = []
    whole: list[float] = []
    version: list[float] = []
    for _ in range(runs):
        bare, all_ms = _cpu_ms(_IMPORT), _cpu_ms(_IMPORT, _CLIENT)
        own.append(all_ms - _cpu_ms(_IMPORT, *foreign))
        whole.append(all_ms - bare)
        version.append(_cpu_ms(_VERSION) - bare)
    return [
        Figure.of(f"import {_CLIENT}, our own modules", own, "ms", aim=60),
        Figure.of(f"import {_CLIENT} with all it needs", whole, "ms"),
        Figure.of("lrc --version over a bare interpreter", version, "ms"),
    ]


def _foreign_modules() -> list[str]:
    """What our client imports of others, in the order in which it does."""
    code = f"import sys, {_CLIENT}; print(*sys.modules, sep='\\n')"
    argv = [sys.executable, "-c", code]
    told = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    ours = ("lrc_toolbox", "__main__")
    return [name for name in told.splitlines() if not name.startswith(ours)]


def _cpu_ms(code: str, *arguments: str) -> float:
    argv = [sys.executable, "-c", _TELLING + code, *arguments]
    told = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return 1000 * float(told.splitlines()[-1])
