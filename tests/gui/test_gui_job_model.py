from __future__ import annotations

import pytest

from lrc_toolbox.gui.job_model import ROW, Column, JobModel
from lrc_toolbox.gui.job_table import JobTable
from lrc_toolbox.gui.qt import QtCore, QtWidgets
from lrc_toolbox.gui.rows import Phase
from tests.gui.samples import NOW, figures, job, task


@pytest.fixture
def model(qapp) -> JobModel:
    return JobModel(clock=lambda: NOW)


@pytest.fixture
def table(qtbot, model: JobModel) -> JobTable:
    table = JobTable(model, None)
    qtbot.addWidget(table)
    table.resize(1200, 200)
    table.show()
    return table


def newest_first(numbers) -> list:
    return [job(number) for number in sorted(numbers, reverse=True)]


def texts(model: JobModel, parent=None) -> list[str]:
    parent = parent or QtCore.QModelIndex()
    rows = range(model.rowCount(parent))
    return [model.index(row, Column.NAME, parent).data() for row in rows]


def test_it_keeps_the_rules_of_item_models_while_rows_come_and_go(
    model: JobModel, qtmodeltester
) -> None:
    # It listens to the model from now on and looks at all of it after every change.
    qtmodeltester.check(model, force_py=True)
    for numbers in ([1, 2, 3], [2, 3, 4, 5], [5], [], [7, 8]):
        model.show_jobs(newest_first(numbers))
        for number in numbers:
            model.show_tasks(number, [task(number, 1), task(number, 2)])
            model.show_tasks(number, [task(number, 2), task(number, 3)])


def test_tasks_stand_below_their_job_whatever_comes_before_it(model: JobModel) -> None:
    model.show_jobs(newest_first([1, 2]))
    model.show_tasks(1, [task(1, 1), task(1, 2)])
    model.show_jobs(newest_first([1, 2, 3]))
    assert texts(model) == ["shot_0003  #3", "shot_0002  #2", "shot_0001  #1"]
    assert texts(model, model.index_of(1)) == ["layer1", "layer2"]
    assert texts(model, model.index_of(3)) == []
    below = model.index(0, 0, model.index_of(1))
    assert model.parent(below) == model.index_of(1)


def test_a_job_can_be_opened_before_its_tasks_were_read(model: JobModel) -> None:
    model.show_jobs([job(1, tasks=3), job(0, tasks=0)])
    assert model.hasChildren(model.index(0, 0))
    assert not model.hasChildren(model.index(1, 0))


def test_tasks_go_with_their_job(model: JobModel) -> None:
    model.show_jobs(newest_first([1, 2]))
    model.show_tasks(2, [task(2, 1)])
    model.show_jobs(newest_first([1]))
    model.show_jobs(newest_first([1, 2]))
    assert model.tasks_of(2) == ()


def test_one_changed_job_of_a_thousand_is_one_change_and_no_reset(
    model: JobModel, qtbot
) -> None:
    jobs = newest_first(range(1, 1001))
    model.show_jobs(jobs)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda a, b, *_: changed.append((a.row(), b.row())))
    with (
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.assertNotEmitted(model.rowsInserted),
        qtbot.assertNotEmitted(model.rowsRemoved),
    ):
        jobs[500] = job(jobs[500].id, Phase.RUNNING)
        model.show_jobs(jobs)
    assert changed == [(500, 500)]


def test_selection_opening_and_scrolling_survive_new_and_removed_jobs(
    model: JobModel, table: JobTable, qtbot
) -> None:
    model.show_jobs(newest_first(range(1, 101)))
    table.refreshed()
    model.show_tasks(50, [task(50, 1), task(50, 2)])
    chosen = model.index_of(50)
    table.setCurrentIndex(chosen)
    table.expand(chosen)
    table.scrollTo(chosen, QtWidgets.QAbstractItemView.ScrollHint.PositionAtTop)
    top = table.indexAt(QtCore.QPoint(1, 1)).data(ROW).id
    assert top == 50
    model.show_jobs(newest_first(set(range(1, 111)) - {3, 60}))
    table.refreshed()
    assert [row.id for row in table.selected()] == [50]
    assert table.isExpanded(model.index_of(50))
    assert table.indexAt(QtCore.QPoint(1, 1)).data(ROW).id == 50


