from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lrc_toolbox.gui.diff import Run, edits, runs

#: Lists of (key, content) in the order of their keys, as the panel's are.
rows = st.dictionaries(st.integers(0, 30), st.integers(0, 3)).map(
    lambda content: sorted(content.items())
)


def follow(old: list[tuple[int, int]], new: list[tuple[int, int]]) -> list:
    """Do to a list what the edits say, as a model does it."""
    steps = edits(old, new, lambda row: row[0])
    shown = list(old)
    for run in steps.removed:
        del shown[run.first : run.last + 1]
    for run in steps.inserted:
        shown[run.first : run.first] = new[run.first : run.last + 1]
    for run in steps.changed:
        shown[run.first : run.last + 1] = new[run.first : run.last + 1]
    return shown


@settings(deadline=None)
@given(rows, rows)
def test_following_the_edits_gives_the_new_list(old, new) -> None:
    assert follow(old, new) == new


@settings(deadline=None)
@given(rows)
def test_the_same_list_needs_no_edit(content) -> None:
    assert edits(content, list(content), lambda row: row[0]) == ([], [], [])


def test_places_that_follow_each_other_are_one_run() -> None:
    assert list(runs([0, 1, 2, 5, 7, 8])) == [Run(0, 2), Run(5, 5), Run(7, 8)]


def test_one_changed_row_is_one_edit() -> None:
    old = [(number, 0) for number in range(1000)]
    new = [(number, int(number == 500)) for number in range(1000)]
    steps = edits(old, new, lambda row: row[0])
    assert steps == ([], [], [Run(500, 500)])
