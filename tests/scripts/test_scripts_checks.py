"""The one check command, with checks that are real programs."""

from __future__ import annotations

import checks
import pytest
from checks import Check

GOOD = Check("good", ("-c", "pass"))
BAD = Check("bad", ("-c", "raise SystemExit(3)"))


def test_all_checks_run_even_when_one_fails(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "CHECKS", (BAD, GOOD))
    assert checks.main(["--no-tests"]) == 1
    summary = capfd.readouterr().out.split("== summary\n")[1].splitlines()
    assert [line.split()[0] for line in summary] == ["bad", "good"]
    assert "FAILED (exit code 3)" in summary[0]
    assert "passed" in summary[1]


def test_the_tests_are_one_of_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "CHECKS", (GOOD,))
    monkeypatch.setattr(checks, "TESTS", BAD)
    assert checks.main([]) == 1
    assert checks.main(["--no-tests"]) == 0
