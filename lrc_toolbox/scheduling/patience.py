"""How long each renderer may be silent before its process counts as stalled.

A table, no decision. What renderers print while they work is described in their own
manuals; what they print of a frame in hand decides how long silence is nothing unusual.
docs/policy.md shows the table as `table` prints it.
"""

from __future__ import annotations

from typing import NamedTuple

from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.wording import duration


class Patience(NamedTuple):
    """How long silence is nothing unusual, and why."""

    stall_s: float
    why: str


#: By Maya's names of renderers, and by engines for what needs no renderer.
PATIENCE: dict[str, Patience] = {
    "preview": Patience(
        600, "Tells every band of a frame; only reading a large scene is silent."
    ),
    "arnold": Patience(
        1800,
        "Tells every 5 % of a pass. Silent while it translates a scene and, the first "
        "time on a GPU, while OptiX compiles, which takes many minutes.",
    ),
    "redshift": Patience(
        1200, "Tells every block. Silent while it extracts geometry and textures."
    ),
    "vray": Patience(
        1800,
        "Tells every percent. Silent while it compiles geometry, and the first time "
        "on a GPU its kernels.",
    ),
    "renderman": Patience(
        1800, "Tells every percent. Silent while it reads geometry and makes textures."
    ),
    "mayaHardware2": Patience(
        1800, "Tells when a frame begins and nothing within it, but frames are quick."
    ),
    "mayaSoftware": Patience(
        7200, "Tells when a frame begins and ends, and nothing between."
    ),
}

#: For a program that nobody knows.
UNKNOWN = Patience(1800, "Nobody knows what it prints; most tell something of a frame.")


def stall_s(submission: Submission) -> float:
    """Say after how many seconds without a word a process of a job counts as stalled.

    What the submission asks for comes first.
    """
    if submission.stall_s is not None:
        return submission.stall_s
    renderer = submission.renderer or submission.engine
    return PATIENCE.get(renderer, UNKNOWN).stall_s


def table() -> str:
    """The defaults as a Markdown table."""
    rows = ["| renderer | silent for | why |", "| --- | --- | --- |"]
    known = {f"`{name}`": patience for name, patience in PATIENCE.items()}
    for name, patience in {**known, "any other": UNKNOWN}.items():
        rows.append(f"| {name} | {duration(patience.stall_s)} | {patience.why} |")
    return "\n".join(rows) + "\n"
