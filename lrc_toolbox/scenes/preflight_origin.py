"""Preflight of the file itself: is it whole, who saved it, and what runs with it."""

from __future__ import annotations

from collections.abc import Iterator

from lrc_toolbox.scenes.findings import Finding, found, gathered, quoted
from lrc_toolbox.scenes.maya_versions import version_year
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import SceneSnapshot, ScriptNode
from lrc_toolbox.scenes.surroundings import Wishes

#: `scriptType` of a script node, when it runs.
_RUNS_WHEN = {
    0: "when asked",
    1: "when the scene is opened or closed",
    2: "when Maya's window opens the scene",
    3: "to lay Maya's window out",
    4: "when software rendering begins or ends",
    5: "before or after each software rendered frame",
    6: "to set the scene up",
    7: "whenever the time changes",
}
#: Maya writes these two itself into nearly every scene.
_MAYAS_OWN = {
    ("uiConfigurationScriptNode", 3),
    ("sceneConfigurationScriptNode", 6),
}


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


def check_scripts(scene: SceneSnapshot) -> Iterator[Finding]:
    """Script nodes: malware, those that run by themselves, those that look odd."""
    nodes = scene.script_nodes
    for malware in dict.fromkeys(node.malware for node in nodes if node.malware):
        names = [node.name for node in nodes if node.malware == malware]
        verb = "looks" if len(names) == 1 else "look"
        message = f"{gathered(names)} {verb} like the Maya malware {malware}."
        yield found("malware", message, where=names[0])
    for node in nodes:
        if node.warning and not node.malware:
            why = f"{node.warning[0].lower()}{node.warning[1:].rstrip('.')}"
            message = f"Script {quoted(node.name)} is doubtful: {why}."
            yield found("script_doubtful", message, where=node.name)
    yield from _running([node for node in nodes if _runs(node)])


def _runs(node: ScriptNode) -> bool:
    plain = node.runs and not node.malware and not node.warning
    return plain and (node.name, node.type) not in _MAYAS_OWN


def _running(nodes: list[ScriptNode]) -> Iterator[Finding]:
    for kind in dict.fromkeys(node.type for node in nodes):
        names = [node.name for node in nodes if node.type == kind]
        when = _RUNS_WHEN.get(kind, f"as its type {kind} says")
        verb = "runs by itself" if len(names) == 1 else "run by themselves"
        message = f"Script {gathered(names)} {verb} {when}."
        yield found("script_runs", message, where=names[0])
