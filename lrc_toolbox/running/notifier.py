"""Tells people what came of their jobs, beside the service's loop.

Each way of telling follows the queue's events on a thread of its own, so that a chat
service that is down keeps neither the desktop nor a render waiting. Owns when
something counts as told; the words are `notifying`'s.

How far a way is stands in a file. A notice counts as told once it was told, so a
service that is killed in between lets the next one tell it again; a command counts as
run before it is, so it is never run twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from contextlib import closing
from threading import Event as Flag
from threading import Thread

from lrc_toolbox.jobs.events import Event
from lrc_toolbox.jobs.notifications import NotificationSettings
from lrc_toolbox.notifying.not_told import NotToldError
from lrc_toolbox.notifying.notice import Notice
from lrc_toolbox.notifying.ways import Command, Desktop, Way, Webhook
from lrc_toolbox.running.home import Home
from lrc_toolbox.running.notices import is_notable, notice_of
from lrc_toolbox.running.notifications_file import NotificationsFile
from lrc_toolbox.running.told import Told
from lrc_toolbox.store.errors import StoreError
from lrc_toolbox.store.interface import Store
from lrc_toolbox.store.sqlite_file import SqliteStore

log = logging.getLogger(__name__)

#: How long, in seconds, a service that ends waits for what is being told. What is not
#: told by then is told by the next one.
END_S = 3.0


class Notifier:
    """Follows the events of a queue and tells of those that the settings name.

    Args:
        home: the state folder.
        last_event: number of the newest event: older ones are no news where nobody
            ever told any.
        ways: how people are told.
    """

    def __init__(
        self, home: Home, last_event: int, ways: Iterable[Way] | None = None
    ) -> None:
        if ways is None:
            ways = (Desktop(), Command(), Webhook())
        settings = NotificationsFile(home.notifications_file)
        self._leaving = Flag()
        self._followers = [
            _Follower(home, way, settings, self._leaving, last_event) for way in ways
        ]

    @property
    def busy(self) -> bool:
        """Whether somebody is being told."""
        return any(follower.busy for follower in self._followers)

    def hear(self, events: Iterable[Event]) -> None:
        """Look at the queue where one of the events, saved by now, may be news."""
        if any(map(is_notable, events)):
            self.ring()

    def ring(self) -> None:
        """Look at the queue for what was not told yet."""
        for follower in self._followers:
            follower.ring()

    def close(self, limit_s: float = END_S) -> None:
        """Tell what can be told within so many seconds, and end."""
        self._leaving.set()
        end = time.monotonic() + limit_s
        for follower in self._followers:
            follower.join(max(0.0, end - time.monotonic()))


class _Follower:
    """One way of telling, on a thread that ends when there is nothing to tell."""

    def __init__(
        self,
        home: Home,
        way: Way,
        settings: NotificationsFile,
        leaving: Flag,
        last_event: int,
    ) -> None:
        self._queue_file = home.queue_file
        self._way = way
        self._settings = settings
        self._leaving = leaving
        self._file = home.told_file(way.name)
        told = Told.load(self._file)
        # A queue file that was begun anew counts from 1 again.
        if told is None or told.event > last_event:
            told = Told(last_event)
            told.save(self._file)
        self._told = told
        self._seen = told.event
        self._bell = Flag()
        self._working = False
        self._thread: Thread | None = None

    @property
    def busy(self) -> bool:
        return self._bell.is_set() or self._working

    def ring(self) -> None:
        self._bell.set()
        if self._thread is None:
            name = f"lrc-notify-{self._way.name}"
            # A daemon: a chat service that is down must not keep the process alive.
            self._thread = Thread(target=self._run, name=name, daemon=True)
            self._thread.start()

    def join(self, limit_s: float) -> None:
        if self._thread is not None:
            self._bell.set()
            self._thread.join(limit_s)

    def _run(self) -> None:
        while True:
            self._bell.wait()
            self._working = True
            self._bell.clear()
            leaving = self._leaving.is_set()
            try:
                self._catch_up()
            except StoreError as error:
                log.error("nobody can be told by %s: %s", self._way.name, error)
            self._working = False
            if leaving:
                return

    def _catch_up(self) -> None:
        with closing(SqliteStore(self._queue_file)) as store:
            while events := store.events(self._seen):
                for event in events:
                    if is_notable(event) and not self._dealt_with(event, store):
                        return
                    self._seen = event.seq

    def _dealt_with(self, event: Event, store: Store) -> bool:
        try:
            return self._deal_with(event, store)
        except StoreError:
            raise
        except Exception:
            # An edge, as the service's loop is: what comes next is still told.
            log.exception("while telling of %r by %s", event, self._way.name)
            return True

    def _deal_with(self, event: Event, store: Store) -> bool:
        """Tell an event; False where time ran out, so that the next service does."""
        notice = notice_of(event, store)
        settings = self._settings.settings()
        if notice is not None and notice.job is not None:
            settings = settings.for_job(notice.job.submission.notify)
        if notice is None or not self._way.wanted(notice, settings):
            self._note(Told(event.seq, self._told.problem, self._told.at))
            return True
        failures = self._tell(notice, settings)
        if any(failure.passing for failure in failures):
            return False
        problem = "\n".join(map(str, failures))
        if problem and problem != self._told.problem:
            log.warning("%s: %s", self._way.name, problem)
        self._note(Told(event.seq, problem, time.time()))
        return True

    def _tell(
        self, notice: Notice, settings: NotificationSettings
    ) -> list[NotToldError]:
        if self._way.at_most_once:
            self._note(Told(notice.number, self._told.problem, time.time()))
        return self._way.tell(notice, settings, self._leaving.wait)

    def _note(self, told: Told) -> None:
        self._told = told
        told.save(self._file)
