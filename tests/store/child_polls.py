"""A panel: reads QUEUE_FILE again and again, as fast as it can, until it is killed.

Prints "reading" after the first time.
"""

# ruff: noqa: T201  (it answers on its standard output)
from __future__ import annotations

import sys
from pathlib import Path

from lrc_toolbox.store.sqlite_file import SqliteStore

store = SqliteStore(Path(sys.argv[1]))
newest = -1
while True:
    store.version()
    store.jobs()
    store.totals()
    store.attempts(live=True)
    store.events(after=newest)
    if newest < 0:
        print("reading", flush=True)
    newest = store.last_event()
