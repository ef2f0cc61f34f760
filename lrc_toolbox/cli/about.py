"""What `lrc` says about itself: its version and the shape of job files."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

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


def print_schema() -> ExitCode:
    """Print the JSON Schema of job files; it is JSON with and without `--json`."""
    from lrc_toolbox.jobs.submission import Submission

    print_document(Submission.json_schema())
    return ExitCode.DONE
