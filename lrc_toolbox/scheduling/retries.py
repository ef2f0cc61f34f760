"""What follows a failure: the policy of each class, as data."""

from __future__ import annotations

from lrc_toolbox.jobs.failures import FailureClass

#: Classes that come back every time: the same scene with the same arguments fails the
#: same way, so a second try only costs the night.
HOPELESS = frozenset(
    {
        FailureClass.SCENE_ERROR,
        FailureClass.BAD_ARGUMENTS,
        FailureClass.PLUGIN_MISSING,
        FailureClass.MISSING_FILE,
    }
)


def try_again(kind: FailureClass, tries: int, retries: int) -> bool:
    """Say whether something that failed should be tried once more.

    Args:
        tries: how often it was tried so far.
        retries: how many tries after the first the submission allows.
    """
    return kind not in HOPELESS and tries <= retries
