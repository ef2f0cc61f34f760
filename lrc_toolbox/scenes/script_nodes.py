"""The scripts that a scene carries, and which of them Maya runs by itself.

Judging a script is `malware`'s matter; nothing is run. Any thread that has the graph to
itself.

Source of the script types: Autodesk's node reference, `script` (Maya 2016 to 2027), and
"Create or edit a script node" in the user guide, whose table says what batch mode runs.
"""

from __future__ import annotations

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.malware import judge_script
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.snapshot import ScriptNode

#: Types whose scripts run without a GUI: open/close (1), before and after a software
#: rendering (4) or each of its frames (5), scene configuration (6), time changed (7).
#: Not: on demand (0), GUI open/close (2), UI configuration (3).
_RUNS_IN_BATCH = frozenset((1, 4, 5, 6, 7))
_TIME_CHANGED = 7
_LANGUAGES = {0: "mel", 1: "python"}


def read_script_nodes(graph: SceneGraph) -> tuple[ScriptNode, ...]:
    """Every script node in file order, then the expressions that malware sits in.

    An expression runs whenever Maya evaluates it, so an infected one is listed as if it
    were a script node of the type that runs when time changes.
    """
    scripts = [_script_node(node) for node in graph.of_type("script")]
    infected = (_expression(node) for node in graph.of_type("expression"))
    return (*scripts, *filter(None, infected))


def _script_node(node: Node) -> ScriptNode:
    before = node.text("b") or node.text("before")
    after = node.text("a") or node.text("after")
    # `uifiguration` keeps its code in the notes and runs it from there.
    notes = node.text("nts") or node.text("notes")
    kind = node.integer("st") or node.integer("scriptType")
    language = node.integer("stp") or node.integer("sourceType")
    verdict = judge_script(node.name, "\n".join((before, after, notes)))
    return ScriptNode(
        name=node.name,
        type=kind,
        language=_LANGUAGES.get(language, "mel"),
        before=len(before),
        after=len(after),
        runs=kind in _RUNS_IN_BATCH and bool(before or after),
        malware=verdict.malware,
        warning=verdict.warning,
    )


def _expression(node: Node) -> ScriptNode | None:
    """An expression that known malware sits in; None for any other."""
    text = node.text("ixp") or node.text("internalExpression") or node.text("e")
    verdict = judge_script(node.name, text)
    if not verdict.malware:
        return None
    return ScriptNode(
        node.name, _TIME_CHANGED, "mel", len(text), 0, True, verdict.malware
    )
