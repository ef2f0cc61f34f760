"""A notice: one thing worth telling, in words, in tokens and as a JSON document.

Owns the words. Pure data: what the queue knew when the notice was made.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Any

from lrc_toolbox.jobs.notifications import Occasion
from lrc_toolbox.jobs.records import JobRecord
from lrc_toolbox.jobs.wording import clock_time, count, duration, printable

#: A notice older than this, in seconds, says when it happened.
_LATE_S = 300.0

#: Discord refuses texts of more characters.
_LONGEST = 1900


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing worth telling.

    Attributes:
        number: the event's, which grows; tells a notice that comes twice. 0 for a test.
        at: when it happened, seconds since 1970 UTC.
        reason: why, one sentence; empty where there is nothing to explain.
        layer: the render layer that it is about; empty for a whole job or the queue.
        job: the job; None where it is about the whole queue.
        frames, failed: of the job.
    """

    number: int
    occasion: Occasion
    at: float
    reason: str = ""
    layer: str = ""
    job: JobRecord | None = None
    frames: int = 0
    failed: int = 0

    def title(self) -> str:
        """Say what happened in a few words."""
        if self.job is None:
            return "Notifications work" if not self.number else "Rendering was stopped"
        what = f"{self.job.name}, layer {self.layer}," if self.layer else self.job.name
        said = {"done": "is done", "failed": "has failed"}
        was = said.get(self.occasion, f"was {self.occasion}")
        return printable(f"{what} {was}")

    def text(self, now: float) -> str:
        """Say more about it: how much of it, why, and when, if that was long ago."""
        parts = [self._extent(), self.reason]
        if now - self.at > _LATE_S:
            parts.append(f"That was at {clock_time(self.at, now)}.")
        return printable(" ".join(part for part in parts if part))

    def tokens(self) -> dict[str, str]:
        """Give a value for each of `jobs.notifications.TOKENS`."""
        job = self.job
        return {
            "job": "" if job is None else str(job.id),
            "name": "" if job is None else job.name,
            "state": self.occasion,
            "reason": self.reason,
            "output": "" if job is None else job.submission.output_folder,
            "frames": str(self.frames),
            "failed": str(self.failed),
        }

    def document(self, now: float) -> dict[str, Any]:
        """Give what a webhook is sent; docs/td-guide.md describes it.

        Slack, Mattermost and Teams read `text`, Discord `content`; what they do not
        know they pass over. No other key may be one of theirs.
        """
        words = f"{self.title()}. {self.text(now)}".strip()[:_LONGEST]
        return {
            # Slack's own rule for these three (api.slack.com, "Formatting text"), which
            # also keeps names from calling people, as <!channel> would.
            "text": _escaped(words),
            "content": words,
            # Discord: nobody is called, whatever a scene is named.
            "allowed_mentions": {"parse": []},
            "event": self.occasion,
            "seq": self.number,
            "at": self.at,
            "machine": platform.node(),
            "layer": self.layer,
            "reason": self.reason,
            "job": None if self.job is None else self._job_document(self.job),
        }

    def _job_document(self, job: JobRecord) -> dict[str, Any]:
        return {
            "id": job.id,
            "name": job.name,
            "state": job.state.value,
            "scene": job.submission.scene,
            "output_folder": job.submission.output_folder,
            "user": job.submission.user,
            "note": job.submission.note,
            "frames": self.frames,
            "failed": self.failed,
            "submitted_at": job.submitted_at,
            "started_at": job.started_at,
            "ended_at": job.ended_at,
        }

    def _extent(self) -> str:
        job = self.job
        if job is None:
            return ""
        if self.occasion == "failed":
            return f"{self.failed:,} of {count(self.frames, 'frame')} failed."
        if self.occasion != "done":
            return ""
        began = job.submitted_at if job.started_at is None else job.started_at
        return f"{count(self.frames, 'frame')} in {duration(self.at - began)}."


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
