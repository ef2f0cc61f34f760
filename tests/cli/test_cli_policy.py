"""`lrc policy` as people and programs meet it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from lrc_toolbox.jobs.policy import Policy
from tests.cli.conftest import Lrc


@pytest.fixture(autouse=True)
def _as_it_comes(lrc: Lrc) -> Iterator[None]:
    yield
    (lrc.home / "policy.json").unlink(missing_ok=True)


def test_every_setting_is_shown_with_its_reason(lrc: Lrc) -> None:
    told = lrc.here("policy")
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == str(lrc.home / "policy.json")
    for name, field in Policy.model_fields.items():
        place = next(n for n, line in enumerate(lines) if line.split()[:1] == [name])
        assert lines[place + 1].strip() == field.description


def test_what_was_changed_stands_beside_what_it_comes_with(lrc: Lrc) -> None:
    assert lrc.here("policy", "set", "host_gpu", "keep").stdout == (
        "host_gpu is keep now.\n"
    )
    assert lrc.here("policy", "set", "yield_after_s", "2.5").returncode == 0
    lines = [line.split() for line in lrc.here("policy").stdout.splitlines()]
    assert ["host_gpu", "keep", "instead", "of", "auto"] in lines
    assert ["yield_after_s", "2.5", "instead", "of", "4"] in lines
    told = {one["name"]: one for one in lrc.json("policy")["settings"]}
    assert told["host_gpu"] == {
        "name": "host_gpu",
        "value": "keep",
        "default": "auto",
        "changed": True,
        "reason": Policy.model_fields["host_gpu"].description,
    }
    assert not told["attempts"]["changed"]


def test_json_values_are_taken_and_put_back(lrc: Lrc) -> None:
    night = '[{"begins": "19:00", "ends": "7:00", "days": ["fri"]}]'
    assert lrc.here("policy", "set", "windows", night).returncode == 0
    assert lrc.here("policy", "set", "keep_awake", "false").returncode == 0
    kept = json.loads((lrc.home / "policy.json").read_text())
    assert kept == {
        "windows": [{"begins": "19:00", "ends": "07:00", "days": ["fri"]}],
        "keep_awake": False,
    }
    assert (
        "  windows                    fri 19:00 to 07:00 everything  instead of none"
        in (lrc.here("policy").stdout.splitlines())
    )
    assert lrc.here("policy", "unset", "windows", "keep_awake").stdout == (
        "keep_awake is true now, as it comes.\nwindows is [] now, as it comes.\n"
    )
    assert json.loads((lrc.home / "policy.json").read_text()) == {}


@pytest.mark.parametrize(
    ("typed", "message", "remedy"),
    [
        (("set", "atempts", "3"), '"atempts" is unknown.', 'Did you mean "attempts"?'),
        (("unset", "atempts"), '"atempts" is unknown.', 'Did you mean "attempts"?'),
        (("set", "attempts", "x"), '"attempts" is "x".', "a whole number from 1 up"),
        (("set", "attempts", "null"), '"attempts" is "null".', "a whole number"),
        (("set", "attempts", "true"), '"attempts" is true.', "a whole number"),
        (
            ("set", "windows", '[{"begins": "25:00", "ends": "7:00"}]'),
            '"25:00" is no time of day.',
            "Write hours and minutes",
        ),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    lrc: Lrc, typed: tuple[str, ...], message: str, remedy: str
) -> None:
    told = lrc.here("policy", *typed)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.splitlines()[0] == message
    assert remedy in told.stderr.splitlines()[1]
    assert lrc.json("policy", *typed)["error"]["kind"] == "policy"
    assert not (lrc.home / "policy.json").exists()


def test_a_file_that_is_wrong_is_named_with_the_place(lrc: Lrc) -> None:
    lrc.home.mkdir(exist_ok=True)
    path = lrc.home / "policy.json"
    path.write_text('{"host_cores": -1}')
    told = lrc.here("policy")
    assert told.returncode == 2
    assert told.stderr.startswith(f'{path}: "host_cores" is -1.')


def test_the_path_can_be_handed_to_an_editor(lrc: Lrc) -> None:
    assert lrc.here("policy", "path").stdout == f"{lrc.home / 'policy.json'}\n"


def test_a_service_that_keeps_to_its_environment_is_told(lrc: Lrc) -> None:
    number = lrc.submit()
    assert lrc.here("watch", number).returncode == 0
    assert "LRC_SLOTS keeps the service that runs to 2" in lrc.here("policy").stdout
    assert lrc.here("policy", "set", "attempts", "2").returncode == 0
    assert "LRC_SLOTS" not in lrc.here("policy").stdout
