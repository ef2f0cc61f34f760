"""Render layers: who is in them and what they override.

Legacy layers and Render Setup, as plain data. Any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lrc_toolbox.scenes.graph import Node, SceneGraph

LayerKind = Literal["default", "legacy", "render_setup"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One render layer of the scene.

    Attributes:
        name: as a person reads it; `masterLayer` for the default layer.
        node: its renderLayer node.
        setup: its renderSetupLayer node, None for the other kinds.
        renderable: Maya's batch render includes it.
        order: place in the layer list, from 0.
    """

    name: str
    node: Node
    setup: Node | None
    kind: LayerKind
    renderable: bool
    order: int


def read_layers(graph: SceneGraph) -> list[Layer]:
    """The scene's own layers in display order, the default layer first."""
    raise NotImplementedError
