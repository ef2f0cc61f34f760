"""One node as seen in one pose, and what could not be understood.

A thin view that the translations of materials, lights and cameras share: attributes in
the order in which they are looked for, and notes that are said once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lrc_toolbox.scenes.graph import Plug
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.pose import Pose

Color = tuple[float, float, float]


@dataclass(slots=True)
class Notes:
    """What was left out of a picture; each sentence is kept once, in order."""

    said: dict[str, None] = field(default_factory=dict)
    _told: int = 0

    def add(self, sentence: str) -> None:
        """Keep a sentence unless it was kept before."""
        self.said.setdefault(sentence)

    def news(self) -> list[str]:
        """Give the sentences that were not given before."""
        fresh = list(self.said)[self._told :]
        self._told = len(self.said)
        return fresh


@dataclass(frozen=True, slots=True)
class Reading:
    """A node's attributes in one pose."""

    pose: Pose
    node: Node

    def of(self, node: Node) -> Reading:
        """Read another node in the same pose."""
        return Reading(self.pose, node)

    def has(self, *attrs: str) -> bool:
        """Say whether the file says anything about one of these attributes."""
        return any(
            self.node.has(attr) or self.pose.source(self.node, attr) for attr in attrs
        )

    def number(self, attr: str, default: float = 0.0) -> float:
        """Read a number; one that is not finite becomes the default."""
        value = self.pose.number(self.node, attr, default)
        return value if abs(value) < 1e30 else default

    def flag(self, attr: str, default: bool = False) -> bool:
        """Read a truth value."""
        return self.pose.flag(self.node, attr, default)

    def text(self, attr: str, default: str = "") -> str:
        """Read a text."""
        return self.pose.text(self.node, attr, default)

    def vector(self, attr: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """Read several numbers, as many as the default has."""
        values = self.pose.vector(self.node, attr, default)
        fine = len(values) == len(default) and all(abs(each) < 1e30 for each in values)
        return values if fine else default

    def color(self, attr: str, default: Color = (0.0, 0.0, 0.0)) -> Color:
        """Read a colour; negative parts become 0."""
        red, green, blue = self.vector(attr, default)
        return max(red, 0.0), max(green, 0.0), max(blue, 0.0)

    def source(self, attr: str) -> Plug | None:
        """Give what feeds an attribute other than animation."""
        return self.pose.source(self.node, attr)

    def first(self, *attrs: str) -> str:
        """Give the first attribute that the file speaks of, else the first one."""
        return next((attr for attr in attrs if self.has(attr)), attrs[0])


#: What `mitsuba.load_dict` takes: plug-in names, numbers and loaded objects.
Plugin = dict[str, Any]


def rgb(color: Color) -> Plugin:
    """Say a linear colour to Mitsuba."""
    return {"type": "rgb", "value": list(color)}
