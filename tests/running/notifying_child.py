"""Tells what is not told yet, in a process of its own that may be killed.

Arguments: the state folder. Ends when it has told all.
"""

import sys
import time

from lrc_toolbox.running.home import Home
from lrc_toolbox.running.notifier import Notifier
from lrc_toolbox.store.sqlite_file import SqliteStore

home = Home.of(sys.argv[1])
store = SqliteStore(home.queue_file)
notifier = Notifier(home, store.last_event())
notifier.ring()
while notifier.busy:
    time.sleep(0.01)
