from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.machine.cpus import usable_cpus
from lrc_toolbox.running.policy_file import PolicyFile, attempts_allowed


def write(path: Path, text: str, at: int) -> None:
    """Write a version of the file that is told from the others by its time."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))


def test_without_a_file_the_policy_is_as_it_comes(tmp_path: Path) -> None:
    assert PolicyFile(tmp_path / "policy.json").policy() == Policy()


def test_a_change_of_the_file_holds_at_once(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    file = PolicyFile(path)
    assert file.policy().host_cores == 2
    write(path, '{"host_cores": 3}', 1000)
    assert file.policy().host_cores == 3
    write(path, '{"host_cores": 4}', 1001)
    assert file.policy().host_cores == 4
    path.unlink()
    assert file.policy() == Policy()


def test_a_file_that_is_wrong_changes_nothing_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "policy.json"
    write(path, '{"host_cores": 3}', 1000)
    file = PolicyFile(path)
    assert file.policy().host_cores == 3
    write(path, '{"host_cores": "many"}', 1001)
    with caplog.at_level(logging.ERROR):
        assert file.policy().host_cores == 3
        assert file.policy().host_cores == 3
    (record,) = caplog.records
    assert str(path) in record.getMessage()
    assert '"host_cores" is "many"' in record.getMessage()


def test_a_number_of_processes_from_elsewhere_counts_more(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    write(path, '{"attempts": 7, "host_cores": 3}', 1000)
    policy = PolicyFile(path, attempts=2).policy()
    assert (policy.attempts, policy.host_cores) == (2, 3)


def test_that_the_file_changed_is_known_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    file = PolicyFile(path)
    assert not file.changed
    path.write_text('{"attempts": 2}')
    assert file.changed
    assert file.policy().attempts == 2
    assert not file.changed


def test_who_only_looks_gets_a_number_whatever_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    cpus = len(usable_cpus())
    assert attempts_allowed(path, None) == min(Policy().attempts, cpus)
    path.write_text('{"attempts": 1}')
    assert attempts_allowed(path, None) == 1
    assert attempts_allowed(path, cpus) == cpus
    path.write_text('{"attempts": "many"}')
    assert attempts_allowed(path, None) == min(Policy().attempts, cpus)


def test_who_only_looks_is_told_of_no_more_places_than_cpus(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"attempts": 9999}')
    assert attempts_allowed(path, None) == len(usable_cpus())
    assert attempts_allowed(path, 9999) == len(usable_cpus())
