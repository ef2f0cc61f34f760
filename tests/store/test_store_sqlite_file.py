"""What only a queue in a file can do: be shared, be killed, be full, stay small."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import threading
from contextlib import closing
from itertools import chain, pairwise
from pathlib import Path

import pytest

from lrc_toolbox.jobs.commands import Cancel, Pause, Resume
from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import FrameRecord, TaskId
from lrc_toolbox.jobs.states import FrameState, TaskState
from lrc_toolbox.store.errors import StoreError
from lrc_toolbox.store.interface import Changes
from lrc_toolbox.store.listing import LIVE_ATTEMPTS
from lrc_toolbox.store.sqlite_file import SqliteStore

NOW = 1_700_000_000.25
MIB = 1024 * 1024


@pytest.fixture
def raw(queue_file: Path, file_store: SqliteStore):
    """The queue file as SQLite sees it, through a connection of the test's own."""
    connection = sqlite3.connect(queue_file, isolation_level=None)
    yield connection
    connection.close()


def wal_size(queue_file: Path) -> int:
    return Path(f"{queue_file}-wal").stat().st_size


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


# -- shared between processes ----------------------------------------------------------


def test_a_reader_sees_what_another_process_saved_and_that_it_did(
    queue_file: Path, file_store: SqliteStore, make, start
) -> None:
    make.queue(file_store, 1, "1-1000000")
    reader = SqliteStore(queue_file)
    before = reader.version()
    service = start("child_saves.py", queue_file)
    assert said(service) == "1"
    assert reader.version() != before
    assert reader.tasks(1)[0].done >= 1
    assert reader.frames(TaskId(1, 1))[0].state is FrameState.DONE
    reader.close()


def test_clients_that_make_and_use_a_file_at_once_all_get_their_own_numbers(
    queue_file: Path, start
) -> None:
    clients = [start("child_appends.py", queue_file, 20) for _ in range(5)]
    assert [said(client) for client in clients] == ["ready"] * 5
    for client in clients:
        client.stdin.write("go\n")
        client.stdin.flush()
    answers = [client.communicate(timeout=60)[0] for client in clients]
    assert [client.returncode for client in clients] == [0] * 5, answers
    numbers = [[int(word) for word in answer.split()] for answer in answers]
    assert all(one < other for row in numbers for one, other in pairwise(row))
    assert sorted(chain.from_iterable(numbers)) == list(range(1, 101))
    with closing(SqliteStore(queue_file)) as store:
        assert [number for number, _, _ in store.inbox()] == list(range(1, 101))


def test_what_a_killed_service_saved_is_whole_and_nothing_of_it_is_lost(
    queue_file: Path, file_store: SqliteStore, make, start
) -> None:
    make.queue(file_store, 1, "1-1000000")
    file_store.close()
    last = 0
    for burst in (50, 500, 1500):
        service = start("child_saves.py", queue_file)
        while last < burst:
            last = int(said(service))
        service.kill()
        # What it said between the last line read here and its end counts too.
        lines = service.communicate()[0].split()
        last = int(lines[-1]) if lines else last
        store = SqliteStore(queue_file)
        done = store.tasks(1)[0].done
        assert done >= last
        assert [row.frame for row in store.frames(TaskId(1, 1))] == list(
            range(1, done + 1)
        )
        assert store.last_event() == done
        assert store.totals()[1].done == done
        store.close()
        last = done
    with sqlite3.connect(queue_file) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def test_a_store_may_be_used_in_another_thread_than_it_was_made_in(
    file_store: SqliteStore, make
) -> None:
    thread = threading.Thread(target=make.queue, args=(file_store,))
    thread.start()
    thread.join()
    assert len(file_store.jobs()) == 1


def test_only_the_services_store_saves(queue_file: Path, make) -> None:
    store = SqliteStore(queue_file)
    with pytest.raises(StoreError, match="only the service"):
        store.save(Changes(jobs=[make.job(1)]))
    store.close()


