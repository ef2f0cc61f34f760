"""`lrc policy use` and `lrc policy save`: policies kept under a name."""

from __future__ import annotations

from pathlib import Path

import typer

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.presets import own_place, report
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.presets import Presets
from lrc_toolbox.presets.presets import save_policy
from lrc_toolbox.queue import RenderQueue


def use(name: str, as_json: bool) -> ExitCode:
    """Let a kept policy hold.

    Raises:
        UnknownPresetError: there is no such policy.
        LrcError: its file is wrong; nothing is changed.
    """
    policy = Presets.beside(Path.cwd()).policy(name)
    own = policy.model_dump(mode="json", exclude_defaults=True)
    with RenderQueue() as queue:
        queue.change_policy(**{**dict.fromkeys(Policy.model_fields), **own})
        path = queue.home.policy_file
    if as_json:
        print_document({"used": name, "path": str(path), "settings": own})
        return ExitCode.DONE
    held = ", ".join(own) or "nothing that differs from what it comes with"
    typer.echo(f"{printable(name)} holds now; it sets {held}.")
    return ExitCode.DONE


def save(name: str, beside: Path | None, *, replace: bool, as_json: bool) -> ExitCode:
    """Keep the policy that holds.

    Raises:
        PolicyError: the policy that holds is wrong.
        LrcError: the name is taken or cannot be, or the file cannot be written.
    """
    with RenderQueue() as queue:
        policy = queue.policy()
    path = save_policy(own_place(beside), name, policy, replace=replace)
    return report("saved", name, path, as_json)
