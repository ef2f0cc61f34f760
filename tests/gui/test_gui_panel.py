from __future__ import annotations

import threading
from pathlib import Path

import pytest

from lrc_toolbox.gui.job_model import Column
from lrc_toolbox.gui.panel import Panel
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets
from lrc_toolbox.gui.rows import Phase
from lrc_toolbox.jobs.states import JobState
from tests.gui.samples import layer, scene


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The files and folders that the desktop was asked to open."""
    paths: list[str] = []

    class Desktop(QtCore.QObject):
        @QtCore.Slot(QtCore.QUrl)
        def take(self, url: QtCore.QUrl) -> None:
            paths.append(url.toLocalFile())

    desktop = Desktop()
    QtGui.QDesktopServices.setUrlHandler("file", desktop, "take")
    yield paths
    QtGui.QDesktopServices.unsetUrlHandler("file")


def phase(panel: Panel, job: int) -> Phase | None:
    row = panel.jobs.row_at(panel.jobs.index_of(job))
    return None if row is None else row.figures.phase


def choose(panel: Panel, job: int) -> None:
    panel.table.setCurrentIndex(panel.jobs.index_of(job))


def answer(panel: Panel, button: str) -> None:
    (question,) = [
        box for box in panel.findChildren(QtWidgets.QMessageBox) if box.isVisible()
    ]
    (chosen,) = [each for each in question.buttons() if each.text() == button]
    chosen.click()


def test_an_empty_queue_says_how_to_begin(panel: Panel, see) -> None:
    see(lambda: panel.bar.counts.whole == "No jobs")
    assert "press Render" in panel.table.sentence
    assert "newest picture" in panel.picture.canvas.sentence
    assert not panel.job_actions.cancel.isEnabled()


def test_a_running_job_is_shown_from_its_start_to_its_last_picture(
    panel: Panel, submit, tmp_path, see
) -> None:
    number = submit("wait_for('go'); write()", frames="1-3")
    see(lambda: phase(panel, number) is Phase.RUNNING)
    choose(panel, number)
    see(lambda: panel.jobs.rowCount(panel.jobs.index_of(number)) == 1)
    task = panel.jobs.index_of_row(panel.jobs.tasks_of(number)[0])
    see(lambda: task.siblingAtColumn(Column.RENDERING).data() == "1, 2")
    assert panel.picture.canvas.sentence
    (tmp_path / "go").touch()
    see(lambda: phase(panel, number) is Phase.DONE)
    see(lambda: not panel.picture.canvas.sentence)
    assert panel.picture.title.whole.startswith("masterLayer · persp · frame ")
    assert Path(panel.picture.path.whole).is_file()
    assert panel.bar.counts.whole == "1 done"
    index = panel.jobs.index_of(number)
    assert index.siblingAtColumn(Column.FRAMES).data() == "3/3"
    assert index.siblingAtColumn(Column.PROGRESS).data() == "100 %"


def test_a_failed_job_says_why_and_can_be_retried(
    panel: Panel, submit, tmp_path, see
) -> None:
    does = f"os.path.exists({str(tmp_path / 'mended')!r}) and write()"
    number = submit(does, frames="1-2", retries=0)
    see(lambda: phase(panel, number) is Phase.FAILED)
    choose(panel, number)
    see(lambda: panel.picture.reason.isVisible())
    frames = panel.jobs.index_of(number).siblingAtColumn(Column.FRAMES)
    assert frames.data() == "0/2  2 failed"
    (tmp_path / "mended").touch()
    see(panel.job_actions.retry.isEnabled)
    panel.job_actions.retry.trigger()
    see(lambda: phase(panel, number) is Phase.DONE)


def test_cancelling_asks_first_and_then_ends_the_job(panel: Panel, submit, see) -> None:
    number = submit("wait_for('never')")
    see(lambda: phase(panel, number) is Phase.RUNNING)
    choose(panel, number)
    panel.job_actions.cancel.trigger()
    answer(panel, "Keep rendering")
    assert phase(panel, number) is Phase.RUNNING
    panel.job_actions.cancel.trigger()
    answer(panel, "Cancel the render")
    see(lambda: phase(panel, number) is Phase.CANCELLED)


def test_a_job_is_paused_and_resumed_by_the_same_button(
    panel: Panel, queue, submit, see
) -> None:
    queue.pause()
    number = submit()
    see(lambda: phase(panel, number) is Phase.WAITING)
    choose(panel, number)
    assert panel.job_actions.pause.text() == "Pause"
    panel.job_actions.pause.trigger()
    see(lambda: phase(panel, number) is Phase.PAUSED)
    assert panel.job_actions.pause.text() == "Resume"
    panel.job_actions.pause.trigger()
    see(lambda: phase(panel, number) is Phase.WAITING)


def test_a_job_that_has_not_ended_is_removed_only_after_asking(
    panel: Panel, queue, submit, qtbot, see
) -> None:
    queue.pause()
    number = submit()
    see(lambda: phase(panel, number) is Phase.WAITING)
    choose(panel, number)
    panel.activateWindow()
    panel.table.setFocus()
    see(panel.table.hasFocus)
    qtbot.keyClick(panel.table, QtCore.Qt.Key.Key_Delete)
    answer(panel, "Remove it")
    see(lambda: phase(panel, number) is None)
    assert panel.table.sentence


def test_the_queue_is_paused_and_resumed_as_a_whole(panel: Panel, queue, see) -> None:
    see(lambda: panel.bar.counts.whole)
    panel.bar.pause.click()
    see(lambda: panel.bar.pause.text() == "Resume queue")
    assert queue.progress().paused
    panel.bar.pause.click()
    see(lambda: panel.bar.pause.text() == "Pause queue")


def test_stopping_everything_asks_and_leaves_the_frames_waiting(
    panel: Panel, submit, see
) -> None:
    number = submit("wait_for('never')")
    see(lambda: phase(panel, number) is Phase.RUNNING)
    panel.bar.stop.click()
    answer(panel, "Stop all")
    see(lambda: phase(panel, number) is Phase.WAITING)
    assert panel.bar.pause.text() == "Resume queue"


def test_the_priority_is_set_from_the_menu(panel: Panel, queue, submit, see) -> None:
    queue.pause()
    number = submit()
    see(lambda: phase(panel, number) is Phase.WAITING)
    choose(panel, number)
    panel.job_actions.priority.actions()[0].trigger()
    priority = panel.jobs.index_of(number).siblingAtColumn(Column.PRIORITY)
    see(lambda: priority.data() == "90")


def test_folder_and_log_of_a_finished_job_are_opened(
    panel: Panel, submit, opened, tmp_path, see
) -> None:
    number = submit(frames="1")
    see(lambda: phase(panel, number) is Phase.DONE)
    choose(panel, number)
    panel.job_actions.open_folder.trigger()
    see(lambda: opened == [str(tmp_path / "out")])
    panel.job_actions.open_log.trigger()
    see(lambda: len(opened) == 2)
    assert Path(opened[1]).suffix == ".log"


def test_a_folder_that_is_not_there_is_told_with_the_remedy(
    panel: Panel, queue, submit, opened, tmp_path, see
) -> None:
    queue.pause()
    number = submit()
    see(lambda: phase(panel, number) is Phase.WAITING)
    choose(panel, number)
    (tmp_path / "out").rmdir() if (tmp_path / "out").is_dir() else None
    panel.job_actions.open_folder.trigger()
    see(lambda: "is not there" in panel.strip.text)
    assert "first picture" in panel.strip.text
    assert opened == []


def test_a_refused_submission_is_told_and_can_be_mended(
    panel: Panel, tmp_path, see
) -> None:
    panel.form._show_scene(scene(layer("beauty"), path=str(tmp_path / "gone.ma")))
    panel.form.render_button.click()
    see(panel.strip.isVisible)
    assert "gone.ma" in panel.strip.text
    assert panel.form.render_button.isEnabled()


def test_render_puts_the_ticked_layers_of_a_real_scene_into_the_queue(
    panel: Panel, queue, shared, tmp_path, see
) -> None:
    queue.pause()
    path = shared / "scenes" / "01-rs-layers-per-layer-overrides.ma"
    panel.choose_scene(str(path))
    see(panel.form.layers.ticked)
    panel.form.layers.tick_all(False)
    panel.form.layers.setData(
        panel.form.layers.index(0, 0),
        QtCore.Qt.CheckState.Checked,
        QtCore.Qt.ItemDataRole.CheckStateRole,
    )
    panel.form.frames.setText("1-2")
    panel.form.folder.setText(str(tmp_path / "out"))
    panel.form.percent.setValue(10)
    panel.form.render_button.click()
    see(panel.table.selected_jobs)
    (row,) = panel.table.selected_jobs()
    record = queue.job(row.id).record
    assert record.state is JobState.WAITING
    assert record.submission.layers == tuple(panel.form.layers.ticked())
    assert (record.submission.frames, record.submission.percent) == ("1-2", 10)
    assert panel.table.isExpanded(panel.jobs.index_of(row.id))


def test_the_context_menu_offers_what_the_toolbar_does_and_priorities(
    panel: Panel, queue, submit, see
) -> None:
    queue.pause()
    number = submit()
    see(lambda: phase(panel, number) is Phase.WAITING)
    place = panel.table.visualRect(panel.jobs.index_of(number)).center()
    panel.table.customContextMenuRequested.emit(place)
    (menu,) = panel.table.findChildren(
        QtWidgets.QMenu, options=QtCore.Qt.FindChildOption.FindDirectChildrenOnly
    )[-1:]
    texts = [action.text() for action in menu.actions() if action.text()]
    menu.close()
    assert texts == [
        *("Pause", "Cancel…", "Retry failed", "Remove…"),
        *("Open folder", "Open log", "Priority"),
    ]


def test_closing_ends_every_thread_of_the_panel(qtbot, queue) -> None:
    before = set(threading.enumerate())
    panel = Panel(queue)
    qtbot.addWidget(panel)
    panel.show()
    assert set(threading.enumerate()) - before
    panel.close_down()
    assert set(threading.enumerate()) <= before


def test_a_panel_that_its_host_destroys_ends_its_threads(qtbot, queue, see) -> None:
    before = set(threading.enumerate())
    host = QtWidgets.QWidget()
    Panel(queue, host)
    host.show()
    host.deleteLater()
    see(lambda: set(threading.enumerate()) <= before)
