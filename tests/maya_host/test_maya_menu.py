from __future__ import annotations

import logging
import runpy
from pathlib import Path

import pytest

from tests.maya_host.stand_in import Maya

USER_SETUP = Path(__file__).resolve().parents[2] / "userSetup.py"


def start(maya: Maya) -> None:
    """Do what Maya does at its start."""
    runpy.run_path(str(USER_SETUP))
    maya.be_idle()


def test_starting_maya_adds_the_menu_and_the_shelf(maya: Maya) -> None:
    start(maya)
    assert maya.made["lrcToolboxMenu"]["label"] == "LRC Toolbox"
    assert maya.made["lrcToolboxMenu"]["parent"] == "MayaWindow"
    assert maya.made["LRC"] == {"parent": "ShelfLayout"}
    assert [item["label"] for item in maya.items] == ["Batch Render Manager..."] * 2


def test_the_window_is_left_alone_until_maya_is_idle(maya: Maya) -> None:
    runpy.run_path(str(USER_SETUP))
    assert maya.made == {}
    assert len(maya.deferred) == 1


def test_doing_it_twice_adds_nothing_twice(maya: Maya, caplog) -> None:
    start(maya)
    start(maya)
    assert len(maya.items) == 2
    assert not caplog.records


def test_a_shelf_that_came_back_with_the_preferences_is_left_as_it_is(
    maya: Maya, caplog
) -> None:
    maya.made["LRC"] = {"parent": "ShelfLayout"}
    start(maya)
    assert [item["parent"] for item in maya.items] == ["lrcToolboxMenu"]
    assert not caplog.records


def test_menu_and_shelf_run_the_same_python(maya: Maya) -> None:
    start(maya)
    first, second = maya.items
    assert first["command"] == second["command"]
    assert first["sourceType"] == second["sourceType"] == "python"
    compile(first["command"], "menu", "exec")


def test_mayapy_and_batch_renders_get_no_menu(maya: Maya) -> None:
    maya.batch = True
    start(maya)
    assert maya.made == {}


def test_a_fault_of_ours_is_logged_and_does_not_stop_mayas_start(
    maya: Maya, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    from lrc_toolbox.maya_host import menu

    def fail() -> None:
        raise RuntimeError("no main window")

    monkeypatch.setattr(menu, "install", fail)
    with caplog.at_level(logging.ERROR):
        start(maya)
    (record,) = caplog.records
    assert "Maya works without them" in record.message
    assert record.exc_info
