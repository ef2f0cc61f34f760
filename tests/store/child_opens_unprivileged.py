"""Opens QUEUE_FILE as a user who may not write it, and prints what went wrong."""

# ruff: noqa: T201  (it answers on its standard output)
from __future__ import annotations

import os
import sys
from pathlib import Path

from lrc_toolbox.jobs.commands import Cancel
from lrc_toolbox.store.errors import StoreError
from lrc_toolbox.store.sqlite_file import SqliteStore

if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    SqliteStore(Path(sys.argv[1])).append([Cancel(1)], 0.0)
    print("written")
except StoreError as error:
    print(error)
