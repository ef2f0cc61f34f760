from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.policy import Policy, PolicyError, Window

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_table_in_the_documentation_is_what_the_settings_say() -> None:
    argv = [sys.executable, "-m", "lrc_toolbox.jobs.policy"]
    printed = subprocess.run(
        argv, cwd=REPOSITORY, capture_output=True, check=True, encoding="utf-8"
    )
    assert (REPOSITORY / "docs/policy.md").read_text("utf-8").endswith(printed.stdout)


def test_every_setting_gives_its_reason() -> None:
    for name, field in Policy.model_fields.items():
        assert field.description is not None, name
        assert field.description.endswith("."), name


def test_a_policy_comes_back_from_its_file(tmp_path: Path) -> None:
    night = Window(begins="19:00", ends="7:00", days=("mon", "fri"))
    policy = Policy(host_cores=3, windows=(night,), otherwise="nothing")
    policy.save(tmp_path / "policy.json")
    assert Policy.load(tmp_path / "policy.json") == policy
    assert policy.windows[0].ends == "07:00"


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    Policy(attempts=2).save(tmp_path / "policy.json")
    assert json.loads((tmp_path / "policy.json").read_text()) == {"attempts": 2}


def test_a_file_of_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(b'\xef\xbb\xbf{"$schema": "x", "attempts": 2}\r\n')
    assert Policy.load(path).attempts == 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"attemps": 3}, '"attemps" is unknown. Did you mean "attempts"?'),
        (
            {"attempts": True},
            '"attempts" is true. It must be a whole number from 1 up.',
        ),
        (
            {"host_gpu": "mine"},
            '"host_gpu" is "mine". It must be "auto", "keep" or "share".',
        ),
        (
            {"windows": [{"begins": "25:00", "ends": "7:00"}]},
            '"25:00" is no time of day. Write hours and minutes: "19:00".',
        ),
        ([1], "A policy is one JSON object, not [1]."),
    ],
)
def test_what_is_wrong_is_told_with_the_place_and_the_remedy(
    given: Any, told: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.read(given, "policy.json")
    assert str(caught.value) == f"policy.json: {told}"


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "\xff"])
def test_a_file_that_is_no_json_is_told_with_its_name(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(PolicyError) as caught:
        Policy.load(path)
    assert caught.value.where == str(path)


def test_a_policy_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy(attempts=2).save(tmp_path / "none" / "policy.json")
    assert caught.value.where == str(tmp_path / "none" / "policy.json")
