"""`lrc policy`: what is kept back for the artist, shown and changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.terminal import broken, console
from lrc_toolbox.jobs.json_document import plain
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.queue import RenderQueue

_INDENT = 6


def show_policy(as_json: bool) -> ExitCode:
    """Print every setting, whether it was changed, and why it is there.

    Raises:
        PolicyError: the file cannot be read, or a setting in it is wrong.
    """
    with RenderQueue() as queue:
        policy, path = queue.policy(), str(queue.home.policy_file)
        slots = queue.service_status().slots
    if as_json:
        print_document({"path": path, "settings": _settings(policy)})
        return ExitCode.DONE
    screen = console()
    lines = [Text(printable(path), "bold"), *policy_lines(policy, screen)]
    if slots is not None and slots != policy.attempts:
        said = f"LRC_SLOTS keeps the service that runs to {slots} `attempts`."
        lines += [Text(), Text(said, "yellow")]
    for line in lines:
        screen.print(line, soft_wrap=True)
    return ExitCode.DONE


def print_path() -> ExitCode:
    """Print where the file lies, or would."""
    with RenderQueue() as queue:
        typer.echo(queue.home.policy_file)
    return ExitCode.DONE


def set_value(name: str, text: str, as_json: bool) -> ExitCode:
    """Change one setting.

    Raises:
        PolicyError: it is unknown or wrong, or the file is; nothing is changed.
    """
    return _change({name: _value(text)}, as_json)


def unset(names: list[str], as_json: bool) -> ExitCode:
    """Put settings back to what they come with.

    Raises:
        PolicyError: one is unknown, or the file is wrong; nothing is changed.
    """
    return _change(dict.fromkeys(names), as_json)


def _change(settings: Mapping[str, object], as_json: bool) -> ExitCode:
    with RenderQueue() as queue:
        policy = queue.change_policy(**settings)
    told = [one for one in _settings(policy) if one["name"] in settings]
    if as_json:
        print_document({"settings": told})
        return ExitCode.DONE
    for one in told:
        changed = "" if one["changed"] else ", as it comes"
        typer.echo(f"{one['name']} is {_shown(one['value'])} now{changed}.")
    return ExitCode.DONE


def _value(text: str) -> object:
    """Read what was typed: JSON, else the text itself."""
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    # "null" would put the setting back, for which there is `unset`.
    return text if value is None else value


def policy_lines(policy: Policy, screen: Console) -> Iterator[Text]:
    """Yield every setting with its value, what it comes with, and its reason."""
    settings = _settings(policy)
    width = max(len(one["name"]) for one in settings)
    for one in settings:
        changed = one["changed"]
        yield Text.assemble(
            (f"  {one['name']:<{width}}  ", "bold" if changed else ""),
            (_told(one["value"]), "bold cyan" if changed else ""),
            (f"  instead of {_told(one['default'])}" if changed else "", "dim"),
        )
        for reason in broken(one["reason"], _INDENT, screen):
            yield Text(" " * _INDENT + reason, "dim")


def _settings(policy: Policy) -> list[dict[str, Any]]:
    values = plain(policy.model_dump(mode="json"))
    defaults = plain(Policy().model_dump(mode="json"))
    return [
        {
            "name": name,
            "value": values[name],
            "default": defaults[name],
            "changed": values[name] != defaults[name],
            "reason": field.description,
        }
        for name, field in Policy.model_fields.items()
    ]


def _shown(value: object) -> str:
    """Write a value as `lrc policy set` takes it."""
    return value if isinstance(value, str) else json.dumps(value)


def _told(value: object) -> str:
    """Write a value for people: windows of time in words."""
    if not isinstance(value, list):
        return _shown(value)
    return "; ".join(map(_window, value)) or "none"


def _window(window: Mapping[str, Any]) -> str:
    days = f"{', '.join(window['days'])} " if window["days"] else ""
    return f"{days}{window['begins']} to {window['ends']} {window['grants']}"
