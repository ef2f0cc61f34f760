"""`lrc machine`: what this computer has, who holds what, what is kept back and why."""

from __future__ import annotations

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.machine_page import MachinePage
from lrc_toolbox.cli.terminal import console
from lrc_toolbox.queue import RenderQueue


def show_machine(as_json: bool) -> ExitCode:
    """Print a fresh reading of this computer."""
    with RenderQueue() as queue:
        view = queue.machine()
    if as_json:
        print_document(view.to_json())
    else:
        console().print(MachinePage(view), soft_wrap=True)
    return ExitCode.DONE
