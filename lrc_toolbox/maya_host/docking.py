"""The panel as a part of Maya's window: docks, remembers its place, comes back.

A workspace control holds it. Maya stores the control with the workspace and runs its
`uiScript` whenever the control is made, also at the next start
(help.autodesk.com, "Writing Workspace controls"). Maya's main thread only.
"""

from __future__ import annotations

from maya import cmds

# types-maya 0.6.1 has no stubs for the old API, which has MQtUtil alone.
from maya.OpenMayaUI import MQtUtil  # type: ignore[attr-defined]

from lrc_toolbox.gui.panel import Panel
from lrc_toolbox.gui.qt import QtWidgets, wrap
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.maya_host import host_session, interpreter, session
from lrc_toolbox.queue import RenderQueue

#: The control's name, by which workspaces remember it: never change it.
CONTROL = "lrcToolboxBatchRenderManager"
_LABEL = "Batch Render Manager"
_FILL = "from lrc_toolbox.maya_host import docking; docking.fill()"
_WIDTH, _HEIGHT, _LEAST_WIDTH = 1100, 800, 420

_UNSAVED = (
    "This scene has changes that are not saved. The queue renders what is saved: save "
    "the scene, then press Enter in the Scene field."
)


def open_panel() -> None:
    """Show the panel where it was last, or floating the first time."""
    if cmds.workspaceControl(CONTROL, exists=True):
        # Shows it where it is hidden, raises it where it is behind another tab.
        cmds.workspaceControl(CONTROL, edit=True, restore=True)
        return
    cmds.workspaceControl(
        CONTROL,
        label=_LABEL,
        uiScript=_FILL,
        floating=True,
        loadImmediately=True,
        initialWidth=_WIDTH,
        initialHeight=_HEIGHT,
        minimumWidth=_LEAST_WIDTH,
    )


def fill() -> None:
    """Put a new panel into the control; Maya calls this whenever it makes the control.

    What is wrong stands in the control in place of the panel.
    """
    holder = wrap(int(MQtUtil.findControl(CONTROL)), QtWidgets.QWidget)
    layout = holder.layout() or QtWidgets.QVBoxLayout(holder)
    try:
        panel = _new_panel(holder)
    except LrcError as error:
        trouble = QtWidgets.QLabel(str(error), holder)
        trouble.setWordWrap(True)
        layout.addWidget(trouble)
    else:
        layout.addWidget(panel)
        _choose_session_scene(panel)


def _new_panel(holder: QtWidgets.QWidget) -> Panel:
    interpreter.use_mayapy()
    queue = RenderQueue()
    panel = Panel(queue, holder)
    # The panel's own threads end first: it connected to this signal before.
    panel.destroyed.connect(lambda *_: queue.close())
    host_session.begin(queue.home.hosts, panel)
    return panel


def _choose_session_scene(panel: Panel) -> None:
    scene = session.current_scene()
    if scene.lower().endswith(".ma"):
        panel.choose_scene(scene)
        if session.is_modified():
            panel.strip.show_note(_UNSAVED)
