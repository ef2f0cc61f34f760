"""What stands below a job that has ended: what failed and why, where pictures lie."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from lrc_toolbox.cli.failed_frames import read_failed_frames
from lrc_toolbox.cli.job_details import failure_lines
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.queue import JobView, RenderQueue


def print_summary(queue: RenderQueue, job: JobView, screen: Console) -> None:
    """Print failed frames with their reasons, what to do next, and the folder."""
    failures = read_failed_frames(queue, queue.tasks(job.id))
    lines = list(failure_lines(failures))
    if failures:
        hint = f"See lrc log {failures[0].task}; lrc retry {job.id} renders them again."
        lines.append(Text(hint))
    elif job.state is JobState.FAILED:
        lines.append(Text(printable(job.reason), "red"))
    if job.progress.done:
        lines.append(
            Text(f"Pictures: {printable(job.record.submission.output_folder)}")
        )
    for line in lines:
        screen.print(line, soft_wrap=True)
