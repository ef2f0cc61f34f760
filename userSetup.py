"""Maya runs this at its start: adds the LRC Toolbox menu and shelf, nothing else.

Maya runs every `userSetup.py` on its path in one namespace, hence the long name.
"""

from maya import cmds


def _add_lrc_toolbox_menu_and_shelf() -> None:
    try:
        from lrc_toolbox.maya_host import menu

        menu.install()
    except Exception:
        # Broad: Maya's start must go on, whatever is wrong here.
        import logging

        logging.getLogger("lrc_toolbox").exception(
            "LRC Toolbox could not add its menu and shelf; Maya works without them"
        )


# mayapy and batch renders run this file too, and have no menus. In an interactive Maya
# the window does not exist yet: wait until it is idle.
if not cmds.about(batch=True):
    cmds.evalDeferred(_add_lrc_toolbox_menu_and_shelf, lowestPriority=True)