def test_who_looks_at_the_top_sees_what_comes(model: JobModel, table: JobTable) -> None:
    model.show_jobs(newest_first(range(1, 101)))
    table.refreshed()
    model.show_jobs(newest_first(range(1, 106)))
    table.refreshed()
    assert table.indexAt(QtCore.QPoint(1, 1)).data(ROW).id == 105


def test_the_clock_moves_only_what_runs(model: JobModel) -> None:
    running = figures(started_at=NOW - 5)
    done = figures(Phase.DONE, started_at=NOW - 9, ended_at=NOW - 7)
    model.show_jobs([job(3), job(2, figures=running), job(1, figures=done)])
    changed: list[int] = []
    model.dataChanged.connect(lambda a, b, *_: changed.append(a.row()))
    model.refresh_clock()
    assert changed == [1]


def test_the_reason_is_told_where_the_mouse_rests(model: JobModel) -> None:
    model.show_jobs([job(1, reason="All 2 places are taken.")])
    tip = model.index(0, Column.STATE).data(QtCore.Qt.ItemDataRole.ToolTipRole)
    assert tip == "All 2 places are taken."


def test_a_long_reason_is_broken_into_lines(model: JobModel) -> None:
    long = "It needs a GPU and none is free. GPU 0 is kept for Maya. " * 3
    model.show_jobs([job(1, reason=long)])
    tip = model.index(0, Column.STATE).data(QtCore.Qt.ItemDataRole.ToolTipRole)
    assert max(map(len, tip.splitlines())) <= 72
    assert " ".join(tip.split()) == " ".join(long.split())


def test_cells_tell_what_the_columns_promise(model: JobModel) -> None:
    model.show_jobs([job(1, Phase.PAUSED, priority=70)])
    model.show_tasks(1, [task(1, 1, rendering="1003, 1004")])
    below = model.index_of(1)
    assert model.index(0, Column.STATE).data() == "Paused"
    assert model.index(0, Column.PRIORITY).data() == "70"
    assert model.index(0, Column.RENDERING, below).data() == "1003, 1004"
    assert model.index(0, Column.CAMERA, below).data() == "shotCam"


def test_the_table_wants_the_tasks_of_what_is_open_or_selected(
    model: JobModel, table: JobTable
) -> None:
    model.show_jobs(newest_first([1, 2, 3]))
    wanted: list[frozenset[int]] = []
    table.wanted.connect(wanted.append)
    table.expand(model.index_of(1))
    table.setCurrentIndex(model.index_of(2))
    assert wanted[-1] == {1, 2}
    table.collapse(model.index_of(1))
    assert wanted[-1] == {2}


def test_a_narrow_table_leaves_out_the_least_needed_columns(
    table: JobTable, qtbot
) -> None:
    table.resize(400, 200)
    assert table.isColumnHidden(Column.PRIORITY)
    assert not table.isColumnHidden(Column.PROGRESS)
    table.resize(3000, 200)
    assert not any(table.isColumnHidden(column) for column in Column)


def test_a_job_asked_for_before_it_is_there_is_shown_when_it_comes(
    model: JobModel, table: JobTable
) -> None:
    model.show_jobs(newest_first([1]))
    table.refreshed()
    table.reveal(2)
    assert [row.id for row in table.selected()] == [1]
    model.show_jobs(newest_first([1, 2]))
    table.refreshed()
    assert [row.id for row in table.selected()] == [2]
    assert table.isExpanded(model.index_of(2))


def test_what_runs_is_open_at_the_start(model: JobModel, table: JobTable) -> None:
    model.show_jobs([job(3), job(2, Phase.RUNNING), job(1, Phase.DONE)])
    table.refreshed()
    assert table.isExpanded(model.index_of(2))
    assert [row.id for row in table.selected()] == [2]
