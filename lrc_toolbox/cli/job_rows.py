"""Jobs and tasks as rows: the words, colours and columns of lists and live views.

Pure: views in, rows out. No queue, no clock, no terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from lrc_toolbox.cli.columns import Bar, Cell, Column, Rows, fixed
from lrc_toolbox.jobs.states import JOB, TASK, AttemptState, JobState
from lrc_toolbox.jobs.wording import clock_time, count, duration, printable

if TYPE_CHECKING:
    from lrc_toolbox.queue import (
        JobView,
        Progress,
        QueueProgress,
        ServiceStatus,
        TaskView,
    )

#: The colours of states, as rich names them.
STATE_STYLES = {
    "waiting": "dim",
    "running": "cyan",
    "done": "green",
    "failed": "red",
    "cancelled": "yellow",
}
#: The states of jobs that have not ended.
OPEN = frozenset({JobState.WAITING, JobState.RUNNING})
_BAR_WISH, _BAR_LEAST = 40, 6
_NAME_LEAST = 16
_LONGEST_NAME = 48


@dataclass(frozen=True)
class _Line:
    """One row of a task table before it is laid out."""

    name: Cell
    progress: Progress
    state: Cell
    ended: bool
    hand: str = ""
    note: str = ""
    warning: str = ""


def task_rows(
    tasks: Sequence[TaskView], now: float, *, whole: JobView | None = None
) -> Rows:
    """Lay out tasks: name, bar, percent, frames, frame in hand, time left, state.

    Args:
        tasks: what each row shows.
        now: seconds since 1970 UTC, for clock times.
        whole: the tasks' job, to add it as the last row.
    """
    cameras = len({task.camera for task in tasks}) > 1
    lines = [_task_line(task, camera=cameras) for task in tasks]
    if whole is not None:
        name = Cell("whole job", "bold")
        lines.append(
            _Line(name, whole.progress, state_word(whole), JOB.ended(whole.state))
        )
    percents = [Cell(_percent(line.progress)) for line in lines]
    frames = [Cell(_frames(line.progress)) for line in lines]
    hands = [Cell(line.hand, "cyan") for line in lines]
    times = [_time(line.progress, line.state, line.ended, now) for line in lines]
    rows = Rows(
        [
            _name_column("layer", [line.name for line in lines]),
            Column("", _BAR_WISH, _BAR_LEAST, dropped=4),
            fixed("", percents, right=True),
            fixed("frames", frames, dropped=6, right=True),
            fixed("now", [*hands, *_widest_hand(tasks)], dropped=2),
            fixed("left", times, dropped=5, right=True),
            fixed("state", [line.state for line in lines], dropped=3),
        ],
        indent=2,
        note_indent=4,
    )
    for place, line in enumerate(lines):
        texts = percents[place], frames[place], hands[place], times[place]
        rows.add(line.name, _bar(line.progress, line.state), *texts, line.state)
        if line.note:
            rows.add_note(line.note, "red")
        if line.warning:
            rows.add_note(line.warning, "yellow")
    return rows


def job_rows(jobs: Sequence[JobView], now: float) -> Rows:
    """Lay out jobs: number, name, state, bar, percent, frames, time, priority."""
    numbers = [Cell(str(job.id), "bold") for job in jobs]
    names = [Cell(printable(job.name)) for job in jobs]
    words = [state_word(job) for job in jobs]
    pairs = list(zip(jobs, words, strict=True))
    percents = [Cell(_percent(job.progress)) for job in jobs]
    frames = [Cell(_frames(job.progress)) for job in jobs]
    times = [
        _time(job.progress, word, JOB.ended(job.state), now) for job, word in pairs
    ]
    priorities = [Cell(str(job.priority)) for job in jobs]
    rows = Rows(
        [
            fixed("no", numbers, right=True),
            _name_column("name", names),
            fixed("state", words, dropped=5),
            Column("", _BAR_WISH, _BAR_LEAST, dropped=3),
            fixed("", percents, right=True),
            fixed("frames", frames, dropped=2, right=True),
            fixed("left", times, dropped=4, right=True),
            fixed("prio", priorities, dropped=1, right=True),
        ],
        note_indent=3,
    )
    rows.add_header()
    for job, *cells in zip(
        jobs, numbers, names, words, percents, frames, times, priorities, strict=True
    ):
        rows.add(*cells[:3], _bar(job.progress, cells[2]), *cells[3:])
        if job.reason:
            rows.add_note(job.reason, "red" if job.state is JobState.FAILED else "dim")
    return rows


def headline(progress: QueueProgress, service: ServiceStatus, now: float) -> str:
    """Say in one line how many jobs there are and what holds them back."""
    numbers = [
        (progress.running, "running"),
        (progress.waiting, "waiting"),
        (progress.completed, "done"),
        (progress.failed, "failed"),
        (progress.cancelled, "cancelled"),
    ]
    parts = [f"{number:,} {word}" for number, word in numbers if number]
    text = ", ".join(parts) if parts else "The queue is empty"
    if progress.paused:
        text += "; the queue is paused, `lrc resume` goes on"
    if left := time_left(progress.progress, now):
        text += f"; done in {left}"
    if (progress.running or progress.waiting) and not service.running:
        text += "; no service runs, the next command starts one"
    return f"{text}."


def state_word(job: JobView) -> Cell:
    """Name a job's state, a pause or a cancel under way included."""
    word = job.state.value
    if job.record.cancelling and job.state is not JobState.CANCELLED:
        return Cell("cancelling", STATE_STYLES["cancelled"])
    if job.paused and job.state is JobState.RUNNING:
        return Cell("pausing", "yellow")
    if job.paused and job.state is JobState.WAITING:
        return Cell("paused", "yellow")
    return Cell(word, STATE_STYLES[word])


