"""Telling by the desktop: a notification as other programs show them.

Each system's own program shows it; no library does, see decision 0240. Names are given
as arguments or variables, never as a part of a script. Only Linux could be run here.
"""

from __future__ import annotations

import html
import os
import shutil
import sys
import time
from collections.abc import Sequence

from lrc_toolbox.notifying.not_told import NotToldError
from lrc_toolbox.notifying.notice import Notice
from lrc_toolbox.notifying.programs import run_program

_WHO = "LRC Toolbox"

#: How long, in seconds, showing may take; PowerShell alone needs one or two to start.
_LIMIT_S = 20.0

_REMEDY = (
    "The service shows it on the desktop of whoever started it; where there is none, "
    'set "desktop" to false in notifications.json.'
)

_TITLE, _TEXT = "LRC_NOTICE_TITLE", "LRC_NOTICE_TEXT"

# The name of PowerShell itself, which every Windows 10 and 11 knows: one of our own
# would have to be registered by an installer, and without one nothing is shown.
_POWERSHELL_ID = (
    r"{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\WindowsPowerShell\v1.0\powershell.exe"
)
_WINRT = "Windows.UI.Notifications, ContentType = WindowsRuntime"
# No double quote stands in it: it is one argument of a command line.
_TOAST = "; ".join(
    [
        "$ErrorActionPreference = 'Stop'",
        f"$M = [Windows.UI.Notifications.ToastNotificationManager, {_WINRT}]",
        f"$T = [Windows.UI.Notifications.ToastNotification, {_WINRT}]",
        "$X = $M::GetTemplateContent('ToastText02')",
        "$L = $X.GetElementsByTagName('text')",
        f"[void]$L.Item(0).AppendChild($X.CreateTextNode($env:{_TITLE}))",
        f"[void]$L.Item(1).AppendChild($X.CreateTextNode($env:{_TEXT}))",
        f"$M::CreateToastNotifier('{_POWERSHELL_ID}').Show($T::new($X))",
    ]
)


def show_on_desktop(notice: Notice) -> None:
    """Show a notice on the desktop of whoever runs this process.

    Raises:
        NotToldError: this system has no program for it, or it ended with an error.
    """
    title, text = notice.title(), notice.text(time.time())
    argv = desktop_program(title, text)
    variables = {_TITLE: title, _TEXT: text}
    run_program(
        "desktop", argv, limit_s=_LIMIT_S, environment=variables, remedy=_REMEDY
    )


def desktop_program(title: str, text: str, system: str = sys.platform) -> Sequence[str]:
    """Give the program that shows a notification on a system.

    Raises:
        NotToldError: there is none.
    """
    if system == "win32":
        return _toast()
    if system == "darwin":
        return _notification_center(title, text)
    if notify_send := shutil.which("notify-send"):
        # Bodies may hold markup (Desktop Notifications Specification 1.2), titles not.
        body = html.escape(text, quote=False)
        return [notify_send, f"--app-name={_WHO}", "--", title, body]
    if gdbus := shutil.which("gdbus"):
        return [gdbus, *_by_dbus(title, html.escape(text, quote=False))]
    raise NotToldError(
        "desktop",
        "This computer has no program that shows notifications.",
        remedy="Install notify-send (libnotify-bin on Debian, libnotify on Rocky), or "
        'set "desktop" to false.',
    )


def _by_dbus(title: str, body: str) -> list[str]:
    # gdbus(1) is a part of GLib, which every GTK desktop has; notify-send may be gone.
    bus = "org.freedesktop.Notifications"
    where = ["call", "--session", f"--dest={bus}", "--timeout=10"]
    what = [f"--object-path=/{bus.replace('.', '/')}", f"--method={bus}.Notify"]
    quoted = [_gvariant(each) for each in (_WHO, title, body)]
    who, summary, words = quoted
    return [*where, *what, "--", who, "0", "''", summary, words, "[]", "{}", "-1"]


def _gvariant(text: str) -> str:
    """Write a text as GVariant's text format has it."""
    plain = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{plain}'"


def _notification_center(title: str, text: str) -> list[str]:
    # osascript(1) hands what follows the script to `run`; the first of it begins with
    # no dash, whatever a job is called.
    show = "display notification (item 3 of argv) with title (item 1 of argv) "
    script = ["on run argv", f"{show}subtitle (item 2 of argv)", "end run"]
    lines = [part for line in script for part in ("-e", line)]
    return ["/usr/bin/osascript", *lines, _WHO, title, text]


def _toast() -> list[str]:
    # Windows PowerShell 5.1, which is a part of Windows and knows WinRT; PowerShell 7
    # does not. Not -EncodedCommand, which virus scanners take for malware.
    root = os.environ.get("SYSTEMROOT", r"C:\Windows")
    program = rf"{root}\System32\WindowsPowerShell\v1.0\powershell.exe"
    return [program, "-NoProfile", "-NonInteractive", "-Command", _TOAST]
