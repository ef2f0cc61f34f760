"""The nearest known name, and the sentence that offers it."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.nearest import did_you_mean, nearest

LAYERS = ["masterLayer", "rs_beauty", "rs_shadow", "Hero"]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("rs_beuty", "rs_beauty"),
        ("beauty", "rs_beauty"),
        ("HERO", "Hero"),
        ("masterlayer1", "masterLayer"),
        ("qqq", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_found_past_typing_errors_and_case(
    word: str, near: str | None
) -> None:
    assert nearest(word, LAYERS) == near


def test_the_first_of_two_names_that_differ_in_case_is_offered() -> None:
    assert nearest("HERO", ["Hero", "hero"]) == "Hero"


def test_an_error_ends_with_the_nearest_name_or_with_all_there_are() -> None:
    assert did_you_mean("shadow", LAYERS) == 'Did you mean "rs_shadow"?'
    assert did_you_mean("qqq", ["a", "b"]) == 'There is "a", "b".'
    assert did_you_mean("qqq", []) == ""


def test_of_many_names_only_the_first_are_listed() -> None:
    many = [f"layer{n:03}" for n in range(100)]
    assert did_you_mean("?", many).endswith('"layer007" and 92 more.')