def task_name(task: TaskView, *, camera: bool) -> str:
    """Name a task by its layer, and by its camera where there are several."""
    name = f"{task.layer} / {task.camera}" if camera else task.layer
    return printable(name)


def frame_in_hand(task: TaskView) -> str:
    """Say what a task's processes are at: `1013 42%`, `1013 42% +1`, `opening`."""
    live = task.attempts
    hands = sorted((a.frame, a.percent) for a in live if a.frame is not None)
    if hands:
        frame, percent = hands[0]
        shown = f"{frame} {int(percent)}%" if percent else str(frame)
        return f"{shown} +{len(hands) - 1}" if len(hands) > 1 else shown
    if any(a.state is AttemptState.STOPPING for a in live):
        return "stopping"
    # A process without a frame is loading its scene or being given its next frame.
    return "opening" if live and not task.progress.done else ""


def time_left(progress: Progress, now: float) -> str:
    """Say in how long and when: `1:32 at 14:05`; empty where nothing is known yet."""
    if progress.eta_s is None:
        return ""
    if progress.eta_at is None:
        return duration(progress.eta_s)
    return f"{duration(progress.eta_s)} at {clock_time(progress.eta_at, now)}"


def _widest_hand(tasks: Sequence[TaskView]) -> list[Cell]:
    """Keep room for a frame and its percent, lest columns jump when one begins."""
    lasts = [
        task.record.plan.frames.last for task in tasks if not TASK.ended(task.state)
    ]
    return [Cell(f"{last} 99%") for last in lasts]


def _task_line(task: TaskView, *, camera: bool) -> _Line:
    return _Line(
        name=Cell(task_name(task, camera=camera)),
        progress=task.progress,
        state=Cell(task.state.value, STATE_STYLES[task.state.value]),
        ended=TASK.ended(task.state),
        hand=frame_in_hand(task),
        note=_task_note(task),
        warning=task.record.warning,
    )


def _job_time(job: JobView, state: Cell, now: float) -> Cell:
    return _time(job.progress, state, JOB.ended(job.state), now)


def _time(progress: Progress, state: Cell, ended: bool, now: float) -> Cell:
    if not ended:
        return Cell(time_left(progress, now))
    took = "" if progress.elapsed_s is None else f"in {duration(progress.elapsed_s)}"
    return Cell(took, state.style)


def _task_note(task: TaskView) -> str:
    failed = task.progress.failed
    if task.record.reason or not failed:
        return task.record.reason
    return f"{count(failed, 'frame')} failed"


def _name_column(header: str, names: Sequence[Cell]) -> Column:
    longest = max((cell_len(name.text) for name in names), default=0)
    wish = min(max(longest, len(header)), _LONGEST_NAME)
    return Column(header, wish, min(wish, _NAME_LEAST))


def whole_percent(progress: Progress) -> int:
    """Round down, so that 100 means that every frame is accounted for."""
    # What is added up from parts may miss the whole by its last bits.
    return int(progress.percent + 1e-6)


def _percent(progress: Progress) -> str:
    return f"{whole_percent(progress)}%"


def _frames(progress: Progress) -> str:
    return f"{progress.done}/{progress.frames}"


def _bar(progress: Progress, state: Cell) -> Bar:
    return Bar(progress.percent, "red" if progress.failed else state.style)
