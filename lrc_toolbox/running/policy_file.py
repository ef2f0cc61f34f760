"""The policy's file: read again as soon as it changes.

A file that is wrong changes nothing: the policy before it holds, and the error is told
once for each version of the file.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

from lrc_toolbox.jobs.policy import Policy, PolicyError
from lrc_toolbox.machine.cpus import usable_cpus

log = logging.getLogger(__name__)


def attempts_allowed(path: Path, fixed: int | None) -> int:
    """Say how many processes there may be side by side now, for who only looks.

    There are no more than CPUs, as each has one of its own.

    Args:
        path: the policy's file; one that is wrong counts as none.
        fixed: the number that holds whatever the file says, None for the file's.
    """
    return min(_attempts(path) if fixed is None else fixed, len(usable_cpus()))


def _attempts(path: Path) -> int:
    with contextlib.suppress(PolicyError):
        return Policy.load(path).attempts
    return Policy().attempts


class PolicyFile:
    """The policy that holds now.

    Args:
        path: the file; it need not be there.
        attempts: how many processes side by side, whatever the file says; None to
            leave that to the file.
    """

    def __init__(self, path: Path, attempts: int | None = None) -> None:
        self._path = path
        self._attempts = attempts
        self._seen: tuple[int, int] | None = None
        self._policy = self._adjusted(Policy())

    @property
    def changed(self) -> bool:
        """The file is not the one that was read last."""
        return self._stamp() != self._seen

    def policy(self) -> Policy:
        """Give the policy; reads the file if it changed since the last time."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._policy = self._adjusted(Policy.load(self._path))
            except PolicyError as error:
                log.error("the policy before this one holds: %s", error)
        return self._policy

    def _adjusted(self, policy: Policy) -> Policy:
        if self._attempts is None:
            return policy
        return policy.model_copy(update={"attempts": self._attempts})

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
