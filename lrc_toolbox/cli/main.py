"""The edge of the command line: runs a command, shows what went wrong, gives a code.

The only broad `except` of the command line stands here: what nobody foresaw is written
to a file in the state folder and told in one sentence.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from lrc_toolbox.cli.app import app
from lrc_toolbox.cli.errors import show_error, usage_error, write_down
from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.jobs.errors import LrcError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `lrc`.

    Args:
        arguments: what was typed after `lrc`; None for this process's own.

    Returns:
        An `ExitCode`.
    """
    typed = list(sys.argv[1:] if arguments is None else arguments)
    _accept_any_character()
    try:
        code = _answer(arguments, typed)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    except SystemExit as ended:
        # typer and rich turn a closed pipe into an exit of their own.
        if isinstance(ended.__context__, BrokenPipeError):
            return _reader_gone()
        raise


def _answer(arguments: Sequence[str] | None, typed: Sequence[str]) -> int:
    as_json = "--json" in typed
    try:
        return _run(arguments)
    except LrcError as error:
        show_error(error, as_json)
        return ExitCode.REFUSED
    except typer.TyperException as error:
        show_error(usage_error(error), as_json)
        return ExitCode.REFUSED
    except Exception as error:  # noqa: BLE001 - the edge, see the file's docstring
        show_error(write_down(error, typed), as_json)
        return ExitCode.FAULT


def _run(arguments: Sequence[str] | None) -> int:
    command = typer.main.get_command(app)
    # With None, typer expands *.ma itself on Windows, where no shell does.
    code = command.main(arguments, prog_name="lrc", standalone_mode=False)
    return int(code or ExitCode.DONE)


def _accept_any_character() -> None:
    """Make the standard streams replace what their encoding lacks.

    Names in scenes may hold characters that a Windows console, or a log file written
    in another encoding, does not have; a name with `?` in it beats a crash.
    """
    for stream in (sys.stdout, sys.stderr):
        # A program that embeds this one may have put another kind of stream there.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _reader_gone() -> int:
    """End quietly when whoever read the output went away, as in `lrc queue | head`."""
    # What is still buffered would be written, and complained about, at exit.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return ExitCode.READER_GONE


if __name__ == "__main__":
    sys.exit(main())
