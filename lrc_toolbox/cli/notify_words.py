"""The words of `lrc notify`: its commands, their arguments and their help."""

from __future__ import annotations

import typer

from lrc_toolbox.cli import options as o
from lrc_toolbox.cli.exit_codes import ExitCode

notify_app = typer.Typer(
    help="Who is told when jobs are done, have failed or were stopped."
)


@notify_app.callback(invoke_without_command=True)
def notify(context: typer.Context, as_json: o.Json = False) -> ExitCode:
    """Show who is told of what, and what came of it the last time."""
    if context.invoked_subcommand is not None:
        return ExitCode.DONE
    from lrc_toolbox.cli import notifications

    return notifications.show_settings(as_json)


@notify_app.command("test")
def tell_all(as_json: o.Json = False) -> ExitCode:
    """Tell everybody now, and say what came of it; exit code 2 where it failed."""
    from lrc_toolbox.cli import notifications

    return notifications.tell_all(as_json)


@notify_app.command("path")
def path() -> ExitCode:
    """Print where the settings lie, or would."""
    from lrc_toolbox.cli import notifications

    return notifications.print_path()
