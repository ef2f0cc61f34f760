"""`lrc preflight`: what would spoil a render, told before anything is started."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.scene_page import finding_lines
from lrc_toolbox.cli.terminal import console
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.scenes.inspection import Inspection, inspect


def look(scenes: Sequence[str], maya: str, output: str | None) -> list[Inspection]:
    """Read scenes with what will render them and where to.

    Raises:
        SceneReadError: one of them cannot be read.
    """
    return [inspect(scene, maya_version=maya, output_folder=output) for scene in scenes]


def show_findings(seen: Sequence[Inspection], strict: bool, as_json: bool) -> ExitCode:
    """Print the findings of scenes, and say by the exit code whether they can go."""
    fatal = {"error", "warning"} if strict else {"error"}
    spoiled = any(each.level in fatal for one in seen for each in one.findings)
    code = ExitCode.SPOILED if spoiled else ExitCode.DONE
    if as_json:
        shown = [
            {"path": one.snapshot.path, "findings": one.to_json()["findings"]}
            for one in seen
        ]
        print_document({"scenes": shown, "exit_code": int(code)})
    else:
        for one in seen:
            _print(one)
    return code


def _print(seen: Inspection) -> None:
    screen = console()
    screen.print(Text(printable(seen.snapshot.path), "bold"), soft_wrap=True)
    if not seen.findings:
        screen.print(Text("  nothing found", "green"))
    for finding in seen.findings:
        for line in finding_lines(finding):
            screen.print(line, soft_wrap=True)
