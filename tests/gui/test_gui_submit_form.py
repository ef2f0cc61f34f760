from __future__ import annotations

from pathlib import Path

import pytest

from lrc_toolbox.gui.layer_model import Column
from lrc_toolbox.gui.qt import QtCore, QtGui
from tests.gui.samples import layer, scene

SCENE = """\
//Maya ASCII 2024 scene
requires maya "2024";
currentUnit -l centimeter -a degree -t film;
createNode transform -n "shotCam";
createNode camera -n "shotCamShape" -p "shotCam";
select -ne :defaultRenderGlobals;
    setAttr ".an" yes;
    setAttr ".fs" 1;
    setAttr ".ef" 24;
// End of shot.ma
"""


@pytest.fixture
def form(panel):
    return panel.form


@pytest.fixture
def scene_file(tmp_path: Path) -> Path:
    path = tmp_path / "shot.ma"
    path.write_text(SCENE, encoding="utf-8")
    return path


def names(form) -> list[str]:
    rows = range(form.layers.rowCount())
    return [form.layers.index(row, Column.LAYER).data() for row in rows]


def note(form, part: str) -> str:
    label = getattr(form, f"_{part}_note")
    return label.text() if label.isVisible() else ""


def test_an_empty_form_says_how_to_begin_and_cannot_render(form) -> None:
    assert form.layer_view.sentence == "Choose a scene to see its render layers."
    assert not form.render_button.isEnabled()


def test_enter_in_the_scene_field_reads_the_scene_and_ticks_its_layers(
    form, scene_file, qtbot, see
) -> None:
    form.scene.line.setText(f'"{scene_file}"')
    qtbot.keyClick(form.scene.line, QtCore.Qt.Key.Key_Return)
    see(lambda: names(form) == ["masterLayer"])
    assert form.layers.ticked() == {"masterLayer"}
    assert form.folder.text() == str(scene_file.parent / "renders")
    assert form.render_button.text().startswith("Render 1 layer, ")
    assert form.render_button.isEnabled()


def test_a_dropped_scene_is_read(form, scene_file, see) -> None:
    mime = QtCore.QMimeData()
    mime.setUrls([QtCore.QUrl.fromLocalFile(str(scene_file))])
    event = QtGui.QDropEvent(
        QtCore.QPoint(5, 5),
        QtCore.Qt.DropAction.CopyAction,
        mime,
        QtCore.Qt.MouseButton.LeftButton,
        QtCore.Qt.KeyboardModifier.NoModifier,
    )
    form.dropEvent(event)
    see(lambda: names(form) == ["masterLayer"])


@pytest.mark.filterwarnings("ignore:Function. 'QDragEnterEvent:DeprecationWarning")
@pytest.mark.parametrize(("name", "taken"), [("shot.MA", True), ("shot.exr", False)])
def test_only_scenes_can_be_dropped(form, tmp_path, name: str, taken: bool) -> None:
    mime = QtCore.QMimeData()
    mime.setUrls([QtCore.QUrl.fromLocalFile(str(tmp_path / name))])
    event = QtGui.QDragEnterEvent(
        QtCore.QPoint(5, 5),
        QtCore.Qt.DropAction.CopyAction,
        mime,
        QtCore.Qt.MouseButton.LeftButton,
        QtCore.Qt.KeyboardModifier.NoModifier,
    )
    event.setAccepted(False)
    form.dragEnterEvent(event)
    assert event.isAccepted() is taken


def test_a_scene_that_cannot_be_read_says_why_beside_the_field(
    form, tmp_path, see
) -> None:
    form.scene.choose(str(tmp_path / "gone.ma"))
    see(lambda: "gone.ma" in note(form, "scene"))
    assert not form.render_button.isEnabled()
    assert form.layer_view.sentence == "This scene could not be read."


