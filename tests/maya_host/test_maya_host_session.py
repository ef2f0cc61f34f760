"""A Maya that says that it is there. Its conditions are the stand-in's."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path

import pytest

from lrc_toolbox.gui.qt import QtCore
from lrc_toolbox.machine.host_registration import HostFile, read_registrations
from tests.maya_host.stand_in import Maya


@pytest.fixture
def host_session(maya: Maya):
    from lrc_toolbox.maya_host import host_session

    return host_session


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LRC_HOME", str(tmp_path))
    return tmp_path / "hosts"


@pytest.fixture
def panel(qapp, qtbot):
    thing = QtCore.QObject()
    gone: list[int] = []
    thing.destroyed.connect(lambda *_: gone.append(1))
    yield thing
    thing.deleteLater()
    qtbot.waitUntil(lambda: bool(gone))


def said(folder: Path) -> HostFile | None:
    return read_registrations(folder).get(os.getpid())


def test_a_maya_with_our_panel_is_registered_until_the_panel_goes(
    host_session, folder: Path, maya: Maya, qapp, qtbot
) -> None:
    panel = QtCore.QObject()
    host_session.begin(folder, panel)
    assert said(folder) is not None
    panel.deleteLater()
    qtbot.waitUntil(lambda: said(folder) is None)
    assert maya.listening == {}


def test_a_panel_that_is_made_before_the_last_one_goes_stays_registered(
    host_session, folder: Path, maya: Maya, panel, qtbot
) -> None:
    last = QtCore.QObject()
    host_session.begin(folder, last)
    host_session.begin(folder, panel)
    last.deleteLater()
    qtbot.waitUntil(lambda: len(maya.listening) == 1)
    assert said(folder) is not None
    with host_session.quiet("ipr"):
        assert said(folder).busy_with == "ipr"
    assert said(folder) is not None


def test_it_gives_signs_of_life(
    host_session, folder: Path, panel, qtbot, monkeypatch
) -> None:
    monkeypatch.setattr(host_session, "BEAT_MS", 5)
    host_session.begin(folder, panel)
    first = said(folder)
    assert first is not None
    qtbot.waitUntil(lambda: (now := said(folder)) and now.beat_at > first.beat_at)


def test_playback_asks_for_quiet_while_it_runs(
    host_session, folder: Path, maya: Maya, panel
) -> None:
    host_session.begin(folder, panel)
    maya.change("playingBack", True)
    assert said(folder).busy_with == "playback"
    maya.change("playingBack", False)
    assert said(folder).busy_with == ""


def test_a_playblast_asks_for_quiet_before_it_begins_and_until_it_fails(
    host_session, folder: Path, panel
) -> None:
    host_session.begin(folder, panel)
    seen = []

    def playblast() -> None:
        seen.append(said(folder).busy_with)
        raise RuntimeError

    with pytest.raises(RuntimeError), host_session.quiet("playblast"):
        playblast()
    assert seen == ["playblast"]
    assert said(folder).busy_with == ""


def test_what_was_asked_for_beside_it_stays(
    host_session, folder: Path, maya: Maya, panel
) -> None:
    host_session.begin(folder, panel)
    with host_session.quiet("ipr"):
        with host_session.quiet("playblast"):
            maya.change("playingBack", True)
            maya.change("playingBack", False)
            assert said(folder).busy_with == "playblast"
        assert said(folder).busy_with == "ipr"


def test_quiet_works_without_the_panel(host_session, folder: Path) -> None:
    with host_session.quiet("playblast"):
        assert said(folder).busy_with == "playblast"
    assert said(folder) is None


def test_a_folder_that_cannot_be_written_is_logged_once_and_stops_nobody(
    host_session, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file is in the way")
    with caplog.at_level(logging.WARNING), host_session.quiet("playblast"):
        pass
    (record,) = caplog.records
    assert "not told of this Maya" in record.message


def test_opening_the_panel_registers_this_maya(
    maya: Maya, folder: Path, qapp, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRC_PYTHON", sys.executable)
    before = set(threading.enumerate())
    from lrc_toolbox.maya_host import docking

    docking.open_panel()
    assert said(folder) is not None
    for widget in maya.controls.values():
        widget.deleteLater()
    qtbot.waitUntil(lambda: said(folder) is None)
    qtbot.waitUntil(lambda: set(threading.enumerate()) <= before)
