"""Every class of failure has its sentence."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.failures import Failure, FailureClass


@pytest.mark.parametrize("kind", FailureClass)
def test_every_class_of_failure_is_told_in_one_sentence(kind: FailureClass) -> None:
    assert kind.sentence.endswith(".")
    assert kind.sentence.count(".") == 1
    assert str(Failure(kind, "line 3")) == f"{kind.sentence} line 3"
    assert str(Failure(kind, "")) == kind.sentence
