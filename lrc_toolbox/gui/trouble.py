"""The GUI's edge: errors in slots are logged and shown, and never leave a slot.

An exception that leaves a slot is printed by PySide where no artist looks, and ends the
application under some versions. GUI thread.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from lrc_toolbox.jobs.errors import LrcError

_log = logging.getLogger(__name__)

#: Takes an error to where it is logged and shown.
Report = Callable[[Exception], None]


class Reporting(Protocol):
    """What has guarded slots: it knows where its errors go."""

    @property
    def report(self) -> Report:
        """Where to take an error."""


Host = TypeVar("Host", bound=Reporting)
Given = ParamSpec("Given")


def guarded(
    slot: Callable[Concatenate[Host, Given], None],
) -> Callable[Concatenate[Host, Given], None]:
    """Make a method safe to connect to a signal: its errors are reported.

    Arguments beyond those it takes are left out, as Qt does for slots: bindings differ
    in whether `clicked` brings its `checked` along.
    """
    places = len(inspect.signature(slot).parameters) - 1

    @functools.wraps(slot)
    def safe(host: Host, *args: Any) -> None:
        try:
            cast(Callable[..., None], slot)(host, *args[:places])
        except Exception as error:  # noqa: BLE001 - an edge: reported, never lost
            host.report(error)

    return cast(Callable[Concatenate[Host, Given], None], safe)


def log(error: Exception) -> None:
    """Write an error to the log: what a person caused in one line, a fault with all."""
    if isinstance(error, LrcError):
        _log.warning("%s", error)
    else:
        _log.error("A fault in the panel", exc_info=error)


def sentence(error: Exception) -> tuple[str, str]:
    """Say an error to an artist: what happened, and what to do about it."""
    if isinstance(error, LrcError):
        return error.args[0], error.remedy
    return (
        f"Something went wrong in the panel: {type(error).__name__}: {error}",
        "The renders go on. Details are in the Script Editor or the terminal.",
    )
