"""A strict stand-in for the part of Maya that the menu, the shelf and the panel use.

It knows the commands, flags and types that are listed in `SIGNATURES`, taken from
Autodesk's Maya 2024 command reference (help.autodesk.com, "Python commands": menu,
menuItem, shelfLayout, shelfButton, workspaceControl, file, about, evalDeferred), and
refuses everything else. It keeps what was made, as Maya does, so that doing it twice
shows; a workspace control is a real Qt widget.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from Qt import QtCompat, QtWidgets

TEXT, FLAG, NUMBER, SCRIPT = str, bool, int, str

#: For each command what each mode takes: the flags and the type of their values.
SIGNATURES: dict[str, dict[str, dict[str, Any]]] = {
    "menu": {
        "exists": {"exists": FLAG},
        "create": {"label": TEXT, "parent": TEXT, "tearOff": FLAG},
    },
    "menuItem": {
        "create": {
            "annotation": TEXT,
            "command": SCRIPT,
            "label": TEXT,
            "parent": TEXT,
            "sourceType": TEXT,
        },
    },
    "shelfLayout": {
        "exists": {"exists": FLAG},
        "create": {"parent": TEXT},
    },
    "shelfButton": {
        "create": {
            "annotation": TEXT,
            "command": SCRIPT,
            "image": TEXT,
            "imageOverlayLabel": TEXT,
            "label": TEXT,
            "parent": TEXT,
            "sourceType": TEXT,
        },
    },
    "workspaceControl": {
        "exists": {"exists": FLAG},
        "edit": {"edit": FLAG, "restore": FLAG},
        "create": {
            "floating": FLAG,
            "initialHeight": NUMBER,
            "initialWidth": NUMBER,
            "label": TEXT,
            "loadImmediately": FLAG,
            "minimumWidth": NUMBER,
            "uiScript": SCRIPT,
        },
    },
    "file": {
        "query": {"query": FLAG, "sceneName": FLAG, "modified": FLAG},
    },
    "about": {"query": {"batch": FLAG}},
}

#: Global MEL variables that name parts of Maya's window.
GLOBALS = {"gMainWindow": "MayaWindow", "gShelfTopLevel": "ShelfLayout"}


@dataclass
class Maya:
    """One Maya session: what it has open and what was made in its window.

    Attributes:
        made: the named parts of the interface with the flags they were made with.
        items: menu items and shelf buttons, in the order they were made.
        controls: the workspace controls' widgets.
        raised: names of controls that were shown again.
        deferred: what waits until Maya is idle.
        listening: what is called when a condition changes, by its number.
    """

    batch: bool = False
    scene: str = ""
    modified: bool = False
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    controls: dict[str, QtWidgets.QWidget] = field(default_factory=dict)
    raised: list[str] = field(default_factory=list)
    deferred: list[Callable[[], None]] = field(default_factory=list)
    listening: dict[int, tuple[str, Callable[..., None]]] = field(default_factory=dict)

    def modules(self) -> dict[str, ModuleType]:
        """Make the modules that `import maya` finds."""
        maya, cmds, mel = ModuleType("maya"), ModuleType("maya.cmds"), ModuleType("mel")
        interface, api = ModuleType("maya.OpenMayaUI"), ModuleType("maya.api")
        open_maya = ModuleType("maya.api.OpenMaya")
        for name in SIGNATURES:
            setattr(cmds, name, self._command(name))
        cmds.evalDeferred = self._eval_deferred  # type: ignore[attr-defined]
        mel.eval = self._eval_mel  # type: ignore[attr-defined]
        interface.MQtUtil = _MQtUtil(self)  # type: ignore[attr-defined]
        maya.cmds, maya.mel = cmds, mel  # type: ignore[attr-defined]
        maya.OpenMayaUI, maya.api = interface, api  # type: ignore[attr-defined]
        api.OpenMaya = open_maya  # type: ignore[attr-defined]
        open_maya.MConditionMessage = _MConditionMessage(self)  # type: ignore[attr-defined]
        open_maya.MMessage = _MMessage(self)  # type: ignore[attr-defined]
        return {
            "maya": maya,
            "maya.cmds": cmds,
            "maya.mel": mel,
            "maya.OpenMayaUI": interface,
            "maya.api": api,
            "maya.api.OpenMaya": open_maya,
        }

    def be_idle(self) -> None:
        """Run what was deferred, as Maya does once its window is up."""
        waiting, self.deferred = self.deferred, []
        for call in waiting:
            call()

    def change(self, condition: str, state: bool) -> None:
        """Change a condition, as Maya does when the artist presses Play."""
        for name, call in list(self.listening.values()):
            if name == condition:
                call(state, None)

    def restart_workspace(self) -> None:
        """Make the controls anew as the next start of Maya does, from what it kept."""
        for name in list(self.controls):
            self.controls.pop(name).deleteLater()
            self._fill_control(name)

    # -- maya.cmds -------------------------------------------------------------------
    def _command(self, name: str) -> Callable[..., Any]:
        does = {
            ("menu", "create"): self._make,
            ("menuItem", "create"): self._add,
            ("shelfLayout", "create"): self._make,
            ("shelfButton", "create"): self._add,
            ("workspaceControl", "create"): self._make_control,
            ("workspaceControl", "edit"): self._edit_control,
            ("file", "query"): self._query_file,
            ("about", "query"): self._query_about,
        }

        def command(*names: str, **flags: Any) -> Any:
            mode = _mode(name, flags)
            _check(name, mode, flags)
            return does.get((name, mode), self._exists)(*names, **flags)

        return command

    def _exists(self, name: str, *, exists: bool) -> bool:
        return name in self.made

    def _make(self, name: str, **flags: Any) -> str:
        if name in self.made:
            raise RuntimeError(f"Object's name '{name}' is not unique.")
        self._need_parent(flags)
        self.made[name] = flags
        return name

    def _add(self, **flags: Any) -> str:
        self._need_parent(flags)
        if flags["sourceType"] not in ("mel", "python"):
            raise RuntimeError(f"Invalid source type {flags['sourceType']}.")
        self.items.append(flags)
        return f"{flags['parent']}|item{len(self.items)}"

    def _make_control(self, name: str, **flags: Any) -> str:
        self._make(name, **flags)
        self._fill_control(name)
        return name

    def _edit_control(self, name: str, *, edit: bool, restore: bool) -> str:
        if name not in self.controls:
            raise RuntimeError(f"Object '{name}' not found.")
        self.raised.append(name)
        return name

    def _query_file(self, *, query: bool, **what: bool) -> str | bool:
        return self.scene if "sceneName" in what else self.modified

    def _query_about(self, *, batch: bool) -> bool:
        return self.batch

    def _need_parent(self, flags: dict[str, Any]) -> None:
        parent = flags.get("parent")
        if parent not in (None, *GLOBALS.values(), *self.made):
            raise RuntimeError(f"Object '{parent}' not found.")

    def _fill_control(self, name: str) -> None:
        widget = QtWidgets.QWidget()
        QtWidgets.QVBoxLayout(widget)
        self.controls[name] = widget
        exec(self.made[name]["uiScript"], {})

    # -- the rest --------------------------------------------------------------------
    def _eval_deferred(
        self,
        call: Callable[[], None],
        *,
        lowestPriority: bool = False,  # noqa: N803 - Maya's name
    ) -> None:
        self.deferred.append(call)

    def _eval_mel(self, script: str) -> str:
        target, equals, source = script.partition(" = ")
        if not equals or not target.startswith("$") or source[1:] not in GLOBALS:
            raise RuntimeError(f"Cannot read the MEL {script!r}.")
        return GLOBALS[source[1:]]


class _MQtUtil:
    def __init__(self, maya: Maya) -> None:
        self._maya = maya

    def findControl(self, name: str) -> int | None:  # noqa: N802 - Maya's name
        widget = self._maya.controls.get(name)
        return None if widget is None else QtCompat.getCppPointer(widget)


class _MConditionMessage:
    """maya.api.OpenMaya.MConditionMessage, with the conditions that are documented."""

    def __init__(self, maya: Maya) -> None:
        self._maya = maya

    def addConditionCallback(  # noqa: N802 - Maya's name
        self, condition: str, function: Callable[..., None], /
    ) -> int:
        if condition not in ("SomethingSelected", "playingBack"):
            raise RuntimeError("(kInvalidParameter): Unknown condition")
        number = max(self._maya.listening, default=0) + 1
        self._maya.listening[number] = (condition, function)
        return number


class _MMessage:
    """maya.api.OpenMaya.MMessage."""

    def __init__(self, maya: Maya) -> None:
        self._maya = maya

    def removeCallback(self, number: int, /) -> None:  # noqa: N802 - Maya's name
        if number not in self._maya.listening:
            raise RuntimeError("(kInvalidParameter): No element at given index")
        del self._maya.listening[number]


def _mode(name: str, flags: dict[str, Any]) -> str:
    for mode in ("exists", "edit", "query"):
        if mode in flags or tuple(SIGNATURES[name]) == (mode,):
            return mode
    return "create"


def _check(name: str, mode: str, flags: dict[str, Any]) -> None:
    known = SIGNATURES[name].get(mode)
    if known is None:
        raise TypeError(f"{name} is not asked to {mode} here")
    for flag, value in flags.items():
        if flag not in known:
            raise TypeError(f"Invalid flag '{flag}'")
        if type(value) is not known[flag]:
            raise TypeError(f"Invalid arguments for flag '{flag}': {value!r}")


def loaded_of_ours() -> list[str]:
    """Name the modules that hold on to a session's `maya`, to be imported anew."""
    return [name for name in sys.modules if name.startswith("lrc_toolbox.maya_host")]
