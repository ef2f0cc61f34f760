"""What has to be done to one list of rows to make another of it, in runs.

Views keep their selection and scroll position only if rows are removed, inserted and
changed one by one instead of being set anew. No Qt, any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


class Run(NamedTuple):
    """Rows next to each other, both ends included."""

    first: int
    last: int


class Edits(NamedTuple):
    """The steps from an old list to a new one, in this order.

    Attributes:
        removed: places in the old list, last run first, so that each is right when
            its turn comes.
        inserted: places in the new list, first run first.
        changed: places in the new list of rows that were there and differ.
    """

    removed: list[Run]
    inserted: list[Run]
    changed: list[Run]


def edits(
    old: Sequence[Item], new: Sequence[Item], key: Callable[[Item], Hashable]
) -> Edits:
    """Compare two lists whose common rows stand in the same order.

    Args:
        old: what is shown.
        new: what is to be shown.
        key: what makes a row the same one; no two rows of a list share it.
    """
    before = {key(item): item for item in old}
    after = {key(item) for item in new}
    gone = runs(at for at, item in enumerate(old) if key(item) not in after)
    return Edits(
        removed=list(gone)[::-1],
        inserted=list(runs(i for i, item in enumerate(new) if key(item) not in before)),
        changed=list(
            runs(i for i, item in enumerate(new) if before.get(key(item), item) != item)
        ),
    )


def runs(places: Iterable[int]) -> Iterator[Run]:
    """Join ascending places that follow each other."""
    first = last = None
    for place in places:
        if first is None or last is None:
            first = place
        elif place != last + 1:
            yield Run(first, last)
            first = place
        last = place
    if first is not None and last is not None:
        yield Run(first, last)
