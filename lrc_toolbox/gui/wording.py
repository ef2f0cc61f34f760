"""The texts of the tables, from rows and the time. No Qt, any thread."""

from __future__ import annotations

from lrc_toolbox.gui.rows import Figures, JobRow, Phase, Row
from lrc_toolbox.jobs.wording import clock_time, duration


def title(row: Row) -> str:
    """Name a row: a job with its number, a task by its layer."""
    return f"{row.name}  #{row.id}" if isinstance(row, JobRow) else row.layer


def frames_done(figures: Figures) -> str:
    """Write how many frames are proved: `18/24`."""
    return f"{figures.done:,}/{figures.frames:,}"


def frames_failed(figures: Figures) -> str:
    """Write how many frames were given up, empty where none."""
    return f"{figures.failed:,} failed" if figures.failed else ""


def frames(figures: Figures) -> str:
    """Write both: `18/24  2 failed`."""
    return f"{frames_done(figures)}  {frames_failed(figures)}".rstrip()


def elapsed(figures: Figures, now: float) -> str:
    """Write how long it has been at work, or was."""
    if figures.started_at is None:
        return ""
    end = figures.ended_at if figures.phase.ended else now
    return duration((now if end is None else end) - figures.started_at)


def eta(figures: Figures, now: float) -> str:
    """Write how long it will still take and until when: `3:12 · 14:05`."""
    if figures.eta_at is None or figures.phase is not Phase.RUNNING:
        return ""
    return remaining(figures.eta_at, now)


def remaining(eta_at: float, now: float) -> str:
    """Write a moment to come as a duration and as clock time."""
    return f"{duration(eta_at - now)} · {clock_time(eta_at, now)}"


def percent(figures: Figures) -> str:
    """Write progress; whole percents, rounded down so that 100 % means complete.

    Of what failed, the queue's own percent also counts the frames given up.
    """
    if figures.phase is Phase.FAILED:
        return f"{100 * figures.done // max(1, figures.frames)} %"
    return f"{int(figures.percent)} %"
