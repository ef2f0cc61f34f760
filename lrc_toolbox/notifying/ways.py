"""The ways of telling: which of them the settings ask for, and how each goes about it.

Each is used by one thread at a time and blocks for as long as telling takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from lrc_toolbox.jobs.notifications import NotificationSettings
from lrc_toolbox.notifying.command import run_command
from lrc_toolbox.notifying.desktop import show_on_desktop
from lrc_toolbox.notifying.not_told import NotToldError
from lrc_toolbox.notifying.notice import Notice

if TYPE_CHECKING:
    from lrc_toolbox.notifying.webhook import Webhooks

#: Waits for so many seconds; gives True where there is no more time.
Wait = Callable[[float], bool]


class Way(Protocol):
    """One way of telling somebody.

    Attributes:
        name: what errors, files and `lrc notify` call it.
        at_most_once: whether it is worse to be told twice than not at all.
    """

    name: str
    at_most_once: bool

    def wanted(self, notice: Notice, settings: NotificationSettings) -> bool:
        """Say whether the settings ask for this notice to be told this way."""

    def tell(
        self, notice: Notice, settings: NotificationSettings, wait: Wait
    ) -> list[NotToldError]:
        """Tell it; give what went wrong, `passing` where time ran out."""


class Desktop:
    """The desktop of this computer."""

    name = "desktop"
    at_most_once = False

    def wanted(self, notice: Notice, settings: NotificationSettings) -> bool:
        """Say whether it is shown; what was done at once is not."""
        if not settings.desktop or notice.occasion not in settings.events:
            return False
        if notice.occasion != "done" or notice.job is None:
            return True
        return notice.at - notice.job.submitted_at >= settings.desktop_after_s

    def tell(
        self, notice: Notice, settings: NotificationSettings, wait: Wait
    ) -> list[NotToldError]:
        """Show it."""
        try:
            show_on_desktop(notice)
        except NotToldError as error:
            return [error]
        return []


class Command:
    """A program of the person's own choice.

    A program may do anything, such as switch the computer off when a job is done. Run
    again when the computer comes back, it would do so for ever.
    """

    name = "command"
    at_most_once = True

    def wanted(self, notice: Notice, settings: NotificationSettings) -> bool:
        """Say whether it is run."""
        return bool(settings.command) and notice.occasion in settings.events

    def tell(
        self, notice: Notice, settings: NotificationSettings, wait: Wait
    ) -> list[NotToldError]:
        """Run it to its end."""
        try:
            run_command(notice, settings)
        except NotToldError as error:
            return [error]
        return []


class Webhook:
    """Addresses that take a JSON document.

    Args:
        waits_s: the waits between the tries; None for the usual ones.
    """

    name = "webhook"
    at_most_once = False

    def __init__(self, waits_s: tuple[float, ...] | None = None) -> None:
        self._waits_s = waits_s
        self._webhooks: Webhooks | None = None

    def wanted(self, notice: Notice, settings: NotificationSettings) -> bool:
        """Say whether it is sent."""
        return bool(settings.webhooks) and notice.occasion in settings.events

    def tell(
        self, notice: Notice, settings: NotificationSettings, wait: Wait
    ) -> list[NotToldError]:
        """Send it to every address."""
        # Not at the top: every service would load HTTP and TLS before its first frame.
        from lrc_toolbox.notifying.webhook import WAITS_S, Webhooks

        if self._webhooks is None:
            waits_s = WAITS_S if self._waits_s is None else self._waits_s
            self._webhooks = Webhooks(waits_s)
        document = notice.document(time.time())
        return self._webhooks.tell(settings.webhooks, document, wait)
