"""Who is told when a job is done, has failed or was stopped: settings and their file.

Owns the settings, what a job may say in their place, and the words a command may name.
Telling is the work of `notifying`. `python -m lrc_toolbox.jobs.notifications` prints
the JSON Schema, which is kept in `docs/notifications.schema.json`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.json_files import JsonFileError, read_object
from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.submission_error import WrongValueError, explain

Occasion = Literal["done", "failed", "stopped", "cancelled"]

#: What a person may be told of.
OCCASIONS: tuple[Occasion, ...] = ("done", "failed", "stopped", "cancelled")

#: What a command may name, and what stands in its place.
TOKENS = {
    "job": "the job's number; empty where it is about the queue",
    "name": "what lists call the job",
    "state": "done, failed, stopped or cancelled",
    "reason": "why it failed or was stopped, one sentence; empty otherwise",
    "output": "the folder with the pictures",
    "frames": "how many frames the job has",
    "failed": "how many of them were given up",
}

_TOKEN = re.compile(r"<<(\w+)>>|<(\w+)>")
_SECONDS = "a number of seconds above 0"
_MUST_BE = {
    "events": 'a list of "done", "failed", "stopped" and "cancelled"; empty for never',
    "desktop": "true or false",
    "desktop_after_s": "a number of seconds from 0 up",
    "command": 'a list of texts, program first, e.g. ["say", "<name>"]; empty for none',
    "command_limit_s": _SECONDS,
    "webhooks": "a list of addresses that begin with https:// or http://",
}


class NotificationsError(LrcError):
    """The settings for notifications cannot be used.

    Attributes:
        key: the setting, empty for the whole file.
        where: the file.
    """

    def __init__(
        self, key: str, problem: str, *, remedy: str = "", where: str = ""
    ) -> None:
        super().__init__(f"{where}: {problem}" if where else problem, remedy=remedy)
        self.key = key
        self.problem = problem
        self.where = where


def _not_true(given: object) -> object:
    if isinstance(given, bool):
        raise ValueError("pydantic would take true for 1")
    return given


def _each_once(given: tuple[Occasion, ...]) -> tuple[Occasion, ...]:
    return tuple(dict.fromkeys(given))


def _known_tokens(command: tuple[str, ...]) -> tuple[str, ...]:
    if command and not command[0].strip():
        problem = '"command" begins with no program.'
        raise WrongValueError(problem, remedy=f"It must be {_MUST_BE['command']}.")
    found = {match[2] for part in command for match in _TOKEN.finditer(part)} - {None}
    for name in sorted(found - set(TOKENS)):
        near = did_you_mean(f"<{name}>", [f"<{known}>" for known in TOKENS])
        remedy = f"{near} For a plain <{name}> write <<{name}>>."
        raise WrongValueError(f'"command" has an unknown <{name}>.', remedy=remedy)
    return command


def _web_addresses(given: object) -> object:
    """Check addresses here, not in pydantic: its findings show what they found.

    An address of a chat service is a password: who has it can write there.
    """
    if given is None:
        return None
    addresses = [given] if isinstance(given, str) else given
    wrong = WrongValueError(
        '"webhooks" has something that is no address.',
        remedy=f"It must be {_MUST_BE['webhooks']}.",
    )
    if not isinstance(addresses, list | tuple):
        raise wrong
    for address in addresses:
        if not isinstance(address, str) or not _is_address(address):
            raise wrong
    return tuple(dict.fromkeys(addresses))


def _is_address(text: str) -> bool:
    # Not at the top: every panel and worker would pay for it, and hardly any needs it.
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        # Reading the port checks it. urllib takes a user's name for a part of the host.
        known = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        return False
    # Blanks and control characters could begin another line of the request.
    return (
        known
        and parts.scheme in ("https", "http")
        and text.isascii()
        and (re.search(r"[\s\x00-\x20\x7f]", text) is None)
    )


Occasions = Annotated[tuple[Occasion, ...], AfterValidator(_each_once)]
CommandLine = Annotated[tuple[str, ...], AfterValidator(_known_tokens)]
WebAddresses = Annotated[tuple[str, ...], BeforeValidator(_web_addresses)]
Seconds = Annotated[float, Field(gt=0), BeforeValidator(_not_true)]
SecondsOrNone = Annotated[float, Field(ge=0), BeforeValidator(_not_true)]


class NotificationSettings(BaseModel):
    """Of what is told, and where; see each field's description for the reason.

    Raises:
        NotificationsError: from `read` and `load`; a plain call raises pydantic's own.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        title="LRC Toolbox notifications",
        defer_build=True,
    )

    events: Occasions = Field(
        default=("done", "failed", "stopped"),
        description="Of what is told. stopped: the queue was stopped, the service was "
        "told to end with work left, a job was paused because of odd frames, or its "
        "first layer ended with frames missing. cancelled is left out at first: who "
        "cancels knows.",
    )
    desktop: bool = Field(
        default=True,
        description="A notification of the desktop of this computer.",
    )
    desktop_after_s: SecondsOrNone = Field(
        default=60,
        description="A job that is done within so many seconds of its submission is "
        "not shown on the desktop: whoever started it still looks.",
    )
    command: CommandLine = Field(
        default=(),
        description="A program and its arguments, started without a shell. Tokens: "
        + " ".join(f"<{token}>" for token in TOKENS)
        + ".",
    )
    command_limit_s: Seconds = Field(
        default=60,
        description="The command is ended after so many seconds: the next one waits "
        "for it.",
    )
    webhooks: WebAddresses = Field(
        default=(),
        # Whoever prints the settings shall not print these.
        repr=False,
        description="Addresses that get a JSON document by HTTP POST. Slack, Discord, "
        "Mattermost and Teams show its text.",
    )

    @classmethod
    def read(cls, given: Mapping[str, object], where: str = "") -> NotificationSettings:
        """Make settings of what JSON was read into.

        Raises:
            NotificationsError: a setting is unknown or wrong; the first one is told.
        """
        try:
            return cls.model_validate(dict(given))
        except ValidationError as error:
            told = explain(error, _MUST_BE, cls.model_fields)
            raise NotificationsError(
                told.key, told.problem, remedy=told.remedy, where=where
            ) from None

    @classmethod
    def load(cls, path: Path) -> NotificationSettings:
        """Read the file; one that is not there means the settings as they come.

        Raises:
            NotificationsError: it cannot be read, or holds something else.
        """
        try:
            return cls.read(read_object(path), str(path))
        except FileNotFoundError:
            return cls()
        except JsonFileError as error:
            raise NotificationsError(
                "", error.problem, remedy=error.remedy, where=error.where
            ) from error

    def for_job(self, notify: Notify | None) -> NotificationSettings:
        """Put what a job says in the place of the settings."""
        if notify is None:
            return self
        said = {key: value for key, value in notify if value is not None}
        return self.model_copy(update=said)

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the file."""
        schema = NotificationSettings.model_json_schema()
        schema["description"] = "Of what is told, and where: notifications.json."
        # Editors find the schema by this key, so a file may have it.
        schema["properties"]["$schema"] = {"type": "string"}
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


class Notify(BaseModel):
    """What one job says in the place of the settings; null for what they say."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    events: Occasions | None = Field(
        default=None, description="Of what is told; empty for never."
    )
    desktop: bool | None = Field(
        default=None, description="Whether the desktop shows it."
    )
    command: CommandLine | None = Field(
        default=None, description="A program and its arguments; empty for none."
    )
    webhooks: WebAddresses | None = Field(
        default=None,
        repr=False,
        description="Addresses that get it by HTTP POST; empty for none.",
    )


def _in_plain_words(given: object, check: ValidatorFunctionWrapHandler) -> Any:
    try:
        return check(given)
    except ValidationError as error:
        if not isinstance(given, dict):
            remedy = 'It must be an object, e.g. {"events": ["failed"]}, or null.'
            raise WrongValueError('"notify" is no object.', remedy=remedy) from None
        told = explain(error, _MUST_BE, Notify.model_fields)
        problem = f'In "notify": {told.problem}'
        raise WrongValueError(problem, remedy=told.remedy, key="notify") from None


#: A field of a submission; what is wrong in it is told as the submission's own.
JobNotify = Annotated[Notify, WrapValidator(_in_plain_words)]


def filled(command: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """Put values in the place of a command's tokens; `<<name>>` is a plain `<name>`."""

    def value(match: re.Match[str]) -> str:
        return f"<{match[1]}>" if match[1] else values[match[2]]

    return [_TOKEN.sub(value, part) for part in command]


def main() -> None:
    """Print the JSON Schema."""
    schema = NotificationSettings.json_schema()
    sys.stdout.write(json.dumps(schema, indent=2) + "\n")


if __name__ == "__main__":
    main()