def test_everything_is_there_when_the_file_is_opened_again(
    queue_file: Path, file_store: SqliteStore, make
) -> None:
    (task,) = make.queue(file_store)
    numbers = file_store.append([make.submit("1-3")] * 3, NOW)
    file_store.save(Changes(inbox_done=numbers[-1], queue_paused=True))
    file_store.close()
    store = SqliteStore(queue_file)
    assert store.tasks(1) == [task]
    assert store.queue_paused()
    assert store.append([Cancel(1)], NOW) == [numbers[-1] + 1]
    store.close()


# -- kept small ------------------------------------------------------------------------


def test_the_log_of_writes_stays_small_while_a_panel_reads_all_the_time(
    queue_file: Path, file_store: SqliteStore, make, start
) -> None:
    (task,) = make.queue(file_store, 1, "1-50000")
    panel = start("child_polls.py", queue_file)
    assert said(panel) == "reading"
    largest = 0
    for number in range(1, 50_001):
        frame = make.frame(task.id, number, FrameState.DONE)
        file_store.save(Changes(frames=[frame]))
        if number % 500 == 0:
            largest = max(largest, wal_size(queue_file))
    assert panel.poll() is None
    # A reader that kept its place for the whole time would make it 220 MiB.
    assert largest < 24 * MIB
    panel.kill()
    panel.wait()
    file_store.checkpoint()
    assert wal_size(queue_file) == 0


def test_a_checkpoint_waits_for_no_reader_and_takes_what_it_can(
    queue_file: Path, file_store: SqliteStore, raw: sqlite3.Connection, make
) -> None:
    make.queue(file_store)
    raw.execute("BEGIN")
    raw.execute("SELECT count(*) FROM job").fetchone()
    make.queue(file_store, 2)
    file_store._db.execute("PRAGMA busy_timeout = 600000")
    checkpoint = threading.Thread(target=file_store.checkpoint, daemon=True)
    checkpoint.start()
    checkpoint.join(timeout=60)
    assert not checkpoint.is_alive()
    assert wal_size(queue_file) > 0
    raw.execute("COMMIT")
    file_store.checkpoint()
    assert wal_size(queue_file) == 0


def test_a_writer_still_waits_for_others_after_a_checkpoint(
    file_store: SqliteStore, make
) -> None:
    before = file_store._db.execute("PRAGMA busy_timeout").fetchone()
    make.queue(file_store)
    file_store.checkpoint()
    assert file_store._db.execute("PRAGMA busy_timeout").fetchone() == before
    assert before[0] > 0


def test_a_file_that_was_taken_away_is_noticed(
    queue_file: Path, file_store: SqliteStore, make
) -> None:
    make.queue(file_store)
    queue_file.rename(queue_file.with_suffix(".moved"))
    with pytest.raises(StoreError, match="moved, replaced or deleted"):
        file_store.checkpoint()
    SqliteStore(queue_file).close()
    with pytest.raises(StoreError, match="moved, replaced or deleted"):
        file_store.checkpoint()


def test_a_hundred_thousand_proved_frames_fit_in_ten_megabytes(
    queue_file: Path, file_store: SqliteStore, make
) -> None:
    (task,) = make.queue(file_store, 1, "1-100000")
    task.state = TaskState.RUNNING
    file_store.save(
        Changes(
            tasks=[task],
            frames=[
                FrameRecord(
                    task.id, number, FrameState.DONE, 1, 1234, NOW + number, 1.234567
                )
                for number in range(1, 100_001)
            ],
        )
    )
    file_store.checkpoint()
    assert queue_file.stat().st_size < 10 * MIB
    work = file_store.load_open_work()
    assert work.settled == {task.id: FrameRange.parse("1-100000")}
    assert work.frames == []


def test_lists_and_sums_are_read_without_any_plan(
    file_store: SqliteStore, raw: sqlite3.Connection, make
) -> None:
    (task,) = make.queue(file_store)
    file_store.append([make.submit("1-10")] * 2, NOW)
    file_store.save(Changes(attempts=[make.attempt(1, task.id)]))
    raw.execute("UPDATE plan SET body = 'no JSON'")
    raw.execute("UPDATE inbox SET plans = 'no JSON'")
    assert len(file_store.jobs()) == 2
    assert len(file_store.totals()) == 2
    assert file_store.counts().frames == 20
    assert file_store.frames(task.id) == []
    assert len(file_store.attempts(live=True)) == 1


