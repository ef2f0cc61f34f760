"""Where a mesh comes from: the generator at the top of its construction history.

Follows a mesh's `.i` upstream, past nodes that leave the surface as it is, and past
others whose effect is left out and named. It builds no geometry. Any thread.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.transforms import IDENTITY, Matrix, product

#: Nodes that change no point and no face: (the input to follow).
_PASSING = {
    "groupParts": "ig",
    "polySoftEdge": "ip",
    "polyNormal": "ip",
    "polyNormalPerVertex": "ip",
    "polyTweakUV": "ip",
    "polyMapCut": "ip",
    "polyMapSew": "ip",
    "polyMapSewMove": "ip",
    "polyMapDel": "ip",
    "polyAutoProj": "ip",
    "polyPlanarProj": "ip",
    "polyCylProj": "ip",
    "polySphProj": "ip",
    "polyLayoutUV": "ip",
    "polyColorPerVertex": "ip",
    "createColorSet": "ig",
    "createUVSet": "ig",
    "transformGeometry": "ig",
}
_GENERATORS = frozenset(
    [
        *("polyCube", "polySphere", "polyPlane", "polyCylinder", "polyCone"),
        *("polyTorus", "polyDisc", "polyPipe", "polyPrism", "polyPyramid"),
        *("polyPlatonicSolid", "polyHelix"),
    ]
)
_INDEX = re.compile(r"\[(\d{1,9})\]$")
#: A history longer than this goes in circles.
_LONGEST = 1000


class GeometrySource(NamedTuple):
    """The node that a mesh's surface comes from.

    Attributes:
        source: a generator, a mesh that stores its points, or, where the history holds
            something else, the node at which following it ended.
        matrix: what `transformGeometry` nodes on the way do to the points.
        understood: False: `source` makes the surface in a way that is not known here.
        skipped: nodes on the way that change the surface and are left out: deformers,
            bevels, extrusions.
    """

    source: Node
    matrix: Matrix
    understood: bool
    skipped: tuple[Node, ...] = ()


def geometry_source(graph: SceneGraph, mesh: Node) -> GeometrySource:
    """Find what a mesh's surface comes from: itself where nothing feeds it."""
    node, matrix, attr = mesh, IDENTITY, "i"
    skipped: list[Node] = []
    for _ in range(_LONGEST):
        plug = graph.source(node, attr)
        if plug is None:
            known = node.type in ("mesh", *_GENERATORS)
            return GeometrySource(node, matrix, known, tuple(skipped))
        node = plug.node
        if node.type == "transformGeometry":
            matrix = product(_matrix(node), matrix)
        if node.type == "mesh":
            # Another shape's output, in its own space (`.o`) or in the world (`.w`).
            attr = "i"
        elif node.type in _PASSING:
            attr = _PASSING[node.type]
        else:
            upstream = _input(plug)
            if not upstream:
                known = node.type in _GENERATORS
                return GeometrySource(node, matrix, known, tuple(skipped))
            skipped.append(node)
            attr = upstream
    return GeometrySource(mesh, IDENTITY, understood=False)


def _input(plug: Plug) -> str:
    """The input that a node's output is made from; empty where nothing feeds it.

    A deformer makes `.og[n]` of `.ip[n].ig`, a modelling step its output of `.ip`.
    """
    index = _INDEX.search(plug.attr)
    number = index[1] if index else "0"
    inputs = (f"ip[{number}].ig", "ip", "ig", f"ip[{number}]")
    return next((attr for attr in inputs if attr in plug.node.incoming), "")


def _matrix(node: Node) -> Matrix:
    numbers = node.vector("txf")
    if len(numbers) != 16:
        return IDENTITY
    (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q) = numbers
    return (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)
