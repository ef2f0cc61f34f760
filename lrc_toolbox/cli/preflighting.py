"""`lrc preflight`: what would spoil a render, told before anything is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.scene_page import finding_lines
from lrc_toolbox.cli.terminal import console
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.scenes.findings import Finding
from lrc_toolbox.scenes.inspection import inspect
from lrc_toolbox.scenes.preflight_origin import unreadable
from lrc_toolbox.scenes.scene_read_error import SceneReadError


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found about one scene.

    Attributes:
        path: the scene, as typed.
        findings: the worst first.
    """

    path: str
    findings: tuple[Finding, ...]


def look(
    scenes: Sequence[str], maya: str, output: str | None, project: str | None
) -> list[Seen]:
    """Read scenes with what will render them and where to.

    One that cannot be read has that as its only finding, and the others are looked at.
    """
    return [Seen(scene, _findings(scene, maya, output, project)) for scene in scenes]


def _findings(
    scene: str, maya: str, output: str | None, project: str | None
) -> tuple[Finding, ...]:
    try:
        return inspect(
            scene, maya_version=maya, output_folder=output, project=project
        ).findings
    except SceneReadError as error:
        return (unreadable(error),)


def show_findings(seen: Sequence[Seen], strict: bool, as_json: bool) -> ExitCode:
    """Print the findings of scenes, and say by the exit code whether they can go."""
    fatal = {"error", "warning"} if strict else {"error"}
    spoiled = any(each.level in fatal for one in seen for each in one.findings)
    code = ExitCode.SPOILED if spoiled else ExitCode.DONE
    if as_json:
        shown = [
            {"path": one.path, "findings": [each.to_json() for each in one.findings]}
            for one in seen
        ]
        print_document({"scenes": shown, "exit_code": int(code)})
    else:
        for one in seen:
            _print(one)
    return code


def _print(seen: Seen) -> None:
    screen = console()
    screen.print(Text(printable(seen.path), "bold"), soft_wrap=True)
    if not seen.findings:
        screen.print(Text("  nothing found", "green"))
    for finding in seen.findings:
        for line in finding_lines(finding, screen):
            screen.print(line, soft_wrap=True)
