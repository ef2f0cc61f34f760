"""Preflight of the file itself: is it whole, and who saved it."""

from __future__ import annotations

from collections.abc import Iterator

from lrc_toolbox.scenes.findings import Finding, found
from lrc_toolbox.scenes.maya_versions import version_year
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import SceneSnapshot
from lrc_toolbox.scenes.surroundings import Wishes


def unreadable(error: SceneReadError) -> Finding:
    """What is left to find about a scene that could not be read."""
    # Not str(error), which has the remedy too.
    message = str(error.args[0])
    return found("file_unreadable", message, error.remedy, where=error.path)


def check_origin(scene: SceneSnapshot, wishes: Wishes) -> Iterator[Finding]:
    """The file: read to its end, by a Maya that can read it, under which licence."""
    if scene.damage:
        message = f"The file is damaged: {scene.damage.rstrip('.')}."
        yield found("file_damaged", message, where=scene.path)
    elif not scene.encoding.complete:
        message = "The file does not end as Maya ends its files."
        yield found("file_end_missing", message, where=scene.path)
    yield from _check_version(scene.maya_version, wishes.maya_version)
    yield from _check_encoding(scene, wishes)
    licence = scene.info.get("license", "")
    if licence in ("education", "student"):
        message = f"The scene was saved with a licence for {licence}."
        yield found("education_licence", message)


def _check_version(saved: str, chosen: str) -> Iterator[Finding]:
    saved_year, chosen_year = version_year(saved), version_year(chosen)
    if saved_year is None or chosen_year is None or saved_year <= chosen_year:
        return
    message = f"The scene was saved by Maya {saved}, which is newer than Maya {chosen}."
    remedy = f"Render with Maya {saved_year} or newer, or save the scene for {chosen}."
    yield found("scene_newer_than_maya", message, remedy)


def _check_encoding(scene: SceneSnapshot, wishes: Wishes) -> Iterator[Finding]:
    """A code page that only Windows has.

    Autodesk, "Prepare Maya files containing Japanese or Simplified Chinese text" (Maya
    2016): text encoding depends on the platform, and Maya text files cannot be
    guaranteed to open correctly otherwise; `.mb` files need no conversion.
    """
    encoding = scene.encoding
    foreign = encoding.codeset not in ("", "UTF-8") and wishes.platform != "win32"
    if encoding.non_ascii and foreign:
        message = (
            f"The scene has {encoding.non_ascii:,} letters in the Windows encoding "
            f"{encoding.codeset}, which this system's Maya may read wrongly."
        )
        yield found("text_encoding", message)
