"""What is wrong with a submission, in words its author knows.

Owns the error, and how pydantic's findings are told: its own text never gets out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.nearest import did_you_mean


class SubmissionError(LrcError):
    """A submission that cannot be accepted.

    Attributes:
        key: the submission's field, e.g. "layers"; empty for all of it.
        problem: what is wrong with it, one sentence.
        where: the file it stands in; empty where it came from no file.
        others: what else is wrong with the same submission.
    """

    def __init__(
        self,
        key: str,
        problem: str,
        *,
        remedy: str = "",
        where: str = "",
        others: tuple[SubmissionError, ...] = (),
    ) -> None:
        super().__init__(f"{where}: {problem}" if where else problem, remedy=remedy)
        self.key = key
        self.problem = problem
        self.where = where
        self.others = others

    def at(self, where: str) -> SubmissionError:
        """Return the same error with the file it stands in."""
        return SubmissionError(
            self.key, self.problem, remedy=self.remedy, where=where, others=self.others
        )

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *map(str, self.others)])


class WrongValueError(ValueError):
    """Raised by a field's own check; pydantic gathers these with its findings.

    Attributes:
        key: the field, where the check looks at several.
        remedy: what to write instead.
    """

    def __init__(self, problem: str, *, remedy: str = "", key: str = "") -> None:
        super().__init__(problem)
        self.key = key
        self.remedy = remedy


def explain(
    error: ValidationError, must_be: Mapping[str, str], known: Iterable[str]
) -> SubmissionError:
    """Put pydantic's findings into one error, the first with the others behind it.

    Args:
        error: what pydantic found.
        must_be: for each field, what it must be: "a whole number from 0 to 100".
        known: the names of all fields.
    """
    names = list(known)
    told: dict[str, SubmissionError] = {}
    for finding in error.errors():
        one = _tell(finding, must_be, names)
        told.setdefault(one.key, one)  # a wrong item makes its list wrong as well
    first, *others = told.values()
    return SubmissionError(
        first.key, first.problem, remedy=first.remedy, others=tuple(others)
    )


def _tell(
    finding: Mapping[str, Any], must_be: Mapping[str, str], known: list[str]
) -> SubmissionError:
    """Tell one finding; see `pydantic_core.ErrorDetails` for its keys."""
    key = str(finding["loc"][0]) if finding["loc"] else ""
    cause = finding.get("ctx", {}).get("error")
    if isinstance(cause, WrongValueError):
        return SubmissionError(cause.key or key, str(cause), remedy=cause.remedy)
    if finding["type"] == "extra_forbidden":
        problem = f'"{key}" is unknown.'
        return SubmissionError(key, problem, remedy=did_you_mean(key, known))
    expected = must_be.get(key, "a JSON object with the submission's fields")
    if finding["type"] == "missing":
        problem = f'"{key}" is missing.'
        return SubmissionError(key, problem, remedy=f"It must be {expected}.")
    inside = "holds" if len(finding["loc"]) > 1 else "is"
    subject = f'"{key}" {inside}' if key else "The submission is"
    problem = f"{subject} {shown(finding['input'])}."
    return SubmissionError(key, problem, remedy=f"It must be {expected}.")


def shown(value: object) -> str:
    """Show a value as it stands in JSON, in at most 60 characters."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 60 else f"{text[:57]}..."
