"""Layers that a submission orders, beside those that it turned out to have."""

from __future__ import annotations

from collections.abc import Iterable

from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission, SubmissionError


def require_known_layers(submission: Submission, plans: Iterable[TaskPlan]) -> None:
    """Refuse an order of layers that names one which is not rendered.

    Raises:
        SubmissionError: `layers_after` has such a name.
    """
    if not submission.layers_after:
        return
    known = list(dict.fromkeys(plan.layer for plan in plans))
    for layer, others in submission.layers_after.items():
        for name in (layer, *others):
            if name not in known:
                raise SubmissionError(
                    "layers_after",
                    f'"layers_after" names {name!r}, which this job does not render.',
                    remedy=did_you_mean(name, known),
                )
