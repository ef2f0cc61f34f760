"""Jobs that still wait in the inbox, as a client is shown them.

The service has not seen them yet, so their rows are made up here.
"""

from __future__ import annotations

from collections.abc import Sequence

from lrc_toolbox.jobs.records import JobRecord, TaskId, TaskPlan, TaskRecord
from lrc_toolbox.jobs.states import JobState, TaskState
from lrc_toolbox.jobs.submission import Submission

REASON = "Waiting for the service."


def waiting_job(
    number: int, at: float, submission: Submission, task_count: int
) -> JobRecord:
    """Return the job that a submission in the inbox will become."""
    return JobRecord(
        number,
        submission,
        JobState.WAITING,
        at,
        submission.priority,
        reason=REASON,
        task_count=task_count,
    )


def waiting_tasks(number: int, plans: Sequence[TaskPlan]) -> list[TaskRecord]:
    """Return the tasks that a submission in the inbox will get."""
    return [
        TaskRecord(TaskId(number, ordinal), plan, TaskState.WAITING)
        for ordinal, plan in enumerate(plans, start=1)
    ]
