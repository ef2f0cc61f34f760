from __future__ import annotations

import pytest

from lrc_toolbox.gui.layer_model import Column, LayerModel
from lrc_toolbox.gui.qt import QtCore
from tests.gui.samples import layer

TICK = QtCore.Qt.ItemDataRole.CheckStateRole


@pytest.fixture
def model(qapp) -> LayerModel:
    model = LayerModel()
    model.show_layers(
        [layer("shadow", order=1, renderable=False), layer("beauty", order=0)]
    )
    return model


def test_layers_stand_in_the_scenes_order_and_renderable_ones_are_ticked(
    model: LayerModel, qtmodeltester
) -> None:
    qtmodeltester.check(model, force_py=True)
    names = [model.index(row, Column.LAYER).data() for row in range(model.rowCount())]
    assert names == ["beauty", "shadow"]
    assert model.ticked() == {"beauty"}


@pytest.mark.parametrize(
    "value", [QtCore.Qt.CheckState.Checked, 2], ids=["enum", "number"]
)
def test_a_tick_is_set_and_taken_away(model: LayerModel, value, qtbot) -> None:
    shadow = model.index(1, Column.LAYER)
    with qtbot.waitSignal(model.dataChanged):
        assert model.setData(shadow, value, TICK)
    assert model.ticked() == {"beauty", "shadow"}
    assert QtCore.Qt.CheckState(shadow.data(TICK)) == QtCore.Qt.CheckState.Checked
    model.setData(shadow, QtCore.Qt.CheckState.Unchecked, TICK)
    assert model.ticked() == {"beauty"}


def test_only_the_first_column_takes_a_tick(model: LayerModel) -> None:
    assert not model.setData(model.index(1, Column.FRAMES), 2, TICK)
    flags = model.flags(model.index(1, Column.FRAMES))
    assert not flags & QtCore.Qt.ItemFlag.ItemIsUserCheckable


def test_a_layers_row_tells_what_it_renders(model: LayerModel) -> None:
    cells = [model.index(0, column).data() for column in Column]
    assert cells == ["beauty", "1-24", "1920 x 1080", "shotCam", "arnold"]


def test_a_layer_that_no_camera_sees_says_so(model: LayerModel) -> None:
    model.show_layers([layer("blind", cameras=())])
    assert model.index(0, Column.CAMERAS).data() == "none renderable"
