"""The import walls: which part of the product may import which.

Holds the rules of the design as tables and reads every import of every module, also
inside functions and under ``TYPE_CHECKING``, without running any of it. What a running
process has really loaded is looked at in ``tests/test_import_walls.py``.

``python3 scripts/walls.py`` prints each import that goes through a wall.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = "lrc_toolbox"

_GROUND = ("jobs",)
_ROOMS = ("jobs", "machine", "scenes", "outputs")
# What the queue object hands out is described in store.interface.
_CLIENT = (*_ROOMS, "queue", "store.interface", "running.log_following")

# What each part may import beside itself: whole parts, or single modules of them.
# A part is a folder or a file directly in the product's folder.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    # For `lrc_toolbox.inspect`, inside the function.
    "__init__": ("scenes.inspection",),
    "jobs": (),
    "machine": _GROUND,
    "scenes": _GROUND,
    "outputs": _GROUND,
    "engines": _ROOMS,
    "store": _GROUND,
    "scheduling": (*_GROUND, "store.interface"),
    "notifying": _GROUND,
    "running": (*_ROOMS, "engines", "notifying", "store", "scheduling"),
    "presets": (*_GROUND, "scenes.places", "running.home"),
    "queue": (*_ROOMS, "engines", "store", "running", "scheduling"),
    "__main__": ("cli",),
    "cli": (*_CLIENT, "notifying", "presets", "running.told"),
    "gui": _CLIENT,
    "maya_host": (*_CLIENT, "gui", "running.launching"),
}

# Foreign packages that have one place in the product.
ONLY_IN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("Qt", "PySide2", "PySide6", "shiboken2", "shiboken6", "PyQt5", "PyQt6"),
        ("lrc_toolbox.gui.qt",),
    ),
    "maya": ("lrc_toolbox.maya_host",),
    "mitsuba": ("lrc_toolbox.engines",),
    "drjit": ("lrc_toolbox.engines",),
    "OpenImageIO": ("lrc_toolbox.engines", "lrc_toolbox.outputs"),
    "numpy": ("lrc_toolbox.engines", "lrc_toolbox.outputs"),
    "pynvml": ("lrc_toolbox.machine",),
    "rich": ("lrc_toolbox.cli",),
    "typer": ("lrc_toolbox.cli",),
}

# A decision must depend on nothing but what it was told.
_OUTSIDE_WORLD = (
    *("asyncio", "datetime", "io", "logging", "multiprocessing", "os", "pathlib"),
    *("psutil", "random", "shutil", "signal", "socket", "sqlite3", "subprocess"),
    *("sys", "tempfile", "threading", "time"),
)
NEVER_IN: dict[str, tuple[str, ...]] = {"lrc_toolbox.scheduling": _OUTSIDE_WORLD}


@dataclass(frozen=True)
class Breach:
    """One import that goes through a wall.

    Attributes:
        module: the module that imports.
        line: where, counted from 1.
        imported: what it imports.
        rule: the rule that forbids it.
    """

    module: str
    line: int
    imported: str
    rule: str

    def __str__(self) -> str:
        where = f"{self.module.replace('.', '/')}.py:{self.line}"
        return f"{where} imports {self.imported}: {self.rule}"


def breaches(source: str, module: str) -> Iterator[Breach]:
    """Finds the forbidden imports of one module.

    Args:
        source: its text.
        module: its full dotted name; a package's is that of its ``__init__``.
    """
    for line, imported in imports(source, module):
        for rule in _broken_rules(module, imported):
            yield Breach(module, line, imported, rule)


def imports(source: str, module: str) -> Iterator[tuple[int, str]]:
    """Every import in a module's text: its line and the full dotted name.

    ``from a import b`` counts as ``a.b``, since b may be a module.
    """
    for node in ast.walk(ast.parse(source, module)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node.module or "", node.level, module)
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"
        elif isinstance(node, ast.Call) and (name := _imported_by_call(node)):
            yield node.lineno, name


def modules(root: Path = ROOT) -> Iterator[tuple[str, Path]]:
    """Every module of the product: its dotted name and its file."""
    for path in sorted((root / PRODUCT).rglob("*.py")):
        yield ".".join(path.relative_to(root).with_suffix("").parts), path


def all_breaches(root: Path = ROOT) -> list[Breach]:
    """Every forbidden import of the product."""
    return [
        breach
        for module, path in modules(root)
        for breach in breaches(path.read_text(encoding="utf-8"), module)
    ]


def _absolute(name: str, level: int, module: str) -> str:
    if not level:
        return name
    package = module.split(".")[:-level]
    return ".".join([*package, name] if name else package)


def _imported_by_call(call: ast.Call) -> str | None:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else None
    name = function.id if isinstance(function, ast.Name) else name
    if name not in ("import_module", "__import__") or not call.args:
        return None
    argument = call.args[0]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def _broken_rules(module: str, imported: str) -> Iterator[str]:
    first, *rest = imported.split(".")
    if first == PRODUCT and rest:
        yield from _broken_part_rule(module, ".".join(rest))
    if first in ONLY_IN and not _lies_in(module, ONLY_IN[first]):
        yield f"only {' and '.join(ONLY_IN[first])} may import {first}"
    for place, names in NEVER_IN.items():
        if first in names and _lies_in(module, (place,)):
            yield f"{place} may never import {first}"


def _broken_part_rule(module: str, imported: str) -> Iterator[str]:
    part = module.split(".")[1]
    if imported.startswith("__"):
        return
    if part not in MAY_IMPORT:
        yield f"{part} has no row in MAY_IMPORT yet"
    elif not _lies_in(imported, (part, *MAY_IMPORT[part])):
        yield f"{part} may import only {', '.join(MAY_IMPORT[part]) or 'nothing'}"


def _lies_in(module: str, places: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{place}.") for place in places)


if __name__ == "__main__":
    found = all_breaches()
    for breach in found:
        print(breach)
    print(f"{len(list(modules()))} modules, {len(found)} imports through a wall")
    sys.exit(1 if found else 0)
