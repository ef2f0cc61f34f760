"""The policy through the queue object, with a service that takes it at once."""

from __future__ import annotations

import json

import pytest

from lrc_toolbox.jobs.policy import Policy, PolicyError
from lrc_toolbox.jobs.states import JobState


def test_a_change_is_kept_and_what_comes_is_left_out(queue, home):
    assert queue.policy() == Policy()
    assert queue.change_policy(attempts=2, host_gpu="keep").attempts == 2
    assert json.loads((home / "policy.json").read_text()) == {
        "attempts": 2,
        "host_gpu": "keep",
    }
    assert queue.change_policy(attempts=None).attempts == Policy().attempts
    assert json.loads((home / "policy.json").read_text()) == {"host_gpu": "keep"}


@pytest.mark.parametrize(
    ("settings", "problem", "remedy"),
    [
        ({"atempts": 2}, '"atempts" is unknown.', 'Did you mean "attempts"?'),
        ({"atempts": None}, '"atempts" is unknown.', 'Did you mean "attempts"?'),
        (
            {"attempts": 0},
            '"attempts" is 0.',
            "It must be a whole number from 1 up.",
        ),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(
    queue, home, settings, problem, remedy
):
    queue.change_policy(host_cores=3)
    before = (home / "policy.json").read_bytes()
    with pytest.raises(PolicyError) as refused:
        queue.change_policy(**settings)
    assert refused.value.args[0] == problem
    assert refused.value.remedy == remedy
    assert (home / "policy.json").read_bytes() == before


def test_a_file_that_is_wrong_names_itself_and_can_be_mended(queue, home):
    (home / "policy.json").write_text('{"attempts": "many"}')
    with pytest.raises(PolicyError, match=r"policy\.json"):
        queue.change_policy(host_cores=3)
    assert queue.change_policy(attempts=3).attempts == 3


def test_a_change_counts_at_once_in_a_service_that_runs(
    queue, submit, until, begun, tmp_path, monkeypatch
):
    monkeypatch.delenv("LRC_SLOTS")
    queue.change_policy(attempts=1)
    job = submit("wait_for('go'); write()", frames="1-4", cpu_threads=1)
    until(begun)
    assert queue.service_status().slots == 1
    queue.change_policy(attempts=2)
    assert queue.service_status().slots == 2
    until(lambda: len(begun()) == 2)
    (tmp_path / "go").touch()
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_what_the_environment_says_goes_before_the_policy(queue, submit, until, begun):
    submit("wait_for('go'); write()", frames="1")
    until(begun)
    queue.change_policy(attempts=1)
    assert queue.service_status().slots == 2
    assert queue.machine().capacity.attempts == 2
