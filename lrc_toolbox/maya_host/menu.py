"""The menu and the shelf button that open the panel; made once, however often asked.

Maya's main thread only.
"""

from __future__ import annotations

from maya import cmds, mel

#: Names in Maya's user interface, not shown to anybody.
MENU = "lrcToolboxMenu"
SHELF = "LRC"
_OPEN = "from lrc_toolbox.maya_host import docking; docking.open_panel()"
_LABEL = "Batch Render Manager..."
_TIP = "Render the layers of a scene in the background and watch them"


def install() -> None:
    """Add the menu and the shelf where they are missing."""
    add_menu()
    add_shelf()


def add_menu() -> None:
    """Add the menu to Maya's main window."""
    if cmds.menu(MENU, exists=True):
        return
    cmds.menu(MENU, label="LRC Toolbox", parent=_interface("gMainWindow"), tearOff=True)
    cmds.menuItem(
        parent=MENU, label=_LABEL, annotation=_TIP, command=_OPEN, sourceType="python"
    )


def add_shelf() -> None:
    """Add a shelf with its button.

    Maya saves shelves in the preferences when it closes and brings them back by
    itself, so one that is there is left as the artist has arranged it.
    """
    if cmds.shelfLayout(SHELF, exists=True):
        return
    cmds.shelfLayout(SHELF, parent=_interface("gShelfTopLevel"))
    cmds.shelfButton(
        parent=SHELF,
        label=_LABEL,
        annotation=_TIP,
        image="render.png",
        imageOverlayLabel="LRC",
        command=_OPEN,
        sourceType="python",
    )


def _interface(variable: str) -> str:
    """Read one of the global MEL variables that name parts of Maya's window."""
    return str(mel.eval(f"$lrcToolboxName = ${variable}"))
