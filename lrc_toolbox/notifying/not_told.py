"""What is raised when somebody could not be told."""

from __future__ import annotations

from lrc_toolbox.jobs.errors import LrcError


class NotToldError(LrcError):
    """A notification did not arrive.

    Attributes:
        way: "desktop", "command" or "webhook".
        problem: what went wrong, one sentence without anything secret.
        passing: whether it may go better in a while.
        wait_s: after how many seconds, where the other side says so.
    """

    def __init__(
        self,
        way: str,
        problem: str,
        *,
        remedy: str = "",
        passing: bool = False,
        wait_s: float | None = None,
    ) -> None:
        super().__init__(problem, remedy=remedy)
        self.way = way
        self.problem = problem
        self.passing = passing
        self.wait_s = wait_s
