"""The service's process: `python -m lrc_toolbox.running [--home FOLDER]`.

Clients start it by themselves (`running.launching`). One service at a time holds the
lock of a state folder; a second one says so and leaves.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
from logging.handlers import RotatingFileHandler
from types import FrameType

from filelock import FileLock, Timeout

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.running import processes
from lrc_toolbox.running.computer import Computer
from lrc_toolbox.running.home import HOME_VARIABLE, Home
from lrc_toolbox.running.machine_news import MachineNews
from lrc_toolbox.running.policy_file import PolicyFile
from lrc_toolbox.running.service import Service
from lrc_toolbox.running.settings import Settings
from lrc_toolbox.running.waking import Doorbell, ServiceAddress, write_address
from lrc_toolbox.store.sqlite_file import SqliteStore

log = logging.getLogger(__name__)

#: How long a starting service waits for one that is leaving, in seconds.
LOCK_S = 10.0


def main(arguments: list[str] | None = None) -> int:
    """Run the service of a state folder until it is idle or told to end.

    Returns:
        0 after a run, 3 where another service holds the folder, 1 for any other error.
    """
    parser = argparse.ArgumentParser(prog="python -m lrc_toolbox.running")
    parser.add_argument("--home", help=f"state folder (default: ${HOME_VARIABLE})")
    parser.add_argument("--wait", type=float, default=LOCK_S, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    home = Home.of(options.home)
    # Everything that the service starts shall know the same state folder.
    os.environ[HOME_VARIABLE] = str(home.folder)
    try:
        home.create()
        _write_log(home)
        with FileLock(home.lock_file, timeout=options.wait):
            _serve(home)
    except Timeout:
        text = f"Another service runs for {home.folder}. It does the work; this one "
        print(f"{text}leaves.", file=sys.stderr)
        return 3
    except (LrcError, OSError) as error:
        log.error("%s", error)
        print(error, file=sys.stderr)
        return 1
    return 0


def _serve(home: Home) -> None:
    settings = Settings.from_environment()
    store = SqliteStore(home.queue_file, writer=True)
    policy = PolicyFile(home.policy_file, settings.slots)
    news = MachineNews(Computer(home), policy)
    service = Service(home, store, news=news, idle_s=settings.idle_s)
    _leave_on_signals(service)
    try:
        service.start()
        while True:
            bell = Doorbell(service.ring)
            _announce(home, bell, settings.slots)
            told_to_leave = service.run()
            # Who writes after this finds no bell and starts the next service; who
            # wrote before it is found here.
            bell.close()
            if told_to_leave or not store.inbox(limit=1):
                break
    finally:
        with contextlib.suppress(OSError):
            home.service_file.unlink()
        service.close()
        store.close()


def _announce(home: Home, bell: Doorbell, slots: int | None) -> None:
    me = processes.identity_of(os.getpid())
    created = me.created_at if me else 0.0
    address = ServiceAddress(os.getpid(), created, bell.address, slots)
    write_address(home, address)


def _leave_on_signals(service: Service) -> None:
    def leave(_number: int, _frame: FrameType | None) -> None:
        service.ask_to_leave()

    signal.signal(signal.SIGTERM, leave)
    # Ctrl-C in the terminal of the client that started it is not meant for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write_log(home: Home) -> None:
    handler = RotatingFileHandler(
        home.service_log, maxBytes=1_000_000, backupCount=1, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


if __name__ == "__main__":
    raise SystemExit(main())
