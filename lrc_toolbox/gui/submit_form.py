"""The form that submits a scene: which layers, which frames, where to, how urgent.

It gathers what is typed into a `Draft` and shows what the draft says of itself; the
rules are the draft's. GUI thread.
"""

from __future__ import annotations

from lrc_toolbox.gui import theme, trouble
from lrc_toolbox.gui.draft import Draft, Field, default_folder
from lrc_toolbox.gui.elided_label import ElidedLabel
from lrc_toolbox.gui.layer_model import LayerModel
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets, Signal
from lrc_toolbox.gui.scene_field import SceneField, accept_scene, dropped_scene
from lrc_toolbox.gui.scene_reader import SceneReader
from lrc_toolbox.gui.sentence_view import SentenceView
from lrc_toolbox.gui.trouble import Report, guarded
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.scenes.snapshot import SceneSnapshot

_NO_SCENE = "Choose a scene to see its render layers."
_READING = "Reading the scene…"
_NO_LAYERS = "This scene could not be read."
# In widths of a character: below it the fields go under the layers.
_NARROW = 120


class SubmitForm(QtWidgets.QWidget):
    """Everything a submission needs, from a scene to the Render button."""

    render_asked: QtCore.Signal[tuple[Submission]] = Signal(object)

    def __init__(
        self, reader: SceneReader, report: Report, parent: QtWidgets.QWidget
    ) -> None:
        super().__init__(parent)
        self.report = report
        self._reader = reader
        self._scene: SceneSnapshot | None = None
        self._folder_is_ours = True
        self._submitting = False
        self._make_fields()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._refresh()

    # -- making it -------------------------------------------------------------------
    def _make_fields(self) -> None:
        self.scene = SceneField(self)
        self._scene_note = _note(self)
        self.layers = LayerModel(self)
        self.layer_view = SentenceView(_NO_SCENE, self)
        self.layer_view.setModel(self.layers)
        self.layer_view.setRootIsDecorated(False)
        self.layer_view.setAccessibleName("Render layers")
        self._layers_note = _note(self)
        self.frames = QtWidgets.QLineEdit(self)
        self.frames.setPlaceholderText("as the scene says")
        self.frames.setToolTip("For example 1001-1100, or 1,5,10-20, or 1-100x5")
        self._frames_note = _note(self)
        self.folder = QtWidgets.QLineEdit(self)
        self.folder.setPlaceholderText("Folder for the pictures")
        self._browse = QtWidgets.QPushButton("Br&owse…", self)
        self._browse.setToolTip("Choose the folder for the pictures")
        self._folder_note = _note(self)
        self.percent = QtWidgets.QDoubleSpinBox(self)
        self.percent.setRange(1, 400)
        self.percent.setDecimals(0)
        self.percent.setValue(100)
        self.percent.setSuffix(" %")
        self.percent.setToolTip("Size of the pictures, in percent of the scene's own")
        self.sizes = ElidedLabel(self, QtCore.Qt.TextElideMode.ElideRight)
        self.priority = QtWidgets.QSpinBox(self)
        self.priority.setRange(0, 100)
        self.priority.setValue(50)
        self.priority.setToolTip("0 to 100, higher is sooner")
        self.render_button = QtWidgets.QPushButton("Render", self)
        self.render_button.setMinimumHeight(round(self.fontMetrics().height() * 2.2))
        self.render_button.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed
        )
        self.render_button.setPalette(theme.prominent(self.render_button.palette()))
        self.render_button.setShortcut(QtGui.QKeySequence("Ctrl+Return"))
        self.render_button.setToolTip("Put it into the queue (Ctrl+Return)")

    def _lay_out(self) -> None:
        scene = QtWidgets.QFormLayout()
        scene.addRow(_label("&Scene", self.scene.line, self), self.scene)
        scene.addRow("", self._scene_note)
        left = QtWidgets.QVBoxLayout()
        left.addWidget(self.layer_view, 1)
        left.addWidget(self._layers_note)
        self._body = QtWidgets.QBoxLayout(QtWidgets.QBoxLayout.Direction.LeftToRight)
        self._body.addLayout(left, 3)
        self._body.addLayout(self._fields(), 2)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(scene)
        layout.addLayout(self._body, 1)

    def _fields(self) -> QtWidgets.QFormLayout:
        folder = QtWidgets.QHBoxLayout()
        folder.addWidget(self.folder, 1)
        folder.addWidget(self._browse)
        numbers = QtWidgets.QHBoxLayout()
        numbers.addWidget(self.percent)
        numbers.addWidget(self.sizes, 1)
        numbers.addSpacing(self.fontMetrics().height())
        numbers.addWidget(_label("Pr&iority", self.priority, self))
        numbers.addWidget(self.priority)
        form = QtWidgets.QFormLayout()
        form.setFieldGrowthPolicy(
            QtWidgets.QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow
        )
        form.addRow(_label("&Frames", self.frames, self), self.frames)
        form.addRow("", self._frames_note)
        form.addRow(_label("O&utput", self.folder, self), folder)
        form.addRow("", self._folder_note)
        form.addRow(_label("Si&ze", self.percent, self), numbers)
        form.addRow("", self.render_button)
        return form

    def _connect(self) -> None:
        self.scene.chosen.connect(self._read)
        self._reader.read.connect(self._show_scene)
        self._reader.failed.connect(self._show_unreadable)
        self.layers.dataChanged.connect(self._refresh)
        self.frames.textChanged.connect(self._refresh)
        self.folder.textChanged.connect(self._refresh)
        self.percent.valueChanged.connect(self._refresh)
        self.folder.textEdited.connect(self._keep_folder)
        self._browse.clicked.connect(self._browse_folder)
        self.render_button.clicked.connect(self._render)

    # -- what others do with it ------------------------------------------------------
    def draft(self) -> Draft:
        """Gather what the form holds."""
        return Draft(
            scene=self._scene,
            ticked=self.layers.ticked(),
            frames=self.frames.text(),
            folder=self.folder.text(),
            percent=self.percent.value(),
            priority=self.priority.value(),
        )

    def submitted(self) -> None:
        """Take note that what was asked for is in the queue, or was refused."""
        self._submitting = False
        self._refresh()

    # -- slots -----------------------------------------------------------------------
    @guarded
    def _read(self, path: str) -> None:
        self._scene = None
        self.layers.show_layers(())
        self.layer_view.say(_READING)
        _say(self._scene_note, _READING, wrong=False)
        self._refresh()
        self._reader.ask(path)

    @guarded
    def _show_scene(self, scene: SceneSnapshot) -> None:
        self._scene = scene
        self.layers.show_layers(scene.layers)
        self.layer_view.say("This scene has no render layers.")
        self.layer_view.fit_columns()
        version = f"Maya {scene.maya_version}, " if scene.maya_version else ""
        _say(self._scene_note, f"{version}{scene.fps:g} frames a second", wrong=False)
        if self._folder_is_ours:
            self.folder.setText(default_folder(scene.path))
        self._refresh()

    @guarded
    def _show_unreadable(self, error: Exception) -> None:
        self.layer_view.say(_NO_LAYERS)
        _say(self._scene_note, " ".join(trouble.sentence(error)), wrong=True)
        self._refresh()

    @guarded
    def _refresh(self) -> None:
        draft = self.draft()
        problems = draft.problems()
        _say(self._layers_note, problems.get(Field.LAYERS, ""), wrong=True)
        _say(self._frames_note, problems.get(Field.FRAMES, ""), wrong=True)
        folder = problems.get(Field.FOLDER, "") if self._scene else ""
        _say(self._folder_note, folder, wrong=True)
        self.sizes.show_text(draft.sizes())
        self.render_button.setText(
            "Submitting…" if self._submitting else draft.summary()
        )
        self.render_button.setEnabled(not problems and not self._submitting)

    @guarded
    def _keep_folder(self) -> None:
        self._folder_is_ours = not self.folder.text()

    @guarded
    def _browse_folder(self) -> None:
        folder = QtWidgets.QFileDialog.getExistingDirectory(
            self, "Choose a folder for the pictures", self.folder.text()
        )
        if folder:
            self._folder_is_ours = False
            self.folder.setText(folder)

    @guarded
    def _render(self) -> None:
        submission = self.draft().submission()
        self._submitting = True
        self._refresh()
        self.render_asked.emit(submission)

    # -- events ----------------------------------------------------------------------
    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Put the fields beside the layers, or below them where it is narrow."""
        super().resizeEvent(event)
        wide = self.width() > _NARROW * self.fontMetrics().averageCharWidth()
        direction = QtWidgets.QBoxLayout.Direction
        self._body.setDirection(
            direction.LeftToRight if wide else direction.TopToBottom
        )

    def dragEnterEvent(self, event: QtGui.QDragEnterEvent) -> None:
        """Let a scene file be dropped anywhere on the form."""
        accept_scene(event)

    def dropEvent(self, event: QtGui.QDropEvent) -> None:
        """Choose the dropped scene."""
        self.scene.choose(dropped_scene(event.mimeData()))
        event.acceptProposedAction()


def _label(
    text: str, buddy: QtWidgets.QWidget, parent: QtWidgets.QWidget
) -> QtWidgets.QLabel:
    label = QtWidgets.QLabel(text, parent)
    label.setBuddy(buddy)
    buddy.setAccessibleName(text.replace("&", ""))
    return label


def _note(parent: QtWidgets.QWidget) -> QtWidgets.QLabel:
    note = QtWidgets.QLabel(parent)
    note.setWordWrap(True)
    note.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    note.hide()
    return note


def _say(note: QtWidgets.QLabel, text: str, *, wrong: bool) -> None:
    palette = note.palette()
    colour = QtGui.QColor(theme.WRONG if wrong else theme.FAINT)
    palette.setColor(QtGui.QPalette.ColorRole.WindowText, colour)
    note.setPalette(palette)
    note.setText(text)
    note.setVisible(bool(text))
