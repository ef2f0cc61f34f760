"""Making very many records at once.

Python's collector for cycles is set off by the number of objects made and looks at all
that are alive; it makes reading 100,000 tasks three times as slow and frees nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def making_many() -> Iterator[None]:
    """Keep the collector for cycles still for a moment, in all threads."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
