"""The checks of the code: each named and timed, all run, even when one fails.

Runs in the prepared environment, from the repository's folder; ``check.py`` sees to
both. Each check is a program of its own whose output passes through.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One check: what it looks at, and the arguments of Python that run it."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How one check went: its exit code, and its time in seconds."""

    name: str
    code: int
    seconds: float

    def __str__(self) -> str:
        verdict = "passed" if self.code == 0 else f"FAILED (exit code {self.code})"
        return f"{self.name:<14} {self.seconds:6.1f} s  {verdict}"


CHECKS = (
    Check("lint", ("-m", "ruff", "check")),
    Check("format", ("-m", "ruff", "format", "--check")),
    Check("types", ("-m", "mypy")),
    Check("import walls", ("scripts/walls.py",)),
)
TESTS = Check("tests", ("-m", "pytest"))


def run(check: Check) -> Outcome:
    """Runs one check and waits for it."""
    print(f"== {check.name}", flush=True)
    began = time.monotonic()
    code = subprocess.call([sys.executable, *check.arguments])
    return Outcome(check.name, code, time.monotonic() - began)


def main(arguments: Sequence[str]) -> int:
    """Runs the checks; 0 where all passed."""
    parser = argparse.ArgumentParser(prog="check.py", description=__doc__)
    parser.add_argument("--no-tests", action="store_true", help="leave the tests out")
    wanted = parser.parse_args(arguments)
    outcomes = [run(check) for check in CHECKS + (() if wanted.no_tests else (TESTS,))]
    print("== summary", *outcomes, sep="\n", flush=True)
    return int(any(outcome.code for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
