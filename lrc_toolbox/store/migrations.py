"""The steps that make a queue file, and that bring an older one up to date.

Each is numbered, runs once, whole or not at all, under SQLite's write lock; the file's
`user_version` is the last one it has had. A step that has been released is never
changed, and steps only add: a service of the version before may still be running.
Knows nothing of records: what the columns hold is said in `store.rows`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from lrc_toolbox.store.transactions import Transaction

APPLICATION_ID = 0x4C524351  # "LRCQ"; what file(1) and we know a queue file by


class Migration(NamedTuple):
    """One step: its number, why it is there, and its statements."""

    number: int
    why: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        1,
        "The queue.",
        (
            # AUTOINCREMENT, because a job's number is its inbox number and must not
            # come again after the inbox was emptied. `plans` is last: what lists read
            # of a submission lies before it, so they never touch its pages.
            """
            CREATE TABLE inbox (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                at REAL NOT NULL,
                kind TEXT NOT NULL,
                body TEXT NOT NULL,
                tasks INTEGER NOT NULL,
                frames INTEGER NOT NULL,
                plans TEXT
            )
            """,
            # The sums over a job's tasks stand in its row, kept by the triggers below,
            # so that listing and counting never read the tasks. `shown` is in
            # thousandths of a percent of a frame: whole numbers, whose sum does not
            # drift away from 100 %.
            """
            CREATE TABLE job (
                id INTEGER PRIMARY KEY,
                state TEXT NOT NULL,
                priority INTEGER NOT NULL,
                paused INTEGER NOT NULL,
                cancelling INTEGER NOT NULL,
                submitted_at REAL NOT NULL,
                started_at REAL,
                ended_at REAL,
                reason TEXT NOT NULL,
                task_count INTEGER NOT NULL,
                tasks INTEGER NOT NULL DEFAULT 0,
                frames INTEGER NOT NULL DEFAULT 0,
                done INTEGER NOT NULL DEFAULT 0,
                failed INTEGER NOT NULL DEFAULT 0,
                shown INTEGER NOT NULL DEFAULT 0
            )
            """,
            "CREATE INDEX job_by_state ON job (state)",
            # Submissions and plans are long and never change; beside the rows that do
            # they would be copied with every change.
            """
            CREATE TABLE submission (
                job INTEGER PRIMARY KEY REFERENCES job (id),
                body TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE task (
                job INTEGER NOT NULL REFERENCES job (id),
                ordinal INTEGER NOT NULL,
                frames INTEGER NOT NULL,
                state TEXT NOT NULL,
                done INTEGER NOT NULL,
                failed INTEGER NOT NULL,
                shown_percent REAL NOT NULL,
                frame_seconds REAL,
                render_seconds REAL NOT NULL,
                started_at REAL,
                ended_at REAL,
                reason TEXT NOT NULL,
                last_picture TEXT NOT NULL,
                last_thumbnail TEXT NOT NULL,
                PRIMARY KEY (job, ordinal)
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE plan (
                job INTEGER NOT NULL,
                ordinal INTEGER NOT NULL,
                body TEXT NOT NULL,
                PRIMARY KEY (job, ordinal),
                FOREIGN KEY (job, ordinal) REFERENCES task (job, ordinal)
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE frame (
                job INTEGER NOT NULL,
                ordinal INTEGER NOT NULL,
                frame INTEGER NOT NULL,
                state TEXT NOT NULL,
                tries INTEGER NOT NULL,
                attempt INTEGER,
                started_at REAL,
                seconds REAL,
                failure TEXT,
                message TEXT,
                PRIMARY KEY (job, ordinal, frame),
                FOREIGN KEY (job, ordinal) REFERENCES task (job, ordinal)
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE attempt (
                id INTEGER PRIMARY KEY,
                job INTEGER NOT NULL,
                ordinal INTEGER NOT NULL,
                state TEXT NOT NULL,
                cpu_ids TEXT NOT NULL,
                memory_mib INTEGER NOT NULL,
                gpu_uuid TEXT,
                vram_mib INTEGER NOT NULL,
                log_path TEXT NOT NULL,
                log_start INTEGER NOT NULL,
                log_read INTEGER NOT NULL,
                pid INTEGER,
                process_created_at REAL,
                started_at REAL,
                ended_at REAL,
                exit_code INTEGER,
                failure TEXT,
                message TEXT,
                frame INTEGER,
                percent REAL NOT NULL,
                FOREIGN KEY (job, ordinal) REFERENCES task (job, ordinal)
            )
            """,
            "CREATE INDEX attempt_by_task ON attempt (job, ordinal)",
            # A handful of rows among all there ever were; asked for all the time.
            """
            CREATE INDEX live_attempt ON attempt (id)
                WHERE state IN ('starting', 'running', 'stopping')
            """,
            # No AUTOINCREMENT, which would write one more page with every event: the
            # newest event is never deleted, so its number cannot come again.
            """
            CREATE TABLE event (
                seq INTEGER PRIMARY KEY,
                at REAL NOT NULL,
                kind TEXT NOT NULL,
                job INTEGER,
                ordinal INTEGER,
                frame INTEGER,
                attempt INTEGER,
                text TEXT NOT NULL
            )
            """,
            # One row. `attempts_used` keeps the numbers of removed jobs' attempts.
            """
            CREATE TABLE queue (
                paused INTEGER NOT NULL,
                attempts_used INTEGER NOT NULL
            )
            """,
            "INSERT INTO queue VALUES (0, 0)",
            """
            CREATE TRIGGER task_added AFTER INSERT ON task BEGIN
                UPDATE job SET
                    tasks = tasks + 1,
                    frames = frames + new.frames,
                    done = done + new.done,
                    failed = failed + new.failed,
                    shown = shown + new.frames
                        * CAST(round(new.shown_percent * 1000) AS INTEGER)
                WHERE id = new.job;
            END
            """,
            """
            CREATE TRIGGER task_progressed
            AFTER UPDATE OF done, failed, shown_percent ON task
            WHEN new.done <> old.done OR new.failed <> old.failed
                OR new.shown_percent <> old.shown_percent
            BEGIN
                UPDATE job SET
                    done = done + new.done - old.done,
                    failed = failed + new.failed - old.failed,
                    shown = shown + new.frames
                        * (CAST(round(new.shown_percent * 1000) AS INTEGER)
                            - CAST(round(old.shown_percent * 1000) AS INTEGER))
                WHERE id = new.job;
            END
            """,
        ),
    ),
    Migration(
        2,
        "What layers were seen to need, what keeps the next jobs from starting, and "
        "what is odd about frames.",
        (
            """
            CREATE TABLE usage (
                key TEXT PRIMARY KEY,
                memory_mib INTEGER,
                vram_mib INTEGER,
                memory_short_mib INTEGER NOT NULL,
                vram_short_mib INTEGER NOT NULL,
                seen_at REAL NOT NULL
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE blocked (
                place INTEGER PRIMARY KEY,
                job INTEGER NOT NULL,
                resource TEXT NOT NULL,
                why TEXT NOT NULL
            )
            """,
            "ALTER TABLE attempt ADD COLUMN peak_memory_mib INTEGER",
            "ALTER TABLE attempt ADD COLUMN peak_vram_mib INTEGER",
            "ALTER TABLE task ADD COLUMN warning TEXT NOT NULL DEFAULT ''",
        ),
    ),
)

NEWEST = MIGRATIONS[-1].number


def file_version(db: sqlite3.Connection) -> int:
    """Return the number of the last step a file has had, 0 for a new one."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(
    db: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring a queue file up to date; two processes may do so at once.

    Raises:
        sqlite3.Error: a step cannot be made; the steps before it stay.
    """
    version = file_version(db)
    for migration in migrations:
        if migration.number > version:
            _run(db, migration)


def _run(db: sqlite3.Connection, migration: Migration) -> None:
    with Transaction(db):
        # Asked again under the lock: another process may have been faster.
        if migration.number > file_version(db):
            for statement in migration.statements:
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {migration.number}")
