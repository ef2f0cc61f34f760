from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from lrc_toolbox.gui.panel import Panel
from lrc_toolbox.gui.qt import QtWidgets
from tests.maya_host.stand_in import Maya

CONTROL = "lrcToolboxBatchRenderManager"


@pytest.fixture
def docking(maya: Maya, qapp, tmp_path, monkeypatch: pytest.MonkeyPatch, qtbot):
    """Our docking module inside a session; its threads are gone afterwards."""
    before = set(threading.enumerate())
    monkeypatch.setenv("LRC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LRC_PYTHON", sys.executable)
    from lrc_toolbox.maya_host import docking

    yield docking
    for widget in maya.controls.values():
        widget.deleteLater()
    qtbot.waitUntil(lambda: set(threading.enumerate()) <= before)


def panels(maya: Maya) -> list[Panel]:
    return maya.controls[CONTROL].findChildren(Panel)


def test_the_panel_is_put_into_a_control_that_maya_remembers(
    maya: Maya, docking
) -> None:
    docking.open_panel()
    (panel,) = panels(maya)
    assert maya.controls[CONTROL].layout().indexOf(panel) == 0
    assert maya.made[CONTROL]["label"] == "Batch Render Manager"


def test_opening_it_again_shows_the_same_panel(maya: Maya, docking) -> None:
    docking.open_panel()
    before = panels(maya)
    docking.open_panel()
    assert panels(maya) == before
    assert maya.raised == [CONTROL]


def test_it_comes_back_with_the_workspace_at_the_next_start(
    maya: Maya, docking, qapp
) -> None:
    docking.open_panel()
    maya.restart_workspace()
    assert len(panels(maya)) == 1


def test_the_open_scene_is_in_the_form(
    maya: Maya, docking, shared: Path, qtbot
) -> None:
    scene = shared / "scenes" / "01-rs-layers-per-layer-overrides.ma"
    maya.scene = str(scene)
    docking.open_panel()
    (panel,) = panels(maya)
    qtbot.waitUntil(lambda: bool(panel.form.layers.ticked()))
    assert panel.form.scene.line.text() == str(scene)
    assert panel.strip.text == ""


def test_unsaved_changes_are_told(maya: Maya, docking, tmp_path) -> None:
    maya.scene, maya.modified = str(tmp_path / "shot.ma"), True
    docking.open_panel()
    (panel,) = panels(maya)
    assert "not saved" in panel.strip.text


@pytest.mark.parametrize("scene", ["", "/shows/shot.mb"])
def test_a_scene_that_was_never_saved_or_is_binary_is_left_out(
    maya: Maya, docking, scene: str
) -> None:
    maya.scene = scene
    docking.open_panel()
    (panel,) = panels(maya)
    assert panel.form.scene.line.text() == ""


def test_a_missing_mayapy_is_told_in_place_of_the_panel(
    maya: Maya, docking, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRC_PYTHON", "")
    monkeypatch.setenv("MAYA_LOCATION", str(tmp_path / "nowhere"))
    monkeypatch.setattr("sys.executable", str(tmp_path / "maya.bin"))
    docking.open_panel()
    assert panels(maya) == []
    (label,) = maya.controls[CONTROL].findChildren(QtWidgets.QLabel)
    assert "mayapy" in label.text()
    assert "LRC_PYTHON" in label.text()
