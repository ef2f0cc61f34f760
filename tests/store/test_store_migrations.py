"""Queue files of every version become the newest, once, whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lrc_toolbox.store.migrations import (
    APPLICATION_ID,
    MIGRATIONS,
    NEWEST,
    Migration,
    file_version,
    migrate,
)
from lrc_toolbox.store.sqlite_file import SqliteStore

# A row as each version's programs wrote it, put in when the file was at that version.
# Whoever adds a migration adds what the version it makes can hold.
ROWS = {
    1: (
        "INSERT INTO job (id, state, priority, paused, cancelling, submitted_at, "
        "reason, task_count) "
        "VALUES (1, 'running', 50, 0, 0, 1.5, '', 1)",
        "INSERT INTO submission VALUES (1, "
        """'{"scene": "/a.ma", "output_folder": "/r", "user": "ada"}')""",
        "INSERT INTO task VALUES (1, 1, 10, 'running', 3, 0, 35.0, 1.5, 4.5, 2.5, "
        "NULL, '', '/r/a.0003.exr', '')",
        """INSERT INTO plan VALUES (1, 1, '{"layer": "beauty", "camera": "persp", """
        """"frames": "1-10", "pictures": [["/r/a.####.exr", 8, 8, ["R"]]], """
        """"settings": {}}')""",
        "INSERT INTO frame VALUES (1, 1, 3, 'done', 1, 1, 2.5, 1.5, NULL, NULL)",
    ),
}
ROWS[2] = (
    *(
        row.replace("'/r/a.0003.exr', '')", "'/r/a.0003.exr', '', 'Odd.')")
        for row in ROWS[1]
    ),
    "INSERT INTO usage VALUES ('/a.ma|beauty|8x8|arnold', 900, NULL, 0, 0, 1.5)",
    "INSERT INTO blocked VALUES (1, 1, 'gpu', 'Renders use GPU 1.')",
)


def open_plain(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def schema(path: Path) -> list[tuple[str, ...]]:
    with closing(open_plain(path)) as db:
        return db.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        ).fetchall()


def test_migrations_are_numbered_from_one_and_say_why() -> None:
    numbers = [migration.number for migration in MIGRATIONS]
    assert numbers == list(range(1, NEWEST + 1))
    assert all(migration.why.endswith(".") for migration in MIGRATIONS)


@pytest.mark.parametrize("version", [migration.number for migration in MIGRATIONS])
def test_a_queue_of_each_version_is_read_by_this_program(
    queue_file: Path, tmp_path: Path, version: int
) -> None:
    with closing(open_plain(queue_file)) as db:
        migrate(db, MIGRATIONS[:version])
        for statement in ROWS[version]:
            db.execute(statement)
    with closing(SqliteStore(queue_file)) as store:
        (job,) = store.jobs()
        (task,) = store.tasks(1)
        assert (job.name, task.plan.layer, task.done) == ("a", "beauty", 3)
        assert store.totals()[1].done == 3
        assert [frame.frame for frame in store.frames(task.id)] == [3]
    fresh = tmp_path / "fresh.sqlite"
    SqliteStore(fresh).close()
    assert schema(queue_file) == schema(fresh)


def test_a_migrated_file_says_whose_it_is_and_how_far_it_is(queue_file: Path) -> None:
    SqliteStore(queue_file).close()
    with closing(open_plain(queue_file)) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert file_version(db) == NEWEST
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_step_that_fails_leaves_nothing_and_is_tried_again(queue_file: Path) -> None:
    first = Migration(1, "One.", ("CREATE TABLE one (a)",))
    second = Migration(
        2, "Two.", ("CREATE TABLE two (a)", "INSERT INTO three VALUES (1)")
    )
    third = Migration(3, "Three.", ("CREATE TABLE later (a)",))
    with closing(open_plain(queue_file)) as db:
        with pytest.raises(sqlite3.OperationalError, match="three"):
            migrate(db, (first, second, third))
        assert file_version(db) == 1
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("one",)]
        db.execute("CREATE TABLE three (a)")
        migrate(db, (first, second, third))
        assert file_version(db) == 3


def test_a_step_is_made_once_however_often_the_file_is_opened(queue_file: Path) -> None:
    once = Migration(1, "Once.", ("CREATE TABLE once (a)",))
    with closing(open_plain(queue_file)) as db:
        migrate(db, (once,))
        migrate(db, (once,))
        assert file_version(db) == 1


def test_a_step_another_process_made_meanwhile_is_not_made_again(
    queue_file: Path,
) -> None:
    once = Migration(1, "Once.", ("CREATE TABLE once (a)",))
    with (
        closing(open_plain(queue_file)) as slow,
        closing(open_plain(queue_file)) as fast,
    ):

        class MeanwhileMigrations(tuple):
            def __iter__(self):
                migrate(fast, (once,))
                return super().__iter__()

        migrate(slow, MeanwhileMigrations((once,)))
        assert file_version(slow) == 1
