"""A client: opens QUEUE_FILE when told to and appends COUNT commands, one by one.

Prints "ready", waits for a line on its standard input, prints the numbers it got.
"""

# ruff: noqa: T201  (it answers on its standard output)
from __future__ import annotations

import sys
from pathlib import Path

from lrc_toolbox.jobs.commands import Cancel
from lrc_toolbox.store.sqlite_file import SqliteStore

path, count = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
store = SqliteStore(path)
print(*(store.append([Cancel(1)], 0.0)[0] for _ in range(count)))
store.close()
