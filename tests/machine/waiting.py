"""Waiting for what other threads and processes do, with a limit."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(true: Callable[[], object], limit_s: float = 30.0) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)
