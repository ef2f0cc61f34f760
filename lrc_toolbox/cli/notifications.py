"""`lrc notify`: who is told, and a test that tells them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typer

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.jobs.notifications import NotificationSettings
from lrc_toolbox.jobs.wording import clock_time, count, listed, printable
from lrc_toolbox.notifying.not_told import NotToldError
from lrc_toolbox.notifying.notice import Notice
from lrc_toolbox.notifying.ways import Command, Desktop, Way, Webhook
from lrc_toolbox.notifying.webhook import host
from lrc_toolbox.queue import Home
from lrc_toolbox.running.told import Told


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one way of telling.

    Attributes:
        to: who is told; empty where it is switched off.
        told: what came of it the last time; None where nobody was told.
    """

    way: str
    to: str
    told: Told | None

    def to_json(self) -> dict[str, Any]:
        """Describe it for programs."""
        told = self.told
        return {
            "way": self.way,
            "to": self.to,
            "at": None if told is None else told.at,
            "problem": "" if told is None else told.problem,
        }


def show_settings(as_json: bool) -> ExitCode:
    """Say who is told of what.

    Raises:
        NotificationsError: the settings cannot be read, or one of them is wrong.
    """
    home = Home.of()
    settings = NotificationSettings.load(home.notifications_file)
    lines = [
        Line(way, to, Told.load(home.told_file(way)))
        for way, to in _recipients(settings).items()
    ]
    if as_json:
        path, ways = str(home.notifications_file), [line.to_json() for line in lines]
        print_document({"path": path, "events": settings.events, "ways": ways})
        return ExitCode.DONE
    typer.echo(printable(str(home.notifications_file)))
    typer.echo(f"  told of  {', '.join(settings.events) or 'nothing'}")
    for line in lines:
        typer.echo(f"  {line.way:7}  {printable(line.to) or 'off'}")
        for sentence in _history(line.told):
            typer.echo(f"           {sentence}")
    return ExitCode.DONE


def print_path() -> ExitCode:
    """Print where the file lies, or would."""
    typer.echo(Home.of().notifications_file)
    return ExitCode.DONE


def tell_all(as_json: bool) -> ExitCode:
    """Tell everybody that it is a test, each once.

    Raises:
        NotificationsError: the settings cannot be read, or one of them is wrong.
    """
    settings = NotificationSettings.load(Home.of().notifications_file)
    # Whatever they are told of else: it is the way that is tested.
    settings = settings.model_copy(update={"events": ("done",)})
    reason = "This is a test of LRC Toolbox."
    notice = Notice(0, "done", time.time(), reason)
    failures: dict[str, list[NotToldError]] = {}
    for way in _ways():
        if way.wanted(notice, settings):
            failures[way.name] = way.tell(notice, settings, _never)
    return _report(failures, _recipients(settings), as_json)


def _report(
    failures: dict[str, list[NotToldError]], to: dict[str, str], as_json: bool
) -> ExitCode:
    code = ExitCode.REFUSED if any(failures.values()) else ExitCode.DONE
    if as_json:
        told = [_outcome(way, to[way], found) for way, found in failures.items()]
        print_document({"told": told, "exit_code": int(code)})
        return code
    if not failures:
        typer.echo("Nobody is told: the settings switch everything off.")
    for way, found in failures.items():
        said = [printable(str(error)) for error in found] or ["told"]
        typer.echo(f"{way} ({printable(to[way])}): {said[0]}")
        for more in said[1:]:
            typer.echo(f"  {more}")
    return code


def _outcome(way: str, to: str, found: Sequence[NotToldError]) -> dict[str, Any]:
    problems = [{"message": e.problem, "remedy": e.remedy} for e in found]
    return {"way": way, "to": to, "told": not found, "problems": problems}


def _ways() -> list[Way]:
    # One try: whoever tests looks at the screen.
    return [Desktop(), Command(), Webhook(waits_s=())]


def _never(_seconds: float) -> bool:
    return False


def _recipients(settings: NotificationSettings) -> dict[str, str]:
    """Name who is told each way; of an address only the host, the rest is secret."""
    return {
        "desktop": "this computer" if settings.desktop else "",
        "command": " ".join(settings.command),
        "webhook": listed([host(address) for address in settings.webhooks]),
    }


def _history(told: Told | None) -> list[str]:
    if told is None or told.at is None:
        return []
    when = clock_time(told.at, time.time())
    problems = [printable(line) for line in told.problem.splitlines()]
    if not problems:
        return [f"last told {when}"]
    return [f"{when}: {count(len(problems), 'failure')}", *problems]
