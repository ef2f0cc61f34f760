"""What `lrc` says about itself: its version and the shape of the files it takes."""

from __future__ import annotations

import platform
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import typer

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document


def print_version(as_json: bool) -> None:
    """Print the version of LRC Toolbox and of the Python it runs on."""
    try:
        ours = version("lrc-toolbox")
    except PackageNotFoundError:
        ours = "not installed, run from its source"
    if as_json:
        print_document({"version": ours, "python": platform.python_version()})
    else:
        typer.echo(f"lrc {ours} (Python {platform.python_version()})")


class Schema(str, Enum):
    """The kinds of file that have a schema."""

    JOB = "job"
    PRESET = "preset"
    NOTIFICATIONS = "notifications"


def print_schema(what: Schema) -> ExitCode:
    """Print the JSON Schema of a kind of file; it is JSON with and without `--json`."""
    print_document(_schema(what))
    return ExitCode.DONE


def _schema(what: Schema) -> dict[str, Any]:
    from lrc_toolbox.jobs.notifications import NotificationSettings
    from lrc_toolbox.jobs.submission import Submission
    from lrc_toolbox.presets import fields

    if what is Schema.PRESET:
        return fields.json_schema()
    if what is Schema.NOTIFICATIONS:
        return NotificationSettings.json_schema()
    return Submission.json_schema()
