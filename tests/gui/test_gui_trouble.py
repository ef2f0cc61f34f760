from __future__ import annotations

import logging
import threading

import pytest

from lrc_toolbox.gui import trouble
from lrc_toolbox.gui.background import Background
from lrc_toolbox.gui.qt import QtCore, QtWidgets
from lrc_toolbox.gui.strip import MessageStrip
from lrc_toolbox.gui.trouble import guarded
from lrc_toolbox.jobs.errors import LrcError


class Button(QtWidgets.QPushButton):
    """A button whose slot does what the test says."""

    def __init__(self, does) -> None:
        super().__init__("Go")
        self._does = does
        self.reported: list[Exception] = []
        self.report = self.reported.append
        self.clicked.connect(self._go)

    @guarded
    def _go(self) -> None:
        self._does()


@pytest.fixture
def background(qapp):
    reported: list[Exception] = []
    background = Background("lrc-test", reported.append)
    background.reported = reported
    yield background
    background.close()


def test_an_error_in_a_slot_is_reported_and_goes_no_further(qtbot) -> None:
    button = Button(lambda: 1 / 0)
    qtbot.addWidget(button)
    with qtbot.captureExceptions() as escaped:
        button.click()
    assert [type(error) for error in button.reported] == [ZeroDivisionError]
    assert escaped == []


def test_a_slot_gets_no_more_arguments_than_it_takes(qtbot) -> None:
    calls = []
    button = Button(lambda: calls.append("gone"))
    qtbot.addWidget(button)
    button._go(True)  # as some versions of PySide call it for `clicked`
    assert calls == ["gone"]
    assert button.reported == []


def test_what_an_artist_caused_is_told_with_its_remedy() -> None:
    error = LrcError("There is no layer beuty.", remedy="Did you mean beauty?")
    assert trouble.sentence(error) == (
        "There is no layer beuty.",
        "Did you mean beauty?",
    )


def test_a_fault_is_told_as_one_and_logged_with_its_trace(caplog) -> None:
    fault = ZeroDivisionError("division by zero")
    what, remedy = trouble.sentence(fault)
    assert "ZeroDivisionError: division by zero" in what
    assert "renders go on" in remedy
    with caplog.at_level(logging.WARNING):
        trouble.log(fault)
        trouble.log(LrcError("Not there."))
    fault_line, artists_line = caplog.records
    assert fault_line.exc_info
    assert not artists_line.exc_info


def test_the_strip_shows_an_error_until_it_is_dismissed(qtbot) -> None:
    window = QtWidgets.QWidget()
    qtbot.addWidget(window)
    strip = MessageStrip(window)
    window.show()
    assert not strip.isVisible()
    strip.show_error(LrcError("There is no job 7.", remedy="Look at the list."))
    assert strip.text == "There is no job 7.\nLook at the list."
    assert strip.isVisible()
    strip.findChild(QtWidgets.QToolButton).click()
    assert not strip.isVisible()


def test_work_is_done_on_another_thread_and_comes_back_to_this_one(
    background, qtbot
) -> None:
    threads = []
    background.do(
        threading.current_thread,
        lambda worker: threads.extend([worker, threading.current_thread()]),
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] is not threads[1]
    assert threads[1] is threading.main_thread()


def test_work_is_done_in_the_order_it_was_asked_for(background, qtbot) -> None:
    given: list[int] = []
    for number in range(200):
        background.do(lambda number=number: number, given.append)
    qtbot.waitUntil(lambda: len(given) == 200)
    assert given == list(range(200))


def test_an_error_of_work_is_reported_and_the_next_piece_goes_on(
    background, qtbot
) -> None:
    given: list[int] = []
    background.do(lambda: 1 // 0, given.append)
    background.do(lambda: 7, given.append)
    qtbot.waitUntil(lambda: given == [7])
    assert [type(error) for error in background.reported] == [ZeroDivisionError]


def test_work_that_outlasts_closing_ends_quietly(
    background, qapp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrc_toolbox.gui.background._CLOSE_S", 0.0)
    escaped: list[object] = []
    monkeypatch.setattr(threading, "excepthook", escaped.append)
    started, go_on = threading.Event(), threading.Event()
    background.do(lambda: started.set() or go_on.wait(10), lambda _: None)
    assert started.wait(10)
    background.close()
    QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
    go_on.set()
    background._thread.join(10)
    assert not background._thread.is_alive()
    assert escaped == []


def test_nothing_comes_back_after_closing(background, qapp) -> None:
    given: list[int] = []
    started, go_on = threading.Event(), threading.Event()

    def work() -> int:
        started.set()
        go_on.wait(10)
        return 7

    background.do(work, given.append)
    assert started.wait(10)
    closing = threading.Thread(target=background.close)
    closing.start()
    go_on.set()
    closing.join(10)
    qapp.processEvents()
    assert given == []
