"""What can be wrong with a question to the queue."""

from __future__ import annotations

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import JobState


class UnknownJobError(LrcError):
    """The queue has no job with this number.

    Attributes:
        job: the number asked for.
    """

    def __init__(self, job: int) -> None:
        remedy = "`lrc queue --all` lists the jobs there are."
        super().__init__(f"There is no job {job}.", remedy=remedy)
        self.job = job


class UnknownTaskError(LrcError):
    """The job has no task with this number.

    Attributes:
        task: the task asked for.
    """

    def __init__(self, task: TaskId, count: int) -> None:
        remedy = f"Job {task.job} has the tasks 1 to {count}."
        super().__init__(f"There is no task {task}.", remedy=remedy)
        self.task = task


class JobEndedError(LrcError):
    """The job has ended, so that this cannot be done to it any more.

    Attributes:
        job: the job's number.
        state: how it ended.
    """

    def __init__(self, job: int, state: JobState) -> None:
        remedy = "Retry it to render frames again, or remove it."
        super().__init__(f"Job {job} is {state.value}.", remedy=remedy)
        self.job = job
        self.state = state


class NothingToRetryError(LrcError):
    """Every frame of the job is proved, so that none is left to render again.

    Attributes:
        job: the job's number.
    """

    def __init__(self, job: int) -> None:
        remedy = "Name the frames that are to be rendered all the same."
        super().__init__(f"Every frame of job {job} is proved.", remedy=remedy)
        self.job = job


class WaitTimeoutError(LrcError):
    """A job did not end in the time given; it goes on.

    Attributes:
        job: the job's number.
        timeout_s: the time given, in seconds.
    """

    def __init__(self, job: int, timeout_s: float) -> None:
        super().__init__(f"Job {job} has not ended within {timeout_s:g} s.")
        self.job = job
        self.timeout_s = timeout_s