def test_of_two_scenes_chosen_quickly_the_second_one_is_shown(
    form, scene_file, tmp_path, see
) -> None:
    other = tmp_path / "other.ma"
    other.write_text(SCENE.replace('.ef" 24', '.ef" 48'), encoding="utf-8")
    read: list[str] = []
    form._reader.read.connect(lambda scene: read.append(scene.path))
    form.scene.choose(str(scene_file))
    form.scene.choose(str(other))
    see(lambda: names(form))
    assert form.draft().scene.path == str(other)
    assert read == [str(other)]


def test_wrong_frames_are_told_while_they_are_typed(form, see) -> None:
    form._show_scene(scene(layer("beauty")))
    form.frames.setText("1-10,20-")
    assert "at character 9" in note(form, "frames")
    assert not form.render_button.isEnabled()
    form.frames.setText("1-10,20-22")
    assert note(form, "frames") == ""
    assert form.render_button.text() == "Render 1 layer, 13 frames"


def test_ticking_changes_what_the_button_says(form) -> None:
    form._show_scene(scene(layer("beauty"), layer("shadow", renderable=False)))
    assert form.render_button.text() == "Render 1 layer, 24 frames"
    form.layers.setData(
        form.layers.index(1, Column.LAYER),
        QtCore.Qt.CheckState.Checked,
        QtCore.Qt.ItemDataRole.CheckStateRole,
    )
    assert form.render_button.text() == "Render 2 layers, 48 frames"


def test_space_ticks_the_layer_that_has_the_focus(form, qtbot) -> None:
    form._show_scene(scene(layer("beauty")))
    form.layer_view.setCurrentIndex(form.layers.index(0, Column.LAYER))
    qtbot.keyClick(form.layer_view, QtCore.Qt.Key.Key_Space)
    assert form.layers.ticked() == frozenset()
    assert "Tick at least one layer" in note(form, "layers")


def test_a_folder_chosen_by_hand_is_kept_for_the_next_scene(form, qtbot) -> None:
    form._show_scene(scene(layer("beauty"), path="/a/one.ma"))
    assert form.folder.text() == str(Path("/a/renders"))
    form.folder.clear()
    qtbot.keyClicks(form.folder, "/mine")
    form._show_scene(scene(layer("beauty"), path="/b/two.ma"))
    assert form.folder.text() == "/mine"


def test_a_submission_in_flight_cannot_be_sent_twice(form, qtbot) -> None:
    form._show_scene(scene(layer("beauty")))
    with qtbot.waitSignal(form.render_asked) as asked:
        form.render_button.click()
    assert asked.args[0].layers == ("beauty",)
    assert not form.render_button.isEnabled()
    form.submitted()
    assert form.render_button.isEnabled()


def test_recent_scenes_can_be_chosen_again(form, scene_file, see) -> None:
    form.scene.offer([str(scene_file), "/gone & away.ma"])
    first, second = form.scene._recent.menu().actions()
    form.scene.offer([str(scene_file), "/gone & away.ma"])
    assert form.scene._recent.menu().actions() == [first, second]
    assert "&&" in second.text()
    first.trigger()
    see(lambda: names(form) == ["masterLayer"])


def test_a_narrow_form_puts_its_fields_below_the_layers(panel, form, see) -> None:
    wide, narrow = form._body.Direction.LeftToRight, form._body.Direction.TopToBottom
    assert form._body.direction() == wide
    least = panel.minimumWidth()
    panel.resize(least, 900)
    see(lambda: form._body.direction() == narrow)
    see(lambda: form.width() <= least)


def test_every_field_has_a_name_for_screen_readers_and_a_key(form) -> None:
    for field in (form.frames, form.folder, form.percent, form.priority):
        assert field.accessibleName()
    assert form.scene.line.accessibleName() == "Scene"
    assert form.layer_view.accessibleName() == "Render layers"
    labels = form.findChildren(type(form._frames_note))
    keyed = {label.text() for label in labels if label.buddy() is not None}
    assert keyed == {"&Scene", "&Frames", "O&utput", "Si&ze", "Pr&iority"}
