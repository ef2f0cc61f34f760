"""Reading a scene file, Maya ASCII or binary, into a `SceneGraph`. Any thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lrc_toolbox.jobs.bulk import making_many
from lrc_toolbox.scenes.ascii_scene import read_ascii
from lrc_toolbox.scenes.binary_scene import read_binary
from lrc_toolbox.scenes.hierarchy import (
    Reference,
    SceneGraph,
    iterate_paths,
    path_name,
)
from lrc_toolbox.scenes.maya_ascii import open_scene
from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.scene_read_error import SceneReadError

__all__ = [
    "Node",
    "Plug",
    "Reference",
    "SceneGraph",
    "iterate_paths",
    "path_name",
    "read_scene",
]


def read_scene(
    path: str | Path,
    *,
    partial: bool = False,
    wanted: Callable[[str], bool] | None = None,
) -> SceneGraph:
    """Read a scene; geometry is skipped over until it is asked for.

    Args:
        path: the file.
        partial: give what was read before the damage instead of an error; the graph's
            `damage` says what is wrong.
        wanted: says of a node type whether its nodes are kept; others are only
            counted, and so are connections that just shade and move. None keeps all.

    Raises:
        SceneReadError: the file is missing, truncated or no Maya scene.
    """
    with open_scene(path) as stream:
        binary = stream.read(4) in (b"FOR4", b"FOR8")
    read = read_binary if binary else read_ascii
    with making_many():
        graph = read(path, partial=partial, wanted=wanted)
    # A shot of references only, as pipelines write them, has no node of its own. In an
    # empty scene the end that Maya writes says that none is missing.
    whole = graph.references or graph.encoding.complete
    if not graph.counts and graph.damage is None and not whole:
        raise SceneReadError(
            path,
            "it holds no nodes",
            remedy="The file is truncated or no Maya scene: save the scene again.",
        )
    return graph
