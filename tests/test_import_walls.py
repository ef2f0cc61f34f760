"""The import walls hold, in the text of every module and in a running panel."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import walls

# What only the service, its workers and the command line may load.
HEAVY = ("mitsuba", "drjit", "OpenImageIO", "numpy", "typer", "rich")


def test_no_module_imports_through_a_wall() -> None:
    found = walls.all_breaches()
    assert not found, "\n".join(str(breach) for breach in found)


def test_every_part_of_the_product_has_its_rule() -> None:
    folder = walls.ROOT / walls.PRODUCT
    parts = {path.parent.name for path in folder.glob("*/__init__.py")}
    parts |= {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert parts <= set(walls.MAY_IMPORT)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lrc_toolbox.jobs.frames", "from lrc_toolbox.store import interface"),
        ("lrc_toolbox.jobs.frames", "from ..store import interface"),
        ("lrc_toolbox.jobs.__init__", "from ..store import interface"),
        ("lrc_toolbox.jobs.frames", "import numpy as np"),
        ("lrc_toolbox.scenes.layers", "def f():\n    import numpy"),
        ("lrc_toolbox.scenes.layers", "import lrc_toolbox.engines.registry"),
        ("lrc_toolbox.store.rows", "from lrc_toolbox import running"),
        ("lrc_toolbox.engines.preview", "from lrc_toolbox.queue import RenderQueue"),
        ("lrc_toolbox.gui.panel", "from PySide6 import QtWidgets"),
        ("lrc_toolbox.gui.panel", "import Qt.QtCore"),
        ("lrc_toolbox.gui.qt_extra", "import Qt.QtCore"),
        ("lrc_toolbox.cli.main", "from maya import cmds"),
        ("lrc_toolbox.scheduling.board", "import time"),
        ("lrc_toolbox.scheduling.board", "from os.path import join"),
        (
            "lrc_toolbox.scheduling.board",
            "import importlib as i\ni.import_module('os')",
        ),
        (
            "lrc_toolbox.scheduling.board",
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from pathlib import Path",
        ),
        ("lrc_toolbox.helpers.text", "from lrc_toolbox.jobs import frames"),
        ("lrc_toolbox.__init__", "from lrc_toolbox.jobs import frames"),
    ],
)
def test_an_import_through_a_wall_is_found(module: str, source: str) -> None:
    (breach,) = walls.breaches(source, module)
    assert breach.module == module
    assert breach.line == len(source.splitlines())


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lrc_toolbox.gui.qt", "from Qt import QtCore"),
        ("lrc_toolbox.gui.panel", "from lrc_toolbox.queue import RenderQueue"),
        ("lrc_toolbox.gui.panel", "from . import qt"),
        ("lrc_toolbox.maya_host.shelf", "from maya import cmds"),
        ("lrc_toolbox.running.service", "from lrc_toolbox.scheduling import board"),
        ("lrc_toolbox.cli.main", "from lrc_toolbox import __version__"),
    ],
)
def test_an_import_beside_the_walls_is_let_through(module: str, source: str) -> None:
    assert list(walls.breaches(source, module)) == []


def test_the_panel_loads_nothing_heavy() -> None:
    panel = walls.ROOT / walls.PRODUCT / "gui"
    names = [".".join(("lrc_toolbox.gui", path.stem)) for path in panel.glob("*.py")]
    modules = [name for name in names if not name.endswith(("__init__", "__main__"))]
    # PySide2's own shiboken2 loads NumPy where there is one; that is not the panel's.
    program = (
        "import sys, Qt.QtWidgets\n"
        "of_the_binding = set(sys.modules)\n"
        f"import {', '.join(sorted(modules))}\n"
        f"print(*(set({HEAVY!r}) & set(sys.modules) - of_the_binding))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.run(
        [sys.executable, "-c", program],
        cwd=walls.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert child.stdout.split() == []
