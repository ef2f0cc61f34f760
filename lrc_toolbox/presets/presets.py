"""`Presets`: those that can be seen from a scene, found, read, kept and used by name.

Files are read each time they are asked for: they are few, and people edit them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrc_toolbox.jobs.json_files import JsonFileError, read_object, write_object
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.presets import fields as submission_fields
from lrc_toolbox.presets.errors import (
    PresetError,
    PresetExistsError,
    PresetNameError,
    UnknownPresetError,
)
from lrc_toolbox.presets.places import Place, Shelf, all_places
from lrc_toolbox.running.home import Home

# Letters of any language. What Windows calls devices cannot be a file there.
_NAME = re.compile(r"\w[\w .+-]{0,99}(?<![ .])")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)

_NOUNS: Mapping[Shelf, str] = {"presets": "preset", "policies": "policy"}


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset that was found.

    Attributes:
        hidden: whether one of the same name lies in a place that wins.
    """

    name: str
    place: Place
    path: Path
    hidden: bool = False


class Presets:
    """The presets of some places.

    Args:
        places: where to look, the one that wins first.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(places)

    @classmethod
    def beside(
        cls,
        scene: str | os.PathLike[str] | None = None,
        home: Path | str | None = None,
    ) -> Presets:
        """Look in a scene's project, then in the studio's folders, then in the user's.

        Args:
            scene: a scene or a folder; None for presets of no project.
            home: the state folder; by default `LRC_HOME`, else the user's data folder.
        """
        beside = None if scene is None else Path(scene).expanduser()
        return cls(all_places(beside, Home.of(home)))

    # -- submissions -------------------------------------------------------------
    def found(self, shelf: Shelf = "presets") -> list[Preset]:
        """List the presets there are, by name, the one that wins first."""
        seen = [
            Preset(name, place, place.file(shelf, name))
            for place in self.places
            for name in place.names(shelf)
        ]
        # Sorting keeps the order of the places among those of one name.
        listed: list[Preset] = []
        for one in sorted(seen, key=lambda preset: preset.name.casefold()):
            hidden = any(other.name == one.name for other in listed)
            listed.append(Preset(one.name, one.place, one.path, hidden))
        return listed

    def find(self, name: str, shelf: Shelf = "presets") -> Preset:
        """Find the preset of this name that wins.

        Raises:
            UnknownPresetError: there is none; names the nearest.
        """
        _check_name(name)
        for place in self.places:
            path = place.file(shelf, name)
            if path.is_file():
                return Preset(name, place, path)
        known = [preset.name for preset in self.found(shelf) if not preset.hidden]
        folders = [place.folder / shelf for place in self.places]
        raise UnknownPresetError(_NOUNS[shelf], name, known, folders)

    def fields(self, names: Iterable[str]) -> dict[str, Any]:
        """Lay presets over each other, later ones over earlier ones.

        Returns:
            Fields of a submission, each checked.

        Raises:
            UnknownPresetError: there is no such preset.
            PresetError: a file cannot be read.
            SubmissionError: one of them has a field that is wrong; names the file.
        """
        merged: dict[str, Any] = {}
        for name in names:
            merged = submission_fields.laid_over(merged, self._read(self.find(name)))
        return merged

    def submission(self, *names: str, **fields: Any) -> Submission:
        """Make a submission of presets, and of fields that go over them.

        Raises:
            LrcError: as `fields`, or the submission is wrong or not complete.
        """
        merged = submission_fields.laid_over(self.fields(names), fields)
        return Submission.from_json(merged)

    def _read(self, preset: Preset) -> dict[str, Any]:
        read = _object(preset)
        submission_fields.check(read, str(preset.path))
        return submission_fields.placed(read, preset.place.base)

    # -- policies ----------------------------------------------------------------
    def policy(self, name: str) -> Policy:
        """Read a policy.

        Raises:
            UnknownPresetError: there is no such policy.
            PresetError: its file cannot be read.
            PolicyError: a setting in it is wrong; names the file.
        """
        preset = self.find(name, "policies")
        return Policy.read(_object(preset), str(preset.path))

    def use_policy(self, name: str, home: Path | str | None = None) -> Policy:
        """Let a policy hold from now on: write it as the state folder's.

        Raises:
            LrcError: as `policy`, or it cannot be written.
        """
        policy = self.policy(name)
        chosen = Home.of(home)
        chosen.create()
        policy.save(chosen.policy_file)
        return policy


def save_preset(
    place: Place, name: str, fields: Mapping[str, Any], *, replace: bool = False
) -> Path:
    """Keep fields of a submission under a name, as they are written.

    Raises:
        PresetNameError: no file can be called so.
        PresetExistsError: there is one, and it is not to be replaced.
        SubmissionError: a field is unknown or wrong.
        PresetError: the file cannot be written.
    """
    submission_fields.check(fields)
    return _write(place, "presets", name, fields, replace=replace)


def save_policy(
    place: Place, name: str, policy: Policy, *, replace: bool = False
) -> Path:
    """Keep a policy under a name: what differs from the policy as it comes.

    Raises:
        PresetNameError: no file can be called so.
        PresetExistsError: there is one, and it is not to be replaced.
        PresetError: the file cannot be written.
    """
    own = policy.model_dump(mode="json", exclude_defaults=True)
    return _write(place, "policies", name, own, replace=replace)


def remove_preset(place: Place, name: str, shelf: Shelf = "presets") -> Path:
    """Delete a preset.

    Raises:
        UnknownPresetError: it is not in this place.
        PresetError: it cannot be deleted.
    """
    path = Presets([place]).find(name, shelf).path
    try:
        path.unlink()
    except OSError as error:
        problem = f"The preset cannot be removed: {error.strerror}."
        raise PresetError(problem, where=str(path)) from error
    return path


def _write(
    place: Place, shelf: Shelf, name: str, content: Mapping[str, Any], *, replace: bool
) -> Path:
    _check_name(name)
    path = place.file(shelf, name)
    if path.exists() and not replace:
        raise PresetExistsError(name, path)
    try:
        write_object(path, content)
    except JsonFileError as error:
        raise PresetError(error.problem, where=error.where) from error
    return path


def _object(preset: Preset) -> dict[str, Any]:
    try:
        return read_object(preset.path)
    except FileNotFoundError as error:
        problem = "The file went away while it was read."
        raise PresetError(problem, where=str(preset.path)) from error
    except JsonFileError as error:
        raise PresetError(
            error.problem, remedy=error.remedy, where=error.where
        ) from error


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or _DEVICE.fullmatch(name):
        raise PresetNameError(name)
