"""What a person may set about the service, read from the environment when it starts."""

from __future__ import annotations

import os
from dataclasses import dataclass

from lrc_toolbox.jobs.errors import LrcError

#: How many processes run side by side.
SLOTS_VARIABLE = "LRC_SLOTS"

#: Seconds without work after which the service ends.
IDLE_VARIABLE = "LRC_IDLE_S"


class SettingError(LrcError):
    """A setting in the environment cannot be used.

    Attributes:
        name: the variable.
        value: what it holds.
    """

    def __init__(self, name: str, value: str, remedy: str) -> None:
        super().__init__(f"{name} is {value!r}.", remedy=remedy)
        self.name = name
        self.value = value


@dataclass(frozen=True, slots=True)
class Settings:
    """The service's settings.

    Attributes:
        slots: processes side by side, whatever the policy says; None for its number.
        idle_s: seconds without work after which the service ends. Five minutes by
            default: a person who tries this and that meets a warm service.
    """

    slots: int | None = None
    idle_s: float = 300.0

    @classmethod
    def from_environment(cls) -> Settings:
        """Read `LRC_SLOTS` and `LRC_IDLE_S`.

        Raises:
            SettingError: one of them is no number, or out of range.
        """
        usual = cls()
        slots = _number(SLOTS_VARIABLE, 0, 1, 256)
        return cls(
            slots=int(slots) or None,
            idle_s=_number(IDLE_VARIABLE, usual.idle_s, 0, 1e9),
        )


def _number(name: str, default: float, least: float, most: float) -> float:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        remedy = f"Set it to a number from {least:g} to {most:g}."
        raise SettingError(name, text, remedy)
    return value
