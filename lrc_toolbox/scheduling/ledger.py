"""Who holds which CPUs: the one place where grants are given and taken back.

The sum of all grants never exceeds what may be granted.
"""

from __future__ import annotations

from lrc_toolbox.jobs.grant import Grant


class Ledger:
    """The CPUs that renders may use, and the grants on them.

    Args:
        cpu_ids: logical CPUs that may be granted.
        slots: how many grants there may be at a time.
    """

    def __init__(self, cpu_ids: tuple[int, ...] = (), slots: int = 0) -> None:
        self._cpu_ids = cpu_ids
        self._slots = slots
        self._held: dict[int, Grant] = {}

    def resize(self, cpu_ids: tuple[int, ...], slots: int) -> None:
        """Change what may be granted; grants already given stay until released."""
        self._cpu_ids = cpu_ids
        self._slots = slots

    @property
    def held(self) -> int:
        """How many grants are out."""
        return len(self._held)

    @property
    def slots(self) -> int:
        """How many grants there may be at a time."""
        return self._slots

    def fitting(self, threads: int | None) -> Grant | None:
        """Find a grant for a process that could start now, or None.

        Args:
            threads: CPUs wished for; None for an equal share. A wish for more than
                there are means all of them.
        """
        if not self._cpu_ids or len(self._held) >= self._slots:
            return None
        free = self._free()
        share = max(1, len(self._cpu_ids) // self._slots)
        wanted = min(threads or share, len(self._cpu_ids))
        if len(free) < wanted:
            return None
        return Grant(cpu_ids=free[:wanted])

    def take(self, holder: int, grant: Grant) -> None:
        """Write a grant down under the number of the process that holds it."""
        self._held[holder] = grant

    def release(self, holder: int) -> None:
        """Strike a grant; a holder that has none is fine."""
        self._held.pop(holder, None)

    def _free(self) -> tuple[int, ...]:
        taken = {cpu for grant in self._held.values() for cpu in grant.cpu_ids}
        return tuple(cpu for cpu in self._cpu_ids if cpu not in taken)
