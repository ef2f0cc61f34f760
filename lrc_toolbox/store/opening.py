"""Opening a queue file: what it must be, and how SQLite is set up for it.

A file that is not ours, or from the future, is refused before anything is written to
it. What is read and written afterwards is no matter of this file.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from lrc_toolbox.store.disks import require_local_disk
from lrc_toolbox.store.errors import (
    FutureQueueError,
    NotAQueueError,
    StoreError,
    explain,
)
from lrc_toolbox.store.migrations import APPLICATION_ID, NEWEST, file_version, migrate
from lrc_toolbox.store.transactions import Transaction

# How long one process waits for another's write. The longest is a submission of
# 100,000 tasks, about two seconds.
PATIENCE_MS = 15_000
_WAL_KEPT_BYTES = 4 * 1024 * 1024


def open_queue_file(path: Path) -> sqlite3.Connection:
    """Open a queue file, making it where it is missing or empty.

    Raises:
        NetworkDriveError: its folder is on a network drive.
        NotAQueueError: the file holds something else.
        FutureQueueError: a newer LRC Toolbox wrote it.
        StoreError: it cannot be opened.
    """
    require_local_disk(path.parent)
    try:
        return _open(path)
    except sqlite3.Error as error:
        raise explain(path, error) from error


def _open(path: Path) -> sqlite3.Connection:
    # check_same_thread: a store may be made in one thread and used in another, by one
    # at a time. isolation_level None: every transaction stands in our own code.
    db = sqlite3.connect(
        path,
        timeout=PATIENCE_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _require_queue(db, path)
        _set_up(db, path)
        migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _require_queue(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not ours, or newer than we are."""
    # In one transaction, so that another process cannot make the file in between.
    with Transaction(db, reading=True):
        (application,) = db.execute("PRAGMA application_id").fetchone()
        version = file_version(db)
        (things,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (application or version or things):
        raise NotAQueueError(path, "this SQLite database is another program's.")
    if version > NEWEST:
        raise FutureQueueError(path, version, NEWEST)


def _set_up(db: sqlite3.Connection, path: Path) -> None:
    _write_ahead(db, path)
    # NORMAL: what was saved survives any crash of ours, because it is with the
    # operating system; the disk is told to keep it at checkpoints. A power cut may
    # lose the last seconds, and never leaves half a change or a damaged file. FULL
    # would cost five times as much for each of a render's small changes.
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT_BYTES}")
    db.execute("PRAGMA foreign_keys = ON")
    # Debian compiles SQLite to overwrite what is deleted; a queue keeps no secrets.
    db.execute("PRAGMA secure_delete = OFF")


def _write_ahead(db: sqlite3.Connection, path: Path) -> None:
    """Have changes written beside the file, so that readers never wait."""
    # Turning it on does not wait for other processes that open the new file at the
    # same moment, as every other statement does, but says "locked" at once.
    deadline = time.monotonic() + PATIENCE_MS / 1000
    mode = _try_write_ahead(db, deadline)
    while mode is None:
        time.sleep(0.005)
        mode = _try_write_ahead(db, deadline)
    if mode != "wal":
        raise StoreError(
            path,
            "its file system has no memory that processes can share, which a queue "
            "needs.",
            remedy="Set LRC_HOME to a folder on a disk of this computer.",
        )


def _try_write_ahead(db: sqlite3.Connection, deadline: float) -> str | None:
    """Return the way changes are written now; None while another process is at it."""
    try:
        return str(db.execute("PRAGMA journal_mode = WAL").fetchone()[0])
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) or time.monotonic() > deadline:
            raise
        return None
