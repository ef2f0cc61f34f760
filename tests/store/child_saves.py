"""A service: proves frame after frame of QUEUE_FILE's task 1.1 until it is killed.

Each frame is one save of the frame, the task's count and an event; its number is
printed when the save has returned. An error is printed and ends it.
"""

# ruff: noqa: T201  (it answers on its standard output)
from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.records import FrameRecord
from lrc_toolbox.jobs.states import FrameState
from lrc_toolbox.store.errors import StoreError
from lrc_toolbox.store.interface import Changes
from lrc_toolbox.store.sqlite_file import SqliteStore

store = SqliteStore(Path(sys.argv[1]), writer=True)
(task,) = store.tasks(1)
try:
    for number in count(task.done + 1):
        task.done = number
        frame = FrameRecord(task.id, number, FrameState.DONE, 1, 1, 1.5e9, 2.5)
        event = Event(EventKind.FRAME_PROVED, 1.5e9, 1, task.id, number, 1, "/r/x.exr")
        store.save(Changes(tasks=[task], frames=[frame], events=[event]))
        print(number, flush=True)
except StoreError as error:
    print(f"{error.reason} {error.remedy}", flush=True)
    store.close()
