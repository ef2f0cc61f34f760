"""Preflight of scripts: malware, and what a batch render runs by itself."""

from __future__ import annotations

from collections.abc import Iterator

from lrc_toolbox.scenes.findings import Finding, found, gathered, quoted
from lrc_toolbox.scenes.preflight_renderers import used_renderers
from lrc_toolbox.scenes.snapshot import RenderScript, SceneSnapshot, ScriptNode

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
_SHOWN = 3
_CLEAR_IT = "Read the script in the Render Settings and clear it if it is not yours."


def check_scripts(scene: SceneSnapshot) -> Iterator[Finding]:
    """Scripts: malware, those that run by themselves, those that look odd."""
    nodes = scene.script_nodes
    scripts = scene.render_scripts
    named = [
        *((node.name, node.malware) for node in nodes),
        *((script.name, script.malware) for script in scripts),
    ]
    for malware in dict.fromkeys(malware for _, malware in named if malware):
        names = [name for name, looks_like in named if looks_like == malware]
        verb = "looks" if len(names) == 1 else "look"
        message = f"{gathered(names)} {verb} like the Maya malware {malware}."
        yield found("malware", message, where=names[0])
    yield from _referenced(scene)
    for node in nodes:
        if node.warning and not node.malware:
            yield _doubtful(node.name, node.warning)
    for script in scripts:
        if script.warning and not script.malware:
            yield _doubtful(script.name, script.warning, _CLEAR_IT)
    yield from _running([node for node in nodes if _runs(node)])
    yield from _rendering([each for each in scripts if _renders(scene, each)])


def _referenced(scene: SceneSnapshot) -> Iterator[Finding]:
    """Malware in references, whose script nodes Maya runs as well."""
    infected = [each for each in scene.references if each.malware]
    for malware in dict.fromkeys(each.malware for each in infected):
        paths = dict.fromkeys(each.path for each in infected if each.malware == malware)
        verb = "Reference {} holds" if len(paths) == 1 else "References {} hold"
        message = (
            f"{verb.format(gathered(paths))} a script that looks like the Maya malware "
            f"{malware}."
        )
        yield found("malware", message, where=next(iter(paths)))


def _doubtful(name: str, warning: str, remedy: str = "") -> Finding:
    why = f"{warning[0].lower()}{warning[1:].rstrip('.')}"
    message = f"Script {quoted(name)} is doubtful: {why}."
    return found("script_doubtful", message, remedy, where=name)


def _runs(node: ScriptNode) -> bool:
    plain = node.runs and not node.malware and not node.warning
    return plain and (node.name, node.type) not in _MAYAS_OWN


def _renders(scene: SceneSnapshot, script: RenderScript) -> bool:
    """True if a batch render of this scene runs a script that was not told yet."""
    if script.malware or script.warning:
        return False
    layer = scene.layer(script.layer)
    in_batch = not script.layer or (layer is not None and layer.renderable)
    return in_batch and script.renderer in ("", *used_renderers(scene))


def _running(nodes: list[ScriptNode]) -> Iterator[Finding]:
    for kind in dict.fromkeys(node.type for node in nodes):
        names = [node.name for node in nodes if node.type == kind]
        when = _RUNS_WHEN.get(kind, f"as its type {kind} says")
        verb = "runs by itself" if len(names) == 1 else "run by themselves"
        message = f"Script {gathered(names)} {verb} {when}."
        yield found("script_runs", message, where=names[0])


def _rendering(scripts: list[RenderScript]) -> Iterator[Finding]:
    if not scripts:
        return
    shown = [f"{each.name} begins with {quoted(each.begins)}" for each in scripts]
    more = len(shown) - _SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    message = (
        "A batch render runs scripts of the render settings: "
        f"{'; '.join(shown[:_SHOWN])}{rest}."
    )
    yield found("render_script_runs", message, where=scripts[0].name)
