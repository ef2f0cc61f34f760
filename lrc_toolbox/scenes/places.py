"""Where a scene's files are: its project, that project's folders, and paths in them.

Finds `workspace.mel`, expands variables and says which file a written path means on
this machine. Which paths a scene has is `external_files`' matter. It keeps what it saw
of the disk, so make one for each inspection; one thread at a time.

A folder is asked once for each of its first files and listed from then on: a lone
texture costs one `stat` even in a folder of a million, ten thousand textures of one
folder cost one listing. Windows' own behaviour (drives, UNC) could only be tested
through the pure functions here; nothing of it was run on Windows.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

WORKSPACE_FILE = "workspace.mel"
#: Files asked for one by one before their folder is listed.
_ASKED_SINGLY = 8
#: A workspace.mel is a few KB; more of one than this is not read.
_MOST_WORKSPACE_BYTES = 1_000_000
_CASE_BLIND = sys.platform in ("win32", "darwin")

#: What the Project Window of Maya 2018 to 2025 writes into a new workspace.mel.
DEFAULT_RULES: Mapping[str, str] = MappingProxyType(
    {
        "scene": "scenes",
        "mayaAscii": "scenes",
        "mayaBinary": "scenes",
        "sourceImages": "sourceimages",
        "images": "images",
        "depth": "renderData/depth",
        "iprImages": "renderData/iprImages",
        "shaders": "renderData/shaders",
        "sound": "sound",
        "movie": "movies",
        "clips": "clips",
        "templates": "assets",
        "scripts": "scripts",
        "diskCache": "data",
        "particles": "cache/particles",
        "fileCache": "cache/nCache",
        "fluidCache": "cache/nCache/fluid",
        "alembicCache": "cache/alembic",
    }
)

_RULE = re.compile(
    r'workspace\s+-(?:fr|fileRule|rt|renderType)\s+"?([\w ]{1,80}?)"?\s+"([^"\r\n]*)"'
)
_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)|%(\w+)%")
_DRIVE = re.compile(r"[A-Za-z]:")


def read_rules(text: str) -> dict[str, str]:
    """The file rules of a `workspace.mel`: folder by rule; anything else is skipped."""
    return {rule: folder for rule, folder in _RULE.findall(text) if folder}


def expand_variables(text: str, environment: Mapping[str, str]) -> str:
    """Expand `$VAR`, `${VAR}`, `%VAR%` and a leading `~`; unknown ones stay."""

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2] or match[3]
        return environment.get(name, match[0])

    if "$" in text or "%" in text:
        text = _VARIABLE.sub(value, text)
    if text == "~" or text.startswith(("~/", "~\\")):
        home = environment.get("HOME") or environment.get("USERPROFILE")
        return f"{home}{text[1:]}" if home else text
    return text


def has_drive(path: str) -> bool:
    """True for `D:/x` and `D:x`, which only Windows can find."""
    return _DRIVE.match(path) is not None


def is_absolute(path: str) -> bool:
    r"""True for `/x`, `D:/x` and UNC paths, on every system; `\` counts as `/`."""
    return path.startswith(("/", "\\")) or has_drive(path)


def below_project(path: str) -> str:
    """What follows the `//` that marks the end of a project in a written path.

    `C:/show//sourceimages/x.tif` gives `sourceimages/x.tif`: Maya tries it under the
    project that is set now. The `//` in front of a UNC path marks nothing. Empty where
    there is no mark.
    """
    place = path.replace("\\", "/").find("//", 1)
    return path[place:].replace("\\", "/").lstrip("/") if place > 0 else ""


class Places:
    """The folders around one scene, and what was seen in them.

    Attributes:
        scene: the scene file.
        project: its Maya project; None where no folder above it is one.
        rules: the project's folders by Maya's file rule.
    """

    def __init__(
        self,
        scene_path: str | Path,
        project: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Find the project of a scene.

        Args:
            scene_path: the scene file; it need not exist.
            project: the project where it is known, e.g. from `Render -proj`.
            environment: variables to expand; the process's own by default.
        """
        self.scene = Path(scene_path).absolute()
        self.environment = os.environ if environment is None else environment
        self.project = project or _nearest_project(self.scene.parent)
        self.rules = dict(DEFAULT_RULES)
        if self.project is not None:
            self.rules.update(read_rules(_read_workspace(self.project)))
        self._asked: dict[str, int] = {}
        self._listed: dict[str, _Listing] = {}
        self._found: dict[str, bool] = {}

    def folder(self, rule: str) -> Path:
        """A folder of the project; of the scene's own folder where there is none."""
        base = self.project or self.scene.parent
        written = expand_variables(self.rules.get(rule, ""), self.environment)
        return base / written.replace("\\", "/")

    def images_folder(self) -> Path:
        """Where batch renders leave their pictures."""
        return self.folder("images")

    def candidates(self, path: str, rule: str = "sourceImages") -> list[str]:
        """Where Maya looks for a written path, in its order, with `/`.

        An absolute path as it stands, then what follows its project mark below the
        project; a relative one below the project, the rule's folder and the folder of
        the scene. A drive leads nowhere but on Windows.
        """
        text = expand_variables(path.strip(), self.environment).replace("\\", "/")
        if not text:
            return []
        base = self.project or self.scene.parent
        if is_absolute(text):
            places = [] if has_drive(text) and os.name != "nt" else [text]
            marked = below_project(text)
            return [*places, f"{base.as_posix()}/{marked}"] if marked else places
        folders = (base, self.folder(rule), self.scene.parent)
        return list(dict.fromkeys(f"{each.as_posix()}/{text}" for each in folders))

    def resolve(self, path: str, rule: str = "sourceImages") -> str:
        """The file that a written path means here; empty where there is none."""
        found = (each for each in self.candidates(path, rule) if self.exists(each))
        return next(found, "")

    def exists(self, path: str) -> bool:
        """True if there is such a file (no folder), asking the disk once."""
        known = self._found.get(path)
        if known is None:
            known = self._found[path] = self._ask(path)
        return known

    def _ask(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        asked = self._asked[folder] = self._asked.get(folder, 0) + 1
        if asked <= _ASKED_SINGLY and folder not in self._listed:
            return _is_file(path)
        listing = self._listing(folder)
        if name in listing.names:
            return True
        # Another spelling may be the same file: only the file system knows.
        return _fold(name) in listing.folded and _is_file(path)

    def names(self, folder: str, beginning: str) -> list[str]:
        """The files of a folder whose names begin so, sorted by name."""
        return self._listing(folder).beginning(beginning)

    def _listing(self, folder: str) -> _Listing:
        listing = self._listed.get(folder)
        if listing is None:
            listing = self._listed[folder] = _Listing(folder)
        return listing


class _Listing:
    """The names of one folder's files; none where it cannot be read."""

    def __init__(self, folder: str) -> None:
        self.names: set[str] = set()
        try:
            with os.scandir(folder or "/") as entries:
                self.names.update(each.name for each in entries if not each.is_dir())
        except (OSError, ValueError):
            pass  # absent, forbidden, or no path at all: nothing can be found there
        self.folded = {_fold(name) for name in self.names}
        fold = _fold if _CASE_BLIND else str
        self._sorted = sorted((fold(name), name) for name in self.names)
        self._fold = fold

    def beginning(self, beginning: str) -> list[str]:
        wanted = self._fold(beginning)
        start = bisect_left(self._sorted, (wanted, ""))
        found = []
        for place in range(start, len(self._sorted)):
            folded, name = self._sorted[place]
            if not folded.startswith(wanted):
                break
            found.append(name)
        return found


def _fold(name: str) -> str:
    """A name without case and with composed letters, as macOS compares names."""
    return unicodedata.normalize("NFC", name).casefold()


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # before Python 3.12 some errors were let through
        return False


def _nearest_project(folder: Path) -> Path | None:
    for each in (folder, *folder.parents):
        if _is_file(str(each / WORKSPACE_FILE)):
            return each
    return None


def _read_workspace(project: Path) -> str:
    try:
        with (project / WORKSPACE_FILE).open("rb") as stream:
            return stream.read(_MOST_WORKSPACE_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
