"""Telling by a command: a program of the person's own choice, with its arguments."""

from __future__ import annotations

from lrc_toolbox.jobs.notifications import NotificationSettings, filled
from lrc_toolbox.notifying.notice import Notice
from lrc_toolbox.notifying.programs import run_program


def run_command(notice: Notice, settings: NotificationSettings) -> None:
    """Run the command, its tokens filled in.

    Raises:
        NotToldError: it cannot be started, takes too long or ends with an error.
    """
    argv = filled(settings.command, notice.tokens())
    run_program("command", argv, limit_s=settings.command_limit_s)
