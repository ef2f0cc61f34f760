"""`lrc diff`: what changed from one scene to another, in an artist's words."""

from __future__ import annotations

from rich.text import Text

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.terminal import console
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.scenes.difference import differences
from lrc_toolbox.scenes.inspection import inspect


def show_differences(before: str, after: str, as_json: bool) -> ExitCode:
    """Print what changed, a sentence a line, and say by the exit code whether any."""
    found = differences(inspect(before).snapshot, inspect(after).snapshot)
    code = ExitCode.DIFFERENT if found else ExitCode.DONE
    if as_json:
        shown = [
            {
                "area": each.area,
                "name": each.name,
                "before": each.before,
                "after": each.after,
                "sentence": each.sentence,
            }
            for each in found
        ]
        print_document({"differences": shown, "exit_code": int(code)})
        return code
    screen = console()
    for each in found:
        screen.print(Text(printable(each.sentence)), soft_wrap=True)
    return code
