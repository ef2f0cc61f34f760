"""What the open Maya session has loaded. Maya's main thread only."""

from __future__ import annotations

from maya import cmds


def current_scene() -> str:
    """Give the path of the open scene; empty where it was never saved."""
    # The documentation's table, and so types-maya, says bool: that is the flag's type.
    return str(cmds.file(query=True, sceneName=True))


def is_modified() -> bool:
    """Say whether the session holds changes that are not on disk."""
    return cmds.file(query=True, modified=True)
