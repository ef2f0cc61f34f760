"""Programs that stand in for others: Python code that is started by its path."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def write_program(path: Path, code: str) -> Path:
    """Make an executable file of Python code; POSIX only.

    Through a shell, because a path in a `#!` line may hold no blanks, and the
    interpreter's may.
    """
    beside = path.with_name(f"{path.name}_code.py")
    beside.write_text(code, encoding="utf-8")
    python, script = shlex.quote(sys.executable), shlex.quote(str(beside))
    path.write_text(f'#!/bin/sh\nexec {python} {script} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path
