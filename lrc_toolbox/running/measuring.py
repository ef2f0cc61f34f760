"""What the render processes hold: memory, and which processes are whose.

The look at all processes is taken on a thread beside the service's loop, which asks
for the newest.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import psutil

from lrc_toolbox.machine.aside import Aside
from lrc_toolbox.machine.identity import Identity
from lrc_toolbox.machine.process_table import processes

#: How often, in seconds, it is looked. A frame's peak lasts longer than this, or the
#: frame is short and the next one has it again.
EVERY_S = 2.0

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Held:
    """What one render process and all it started hold.

    Attributes:
        memory_mib: resident memory added up; what they share is counted once for each.
    """

    memory_mib: int
    pids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Measured:
    """One look.

    Attributes:
        number: grows with every look.
        held: by the number of the process.
        owners: to which of them a pid belongs.
    """

    number: int = 0
    held: Mapping[int, Held] = field(default_factory=dict)
    owners: Mapping[int, int] = field(default_factory=dict)


class Measuring:
    """Looks at what render processes hold."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._roots: dict[int, Identity] = {}
        self._looks = 0
        self._aside: Aside[Measured] = Aside(
            self._look, first=Measured(), every_s=every_s
        )

    def newest(self, roots: Mapping[int, Identity]) -> Measured:
        """Give the newest look, and have the next one taken when it is time.

        Args:
            roots: the render processes at work, by their numbers.
        """
        self._roots = dict(roots)
        return self._aside.newest()

    # -- on the thread beside ----------------------------------------------------
    def _look(self) -> Measured:
        self._looks += 1
        return Measured(self._looks, *held_now(self._roots))


def held_now(
    roots: Mapping[int, Identity],
) -> tuple[dict[int, Held], dict[int, int]]:
    """Look at all processes once: what render processes hold, and who is whose.

    Args:
        roots: the render processes, by their numbers.

    Returns:
        What each holds, by its number; and to which number a pid belongs.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for entry in processes():
        children[entry.parent].append(entry.pid)
    held: dict[int, Held] = {}
    owners: dict[int, int] = {}
    for number, identity in roots.items():
        if identity.find() is None:
            continue
        pids = frozenset(_below(identity.pid, children))
        held[number] = Held(sum(map(_memory, pids)) // _MIB, pids)
        owners.update(dict.fromkeys(pids, number))
    return held, owners


def _below(pid: int, children: Mapping[int, list[int]]) -> Iterator[int]:
    yield pid
    for child in children.get(pid, ()):
        yield from _below(child, children)


def _memory(pid: int) -> int:
    with contextlib.suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return 0
