"""`lrc inspect`: all about a scene file, read without Maya."""

from __future__ import annotations

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.scene_page import ScenePage
from lrc_toolbox.cli.terminal import console
from lrc_toolbox.scenes.inspection import inspect


def show_scene(scene: str, everything: bool, as_json: bool) -> ExitCode:
    """Print what a scene offers to render and what is doubtful about it."""
    inspection = inspect(scene)
    if as_json:
        print_document(inspection.to_json())
    else:
        page = ScenePage(inspection, everything=everything)
        # Paths stay whole, so that they can be copied; the terminal breaks them.
        console().print(page, soft_wrap=True)
    return ExitCode.DONE
