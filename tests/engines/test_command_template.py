from __future__ import annotations

import re
from pathlib import Path

import pytest

from lrc_toolbox.engines.command_template import TOKENS, filled, named_tokens
from lrc_toolbox.jobs.submission import SubmissionError


def test_tokens_are_replaced_wherever_they_stand() -> None:
    command = ("Render", "-s", "<start>", "-o=<output>", "<layer>:<layer>")
    values = {"start": 7, "output": "/r/a b.exr", "layer": "key"}
    assert named_tokens(command) == {"start", "output", "layer"}
    assert filled(command, values) == (
        "Render",
        "-s",
        "7",
        "-o=/r/a b.exr",
        "key:key",
    )


def test_doubled_brackets_leave_a_token_of_the_program_s_own() -> None:
    command = ("Render", "-im", "<<RenderLayer>>/<<scene>>", "<scene>")
    assert named_tokens(command) == {"scene"}
    assert filled(command, {"scene": "/s.ma"})[2:] == ("<RenderLayer>/<scene>", "/s.ma")


def test_brackets_without_a_name_are_left_alone() -> None:
    command = ("sh", "-c", "a < b > c <> <-> 1<2")
    assert named_tokens(command) == set()
    assert filled(command, {}) == command


def test_a_value_that_looks_like_a_token_is_not_replaced_again() -> None:
    assert filled(("<layer>",), {"layer": "<scene>", "scene": "x"}) == ("<scene>",)


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("outptu", "<output>"), ("Frame", "<frame>"), ("treads", "<threads>")],
)
def test_an_unknown_token_is_refused_with_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        named_tokens(("x", f"<{wrong}>"))
    assert caught.value.key == "command"
    assert f"<{wrong}>" in caught.value.problem
    assert f'Did you mean "{nearest}"?' in caught.value.remedy
    assert f"<<{wrong}>>" in caught.value.remedy


def test_the_documentation_lists_every_token() -> None:
    page = Path(__file__).parents[2] / "docs" / "command-engine.md"
    rows = re.findall(r"^\| `<(\w+)>` \| (.+) \|$", page.read_text("utf-8"), re.M)
    assert dict(rows) == TOKENS
