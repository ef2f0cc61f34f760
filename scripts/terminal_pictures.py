"""Draws the pages of `lrc` that stand in the documents, as pictures of a terminal.

``python scripts/terminal_pictures.py [FOLDER]`` in the environment for development
writes ``lrc-inspect.svg`` and ``lrc-machine.svg`` into the folder, by default into
``docs/images``. The same pages give the same bytes.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import example_machine
from rich.console import Console, RenderableType

from lrc_toolbox.cli.machine_page import MachinePage
from lrc_toolbox.cli.scene_page import ScenePage
from lrc_toolbox.scenes.inspection import inspect

ROOT = Path(__file__).resolve().parent.parent

#: Cells to a line: as much as a page needs, lest its letters shrink in a document.
WIDTHS = {"lrc-inspect": 72, "lrc-machine": 80}


def pages() -> dict[str, tuple[str, RenderableType]]:
    """Gives each picture's name, what was typed, and the page."""
    scene = "docs/examples/rocket.ma"
    return {
        "lrc-inspect": (f"lrc inspect {scene}", ScenePage(inspect(scene))),
        "lrc-machine": ("lrc machine", MachinePage(example_machine.view())),
    }


def draw(page: RenderableType, typed: str, width: int) -> str:
    """Gives a page as SVG, below what was typed for it."""
    screen = Console(
        record=True,
        width=width,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    screen.print(f"$ {typed}")
    screen.print(page, soft_wrap=True)
    screen.print()  # the picture ends close below the last line, and would cut it
    return screen.export_svg(title=" ".join(typed.split()[:2]))


def main(arguments: Sequence[str]) -> int:
    """Writes the pictures, and prints where."""
    folder = Path(arguments[0] if arguments else ROOT / "docs/images").absolute()
    os.chdir(ROOT)
    for name, (typed, page) in pages().items():
        path = folder / f"{name}.svg"
        path.write_text(draw(page, typed, WIDTHS[name]), encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
