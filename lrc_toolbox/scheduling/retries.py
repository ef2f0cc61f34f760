"""What follows a failure: the policy of each class, as data.

Only the table and its arithmetic; it is carried out in `scheduling.failing`.
docs/policy.md shows the table as `table` prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf

from lrc_toolbox.jobs.failures import FailureClass
from lrc_toolbox.jobs.wording import duration


class Remedy(str, Enum):
    """What the next try gets."""

    SAME = "the same"
    MORE_VRAM = "a GPU of its own, then a larger one, then the CPU where it can"
    MORE_MEMORY = "twice the memory"
    ANOTHER_LICENCE = "one try at a time for all jobs of the renderer"


class Then(str, Enum):
    """What follows when the tries are used up."""

    GIVE_FRAME_UP = "the frame is given up"
    STOP_TASK = "the layer is stopped"
    GO_ON = "it is tried until it works"


@dataclass(frozen=True, slots=True)
class Rule:
    """The policy of one class of failure.

    Attributes:
        tries: how often a frame is tried with this failure. They are not charged to
            the submission's `retries`; None for the number that those give.
        first_wait_s: how long, in seconds, nothing of the task starts after the first.
        growth: how much longer each further wait is than the one before it.
        longest_wait_s: what waits do not grow beyond.
    """

    why: str
    tries: float | None = None
    first_wait_s: float = 0.0
    growth: float = 2.0
    longest_wait_s: float = 900.0
    remedy: Remedy = Remedy.SAME
    then: Then = Then.GIVE_FRAME_UP

    @property
    def patient(self) -> bool:
        """The next try meets other circumstances, so this one says little of others."""
        return self.first_wait_s > 0 or self.remedy is not Remedy.SAME

    def wait_s(self, times: int) -> float:
        """Say how long to wait after the failure happened so many times, from 1."""
        # The exponent is bounded, because a night of tries would overflow a float.
        grown = self.first_wait_s * self.growth ** min(times - 1, 64)
        return min(grown, self.longest_wait_s)


RULES: dict[FailureClass, Rule] = {
    FailureClass.LICENCE: Rule(
        "Licences come back when others end; frames lost to a lack of them are lost "
        "for nothing.",
        tries=inf,
        first_wait_s=60.0,
        remedy=Remedy.ANOTHER_LICENCE,
        then=Then.GO_ON,
    ),
    FailureClass.OUT_OF_GPU_MEMORY: Rule(
        "Packed, alone, on each larger GPU, on the CPU: no more rungs than this.",
        tries=6,
        remedy=Remedy.MORE_VRAM,
    ),
    FailureClass.OUT_OF_MEMORY: Rule(
        "With its share, with twice as much, with the computer to itself.",
        tries=3,
        remedy=Remedy.MORE_MEMORY,
    ),
    FailureClass.MISSING_FILE: Rule(
        "It stays missing; other frames may need other files.", tries=1
    ),
    FailureClass.PLUGIN_MISSING: Rule(
        "Every frame needs it.", tries=1, then=Then.STOP_TASK
    ),
    FailureClass.SCENE_ERROR: Rule("It comes back every time.", tries=1),
    FailureClass.BAD_ARGUMENTS: Rule(
        "Every frame gets the same.", tries=1, then=Then.STOP_TASK
    ),
    FailureClass.DISK: Rule(
        "Somebody makes room, or the server comes back: half an hour is left for it.",
        tries=7,
        first_wait_s=30.0,
        then=Then.STOP_TASK,
    ),
    FailureClass.CRASH: Rule("Crashes often happen once."),
    FailureClass.STALLED: Rule("It may have hung on something that is over."),
    FailureClass.TIMEOUT: Rule("The computer may have been busy with something else."),
    FailureClass.OUTPUT_MISSING: Rule("The picture may come with the next try."),
    FailureClass.OUTPUT_BROKEN: Rule("A copy or a disk may have failed once."),
    FailureClass.OTHER: Rule("Nothing better is known."),
}


def table() -> str:
    """The rules as a Markdown table."""
    rows = [
        "| failure | tries | wait before the next | the next try gets | then | why |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind, rule in RULES.items():
        cells = (
            f"`{kind.value}`",
            _tries(rule),
            _waits(rule),
            rule.remedy.value if rule.tries != 1 else "",
            rule.then.value,
            rule.why,
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _tries(rule: Rule) -> str:
    if rule.tries is None:
        return "1 + `retries`"
    return "any number" if rule.tries == inf else str(rule.tries)


def _waits(rule: Rule) -> str:
    if not rule.first_wait_s:
        return ""
    first, longest = duration(rule.first_wait_s), duration(rule.longest_wait_s)
    return f"{first}, then {rule.growth:g} times as long, up to {longest}"
