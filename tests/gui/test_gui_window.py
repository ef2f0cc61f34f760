"""The panel as a program of its own, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from lrc_toolbox.gui import __main__ as window
from lrc_toolbox.gui.qt import QtCore, QtWidgets

def look():
    (panel,) = [w for w in QtWidgets.QApplication.topLevelWidgets()
                if w.windowTitle() == "Batch Render Manager"]
    print("shown", panel.devicePixelRatioF(), panel.form.scene.line.text())
    panel.close()

def run(go=window.qt.run):
    QtCore.QTimer.singleShot(700, look)
    return go()

window.qt.run = run
sys.exit(window.main(sys.argv[1:]))
"""


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("scale", ["1", "2"])
def test_it_opens_with_its_scene_and_closes_cleanly_at_every_scale(
    home, tmp_path, scale: str
) -> None:
    scene = str(tmp_path / "shot.ma")
    done = run("--home", str(home), scene, QT_SCALE_FACTOR=scale)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["shown", f"{scale}.0", scene]
    for trouble in ("Traceback", "QThread", "QTimer", "QObject", "Segmentation"):
        assert trouble not in done.stderr


def test_a_home_that_cannot_be_used_is_told_instead_of_opening(tmp_path) -> None:
    (tmp_path / "queue.sqlite").write_text("no queue at all" * 100)
    done = run("--home", str(tmp_path))
    assert done.returncode == 1
    assert "queue.sqlite" in done.stderr
    assert "Traceback" not in done.stderr
