"""A command line with tokens: what it may name, and how it is filled in.

`<name>` is replaced, `<<name>>` becomes a plain `<name>` for programs that have tokens
of their own, as Maya's `Render -im` has. Text only; `engines.command` says with what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.submission import SubmissionError

#: What a command may name, and what stands in its place.
TOKENS = {
    "scene": "the scene file",
    "layer": "the render layer's name",
    "camera": "the camera's name",
    "frames": 'the frames to render, e.g. "1-10,20-30x2"',
    "frame": "the first of them",
    "start": "the first of them",
    "end": "the last of them",
    "step": "the distance from one to the next",
    "output": "the picture file of the first frame",
    "output_pattern": "the picture file with #### for the frame number",
    "threads": "how many CPU threads were granted",
    "width": "the picture's width in pixels",
    "height": "the picture's height in pixels",
}

_TOKEN = re.compile(r"<<(\w+)>>|<(\w+)>")


def named_tokens(command: Sequence[str]) -> frozenset[str]:
    """Say which tokens a command names.

    Raises:
        SubmissionError: there is no such token; names the nearest.
    """
    found = {match[2] for part in command for match in _TOKEN.finditer(part)} - {None}
    for name in sorted(found - set(TOKENS)):
        near = did_you_mean(f"<{name}>", [f"<{known}>" for known in TOKENS])
        raise SubmissionError(
            "command",
            f"The command has an unknown <{name}>.",
            remedy=f"{near} For a plain <{name}> write <<{name}>>.",
        )
    return frozenset(found)


def filled(command: Sequence[str], values: Mapping[str, object]) -> tuple[str, ...]:
    """Put values in the place of tokens.

    Args:
        command: program and arguments, checked by `named_tokens`.
        values: a value for every token the command names.
    """

    def value(match: re.Match[str]) -> str:
        return f"<{match[1]}>" if match[1] else str(values[match[2]])

    return tuple(_TOKEN.sub(value, part) for part in command)
