"""The virtual environment that the scripts work in: made once, then reused.

Owns ``.venv/py310`` to ``.venv/py313`` in the repository, one for each Python so that
PySide2 and PySide6 stand side by side, and the record of what is installed in each.
Standard library only. How it is made and filled is ``installation.py``'s; which Python
is taken is ``usable_python.py``'s. Runs on the caller's thread.

The parts for Windows (``Scripts``, ``PYTHONUTF8``) could not be run here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

import usable_python
from installation import InstallationError, Installer
from setup_lock import only_one
from steps import Steps

ROOT = Path(__file__).resolve().parent.parent
DEMO_EXTRAS = ("cli", "preview", "qt", "review")
DEVELOPMENT_EXTRAS = (*DEMO_EXTRAS, "dev")
STOPPED_EXIT_CODE = 130  # as a shell says for a program that Ctrl-C ended

# The tables of pyproject.toml that say what is installed (tomllib came with 3.11).
_INSTALLING_TABLE = re.compile(r"\[(build-system|project\b|tool\.hatch\b)")
# Settings that would bring the caller's own packages, Qt or queue into the environment.
_OTHER_LEAKS = (
    *("PIP_PREFIX", "PIP_TARGET", "QT_PLUGIN_PATH", "QT_PREFERRED_BINDING"),
    *("LRC_HOME", "LRC_IDLE_S", "LRC_PYTHON", "LRC_SLOTS"),
)


class SetupError(Exception):
    """The environment cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Installed:
    """What is completely installed in an environment.

    Attributes:
        root: the repository it was installed from; its path is in every script.
        tables: digest of the tables of pyproject.toml that it came from.
        extras: the extras of the project that were asked for.
    """

    root: str
    tables: str
    extras: tuple[str, ...]


@dataclass(frozen=True)
class Environment:
    """One virtual environment of a repository.

    Attributes:
        root: the repository whose code it runs.
        folder: where it lies, named after its Python.
    """

    root: Path
    folder: Path

    @property
    def programs(self) -> Path:
        """The folder of its executables."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.programs / ("python.exe" if os.name == "nt" else "python")

    @property
    def packages(self) -> Path:
        """The folder of its installed packages."""
        if os.name == "nt":
            return self.folder / "Lib" / "site-packages"
        version = "python{}.{}".format(*sys.version_info)
        return self.folder / "lib" / version / "site-packages"

    @property
    def record(self) -> Path:
        """The file that says what is installed; absent while an install changes it."""
        return self.folder / "lrc-installed.json"

    def installed(self) -> Installed | None:
        """What is in it; None where it was never completed, moved or lost its Python.

        Each of these calls for making it anew.
        """
        try:
            written = json.loads(self.record.read_text(encoding="utf-8"))
            extras = tuple(written.pop("extras"))
            found = Installed(extras=extras, **written)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return found if found.root == str(self.root) and self.python.exists() else None

    def has(self, extras: Iterable[str]) -> bool:
        """Whether these extras, as pyproject.toml lists them now, are installed."""
        found = self.installed()
        return (
            found is not None
            and found.tables == tables_digest(self.root)
            and set(extras) <= set(found.extras)
        )

    def variables(self) -> dict[str, str]:
        """This process's variables, for a program that runs in the environment."""
        own = usable_python.clean_variables()
        for name in _OTHER_LEAKS:
            own.pop(name, None)
        own["VIRTUAL_ENV"] = str(self.folder)
        own["PATH"] = str(self.programs) + os.pathsep + own.get("PATH", "")
        own["PYTHONNOUSERSITE"] = "1"
        own["PIP_USER"] = "0"
        if os.name == "nt":
            # hatchling writes an editable install's path in UTF-8, which Python up to
            # 3.12 reads in the machine's code page: an umlaut in it would be lost.
            own["PYTHONUTF8"] = "1"
        return own


def go_on_in(extras: Sequence[str], arguments: Sequence[str]) -> NoReturn:
    """Goes on as the environment's Python with these arguments.

    Prepares the environment first; a problem or Ctrl-C ends the script with a sentence.
    """
    try:
        environment = prepare(extras)
    except SetupError as problem:
        sys.exit(f"\n{problem}")
    except KeyboardInterrupt:
        print("\nStopped. The next start completes the environment.")
        sys.exit(STOPPED_EXIT_CODE)
    command = [str(environment.python), *arguments]
    usable_python.become(command, environment.variables())


def prepare(extras: Sequence[str], *, root: Path = ROOT) -> Environment:
    """Makes sure that an environment of the running Python has these extras.

    Takes milliseconds where it has; otherwise installs them, showing the steps.

    Args:
        extras: names of the project's extras, as in pyproject.toml.
        root: the repository.

    Raises:
        SetupError: it cannot be made, with the reason and the remedy.
    """
    folder = root / ".venv" / "py{}{}".format(*sys.version_info)
    environment = Environment(root, folder)
    if environment.has(extras):
        return environment
    try:
        folder.parent.mkdir(exist_ok=True)
        with only_one(folder.with_name(f"{folder.name}.lock"), _tell_of_waiting):
            # Another run may have done it while this one waited.
            if not environment.has(extras):
                _complete(environment, extras)
    except InstallationError as problem:
        raise SetupError(str(problem)) from problem
    except OSError as problem:
        raise SetupError(
            f"{folder} cannot be made: {problem}\nClose programs that run from it, or "
            "use a copy of the project in a folder of your own, then start again."
        ) from problem
    return environment


def tables_digest(root: Path) -> str:
    """Digest of what pyproject.toml says about installing, comments left out."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("["):
            inside = _INSTALLING_TABLE.match(line) is not None
        if inside and line.strip() and not line.lstrip().startswith("#"):
            kept.append(line.strip())
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()


def _complete(environment: Environment, extras: Sequence[str]) -> None:
    found = environment.installed()
    wanted = tuple(sorted({*extras, *(found.extras if found else ())}))
    # Beside the folder, as that may be made anew.
    log = environment.folder.with_name(f"{environment.folder.name}-install.log")
    log.unlink(missing_ok=True)
    steps = Steps(total=2 if found else 3)
    installer = Installer(environment.root, environment.variables(), log, steps)
    if not found:
        installer.create(environment.folder)
    installer.install(
        environment.python,
        environment.packages,
        wanted,
        before_change=lambda: environment.record.unlink(missing_ok=True),
    )
    _write_record(environment, wanted)


def _write_record(environment: Environment, extras: tuple[str, ...]) -> None:
    digest = tables_digest(environment.root)
    record = Installed(str(environment.root), digest, extras)
    beside = environment.record.with_suffix(".new")
    beside.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
    beside.replace(environment.record)


def _tell_of_waiting() -> None:
    print("Another run is setting up this environment; waiting for it.", flush=True)