def test_live_attempts_are_found_by_their_index(
    raw: sqlite3.Connection,
) -> None:
    plan = raw.execute(f"EXPLAIN QUERY PLAN {LIVE_ATTEMPTS}").fetchall()
    assert "live_attempt" in str(plan)


# -- what goes wrong -------------------------------------------------------------------


def test_names_that_are_no_unicode_do_not_stop_the_service(
    file_store: SqliteStore, make
) -> None:
    broken = "/r/\udcff é.exr"
    (task,) = make.queue(file_store)
    task.last_picture = task.last_thumbnail = task.reason = broken
    frame = make.frame(task.id, 1, FrameState.FAILED)
    frame.failure = Failure(FailureClass.DISK, broken)
    attempt = make.attempt(1, task.id)
    attempt.log_path = broken
    job = make.job(1, reason=broken)
    event = Event(EventKind.FRAME_PROVED, NOW, 1, text=broken)
    file_store.save(
        Changes(
            jobs=[job], tasks=[task], frames=[frame], attempts=[attempt], events=[event]
        )
    )
    assert file_store.events()[0].text == "/r/? é.exr"
    assert file_store.tasks(1)[0].last_picture == "/r/? é.exr"


def test_another_process_that_never_lets_go_is_told(
    file_store: SqliteStore, raw: sqlite3.Connection, make
) -> None:
    file_store._db.execute("PRAGMA busy_timeout = 50")
    raw.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked for too long"):
        make.queue(file_store)
    raw.execute("ROLLBACK")
    make.queue(file_store)
    assert len(file_store.jobs()) == 1


def test_a_closed_store_says_so(file_store: SqliteStore) -> None:
    file_store.close()
    with pytest.raises(StoreError, match="closed"):
        file_store.jobs()


def test_a_full_file_takes_nothing_in_part_and_goes_on_when_there_is_room(
    file_store: SqliteStore, make
) -> None:
    (task,) = make.queue(file_store, 1, "1-100000")
    (pages,) = file_store._db.execute("PRAGMA page_count").fetchone()
    file_store._db.execute(f"PRAGMA max_page_count = {pages + 5}")
    rows = [make.frame(task.id, n, FrameState.DONE) for n in range(1, 50_001)]
    with pytest.raises(StoreError, match=r"disk is full.*Free some space"):
        file_store.save(Changes(frames=rows))
    assert file_store.frames(task.id) == []
    file_store._db.execute("PRAGMA max_page_count = 1000000")
    file_store.save(Changes(frames=rows))
    assert len(file_store.frames(task.id)) == 50_000


def test_what_a_newer_program_asks_stays_for_a_newer_service(
    file_store: SqliteStore, queue_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (first,) = file_store.append([Pause(1)], NOW)
    with closing(sqlite3.connect(queue_file)) as db, db:
        for kind, body in (("pause", '{"job": 1, "softly": 2}'), ("dance", "{}")):
            row = (NOW, kind, body, 0, 0)
            db.execute(
                "INSERT INTO inbox (at, kind, body, tasks, frames) "
                "VALUES (?, ?, ?, ?, ?)",
                row,
            )
    (last,) = file_store.append([Resume(1)], NOW)
    with caplog.at_level(logging.ERROR):
        assert file_store.inbox() == [(first, NOW, Pause(1)), (last, NOW, Resume(1))]
        file_store.save(Changes(inbox_done=last))
        assert file_store.inbox() == []
    assert len(caplog.records) == 2
    assert f"pid {os.getpid()}" in caplog.records[0].getMessage()
    with closing(sqlite3.connect(queue_file)) as db:
        kinds = db.execute("SELECT kind FROM inbox ORDER BY number").fetchall()
    assert kinds == [("pause",), ("dance",)]
