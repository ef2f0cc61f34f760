"""How errors are shown: one message and what to do about it, never a traceback."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import typer

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.nearest import nearest


class UsageError(LrcError):
    """A command or option that does not exist, or lacks what it needs."""


class FaultError(LrcError):
    """Something nobody foresaw happened.

    Attributes:
        path: where it is written down.
    """

    def __init__(self, cause: Exception, path: Path) -> None:
        what = traceback.format_exception_only(type(cause), cause)[-1].strip()
        super().__init__(
            f"lrc has a fault: {what}",
            remedy=f"Please report it with what stands in {path}",
        )
        self.path = path


def usage_error(error: typer.TyperException) -> UsageError:
    """Take over what typer found wrong, with the help that tells how it is right."""
    context = getattr(error, "ctx", None)
    command = "lrc" if context is None else context.command_path
    see = f"See {command} --help"
    # Of an unknown option typer tells everything that is a little like it.
    possible = getattr(error, "possibilities", None)
    if not possible:
        return UsageError(error.format_message(), remedy=see)
    option = getattr(error, "option_name", "")
    return UsageError(
        f"{command} has no option {option}.",
        remedy=f"Did you mean {nearest(option, possible)}? {see}",
    )


def write_down(error: Exception, typed: Sequence[str]) -> FaultError:
    """Append a fault with its traceback to `lrc-faults.log` in the state folder."""
    entry = "\n".join(
        [
            f"{datetime.now(timezone.utc).isoformat()} lrc {' '.join(typed)}",
            f"Python {sys.version} on {platform.platform()}",
            *traceback.format_exception(type(error), error, error.__traceback__),
        ]
    )
    for folder in _folders():
        path = folder / "lrc-faults.log"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(entry + "\n")
        except OSError:
            continue
        return FaultError(error, path)
    # Neither folder takes a file, so the person gets it on the screen.
    sys.stderr.write(entry)
    return FaultError(error, Path("the lines above"))


def _folders() -> Iterable[Path]:
    from lrc_toolbox.queue import Home

    yield Home.of().folder
    yield Path(tempfile.gettempdir())


def show_error(error: LrcError, as_json: bool) -> None:
    """Show an error: as JSON on standard output, else for people on standard error."""
    if as_json:
        from lrc_toolbox.cli.json_lines import print_document

        print_document({"error": document(error)})
        return
    from rich.text import Text

    from lrc_toolbox.cli.terminal import console
    from lrc_toolbox.jobs.wording import printable

    screen = console(error=True)
    for one in (error, *_others(error)):
        lines = map(printable, str(one.args[0]).splitlines())
        screen.print(Text("\n".join(lines), "bold red"), soft_wrap=True)
        if one.remedy:
            screen.print(Text(printable(one.remedy)), soft_wrap=True)


def document(error: LrcError) -> dict[str, Any]:
    """Describe an error for programs.

    Returns:
        `message`, `remedy`, `kind`, and `others` where more was found.
    """
    described: dict[str, Any] = {
        "message": str(error.args[0]),
        "remedy": error.remedy,
        "kind": _kind(error),
    }
    if others := _others(error):
        described["others"] = [document(other) for other in others]
    return described


def _others(error: LrcError) -> tuple[LrcError, ...]:
    """Return what else was found; only a `SubmissionError` may know more."""
    others: tuple[LrcError, ...] = getattr(error, "others", ())
    return others


def _kind(error: LrcError) -> str:
    """Name an error's type for programs: `UnknownJobError` is `unknown_job`."""
    name = type(error).__name__.removesuffix("Error")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
