"""Which nodes are seen: their own switches, display layers, overrides.

A node is seen if it and everything above it is. Being a template or a reference object
(`.tmp`, `.ovdt`) only changes how Maya's viewport draws it. Any thread.
"""

from __future__ import annotations

from lrc_toolbox.scenes.evaluation import Evaluation
from lrc_toolbox.scenes.nodes import Node

#: Attributes that can hide a node.
_HIDING = frozenset(("v", "lodv", "ove", "ovv", "io", "do", "do.ove", "do.ovv"))


def is_shown(evaluation: Evaluation, node: Node, known: dict[Node, bool]) -> bool:
    """True if the node does not hide itself; its parents are not asked.

    Args:
        evaluation: at the frame and layer in question.
        node: a transform or shape.
        known: answers that hold for every frame of this layer; added to.
    """
    answer = known.get(node)
    if answer is None:
        still = evaluation.is_still(node, _HIDING)
        stored = not still or node.stores_any(_HIDING)
        answer = not stored or _is_shown(evaluation, node)
        if still:
            known[node] = answer
    return answer


def _is_shown(evaluation: Evaluation, node: Node) -> bool:
    if not evaluation.flag(node, "v", True) or not evaluation.flag(node, "lodv", True):
        return False
    if evaluation.flag(node, "io"):
        return False
    if evaluation.flag(node, "ove") and not evaluation.flag(node, "ovv", True):
        return False
    plug = evaluation.graph.source(node, "do")
    if plug is None or plug.node.type != "displayLayer":
        return True
    switched_on = evaluation.flag(plug.node, "e", True)
    return not switched_on or evaluation.flag(plug.node, "v", True)
