"""What `lrc render` and `lrc watch` draw over and over: one job, or the whole queue.

Pure: made from views, drawn by rich at whatever size the terminal has then. Reading
the queue and drawing again is in `following`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from lrc_toolbox.cli.columns import is_ascii, shorten_end
from lrc_toolbox.cli.job_rows import job_rows, state_word, task_rows
from lrc_toolbox.jobs.states import JOB, TaskState
from lrc_toolbox.jobs.wording import count, duration, printable

if TYPE_CHECKING:
    from lrc_toolbox.queue import JobView, TaskView

# Which tasks are worth a line when not all fit: what happens now, then what went wrong.
_ORDER = {
    TaskState.RUNNING: 0,
    TaskState.FAILED: 1,
    TaskState.WAITING: 2,
    TaskState.CANCELLED: 3,
    TaskState.DONE: 4,
}
# Lines beside the tasks: title, reason, what is left out, whole job, log, cursor.
_OTHER_LINES = 6


@dataclass(frozen=True)
class JobPicture:
    """One job: a line per task, one for the whole job, the newest log line.

    Attributes:
        log_line: the newest line of a running process, as it came.
        now: seconds since 1970 UTC, for clock times.
    """

    job: JobView
    tasks: Sequence[TaskView]
    now: float
    log_line: str = ""

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        plain, width = is_ascii(options), options.max_width
        yield _one_line(self._title(), "bold", width, plain)
        if self.job.reason:
            yield _one_line(f"  {self.job.reason}", "yellow", width, plain)
        shown = self._fitting(options.size.height)
        whole = self.job if len(self.tasks) > 1 else None
        yield task_rows(shown, self.now, whole=whole)
        if left_out := len(self.tasks) - len(shown):
            text = f"  {count(left_out, 'more task')} not shown"
            yield _one_line(text, "dim", width, plain)
        if self.log_line:
            yield _one_line(self.log_line, "dim", width, plain)

    def _title(self) -> str:
        progress = self.job.progress
        parts = [state_word(self.job).text]
        if progress.elapsed_s is not None:
            took = duration(progress.elapsed_s)
            ended = JOB.ended(self.job.state)
            parts.append(f"in {took}" if ended else f"{took} so far")
        if progress.failed:
            parts.append(f"{count(progress.failed, 'frame')} failed")
        return f"Job {self.job.id}  {self.job.name}  {', '.join(parts)}"

    def _fitting(self, height: int) -> list[TaskView]:
        room = max(1, height - _OTHER_LINES)
        if len(self.tasks) <= room:
            return list(self.tasks)
        urgent = sorted(self.tasks, key=lambda task: (_ORDER[task.state], task.id))
        return sorted(urgent[:room], key=lambda task: task.id)


@dataclass(frozen=True)
class QueuePicture:
    """The open jobs of a queue under a headline.

    Attributes:
        jobs: those to show, the most interesting first.
        total: how many there are.
        now: seconds since 1970 UTC, for clock times.
    """

    jobs: Sequence[JobView]
    total: int
    headline: str
    now: float

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        plain, width = is_ascii(options), options.max_width
        yield _one_line(self.headline, "bold", width, plain)
        shown = self.jobs[: _jobs_fitting(self.jobs, options.size.height - 4)]
        if shown:
            yield job_rows(shown, self.now)
        if self.total > len(shown):
            text = f"{count(self.total - len(shown), 'more job')} not shown"
            yield _one_line(text, "dim", width, plain)


def _jobs_fitting(jobs: Sequence[JobView], lines: int) -> int:
    """Count the first jobs that fit; one with a reason takes two lines."""
    for place, job in enumerate(jobs):
        lines -= 2 if job.reason else 1
        if lines < 0:
            return max(1, place)
    return len(jobs)


def _one_line(text: str, style: str, width: int, plain: bool) -> Text:
    shown = shorten_end(printable(text), width, plain)
    return Text(shown, style, no_wrap=True, overflow="crop")
