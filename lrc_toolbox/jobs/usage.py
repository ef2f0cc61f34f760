"""What rendering a layer was seen to need: learned from attempts, kept between jobs.

Plain data. It is measured in `running`, taken into account in `scheduling`, and kept
by the store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission


@dataclass(frozen=True, slots=True)
class Usage:
    """What the attempts at one scene's layer in one resolution needed so far.

    Attributes:
        key: which scene, layer and resolution, see `usage_key`.
        memory_mib, vram_mib: the highest ever seen, None before anything was. VRAM of
            0 means that it was looked for and none was used.
        memory_short_mib, vram_short_mib: the largest grant that was too small; 0 where
            none ever was.
        seen_at: when it last changed, seconds since 1970 UTC.
    """

    key: str
    memory_mib: int | None = None
    vram_mib: int | None = None
    memory_short_mib: int = 0
    vram_short_mib: int = 0
    seen_at: float = 0.0

    def with_peaks(
        self, memory_mib: int | None, vram_mib: int | None, now: float
    ) -> Usage:
        """Return it with these peaks counted; itself where they are nothing new."""
        memory = _higher(self.memory_mib, memory_mib)
        vram = _higher(self.vram_mib, vram_mib)
        if (memory, vram) == (self.memory_mib, self.vram_mib):
            return self
        return replace(self, memory_mib=memory, vram_mib=vram, seen_at=now)

    def with_shortage(self, memory_mib: int, vram_mib: int, now: float) -> Usage:
        """Return it with a grant counted that was too small; 0 for what sufficed."""
        return replace(
            self,
            memory_short_mib=max(self.memory_short_mib, memory_mib),
            vram_short_mib=max(self.vram_short_mib, vram_mib),
            seen_at=now,
        )

    def without_shortages(self, now: float) -> Usage:
        """Return it as if no grant had been too small; itself where none was."""
        if not (self.memory_short_mib or self.vram_short_mib):
            return self
        return replace(self, memory_short_mib=0, vram_short_mib=0, seen_at=now)


def usage_key(submission: Submission, plan: TaskPlan) -> str:
    """Name what is learned: the scene, the layer, the size and what renders it.

    Frames and cameras are left out: a shot's frames need much the same, and so do the
    cameras of a stereo pair.
    """
    picture = plan.pictures[0]
    renderer = submission.renderer or submission.engine
    size = f"{picture.width}x{picture.height}"
    return "|".join((submission.scene, plan.layer, size, renderer))


def _higher(known: int | None, seen: int | None) -> int | None:
    if known is None or seen is None:
        return seen if known is None else known
    return max(known, seen)
