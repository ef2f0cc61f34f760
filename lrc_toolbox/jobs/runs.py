"""Runs of whole numbers, `range` objects: met, joined and cut without counting out.

Every run has a positive step. A sequence of runs is ascending and without overlap: each
run begins after the last number of the run before. Cost grows with the number of runs,
not with what they hold. What the numbers mean is no matter of this file.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import gcd

Runs = Sequence[range]

_NOTHING = range(0)


def compact(pieces: Iterable[range]) -> tuple[range, ...]:
    """Bring ascending pieces into the one form that equal sets share.

    Taken from the low end, a run goes on as long as its step does. A step other than
    1 takes three numbers to make a run; two such numbers stand alone.
    """
    runs: list[range] = []
    run = _NOTHING
    for piece in pieces:
        rest = piece
        while rest:
            longer = _join(run, rest)
            if longer is not None:
                run, rest = longer
            elif len(run) == 2 and run.step != 1:
                runs.append(_single(run[0]))
                run = _single(run[1])
            else:
                runs.append(run)
                run = _NOTHING
    if len(run) == 2 and run.step != 1:
        runs += (_single(run[0]), _single(run[1]))
    elif run:
        runs.append(run)
    return tuple(runs)


def join_all(pieces: Sequence[range]) -> tuple[range, ...]:
    """Join pieces in any order, overlapping or not, into the one form."""
    ascending = sorted(pieces, key=lambda piece: piece[0])
    if all(one[-1] < other[0] for one, other in pairwise(ascending)):
        return compact(ascending)
    middle = len(pieces) // 2
    return join(join_all(pieces[:middle]), join_all(pieces[middle:]))


def join(one: Runs, other: Runs) -> tuple[range, ...]:
    """Return what is in either, in the one form."""
    return compact(_overlay(one, other, _joined, keep_one=True, keep_other=True))


def cut(one: Runs, other: Runs) -> tuple[range, ...]:
    """Return what is in `one` and not in `other`, in the one form."""
    return compact(_overlay(one, other, _left, keep_one=True, keep_other=False))


def meet(one: Runs, other: Runs) -> tuple[range, ...]:
    """Return what is in both, in the one form."""

    def both(a: range, b: range) -> Iterator[range]:
        yield _common(a, b)

    return compact(_overlay(one, other, both, keep_one=False, keep_other=False))


def each_once(pieces: Iterable[range]) -> tuple[range, ...]:
    """Leave of each piece what no piece before it has, and the pieces in their order.

    A piece may run down; so does then what is left of it.
    """
    known: list[range] = []
    left: list[range] = []
    for piece in pieces:
        up = piece if piece.step > 0 else piece[::-1]
        # Only the runs between its ends: a long list of frames costs no square time.
        low = bisect_left(known, up[0], key=lambda run: run[-1])
        high = bisect_right(known, up[-1], key=lambda run: run[0])
        between = known[low:high]
        new = cut([up], between)
        known[low:high] = join(between, [up])
        left += new if piece.step > 0 else [run[::-1] for run in reversed(new)]
    return tuple(left)


def split(run: range, number: int) -> tuple[range, range]:
    """Part a run into what is below a number and the rest."""
    at = max(0, -((run.start - number) // run.step))
    return run[:at], run[at:]


def _single(number: int) -> range:
    return range(number, number + 1)


def _join(run: range, piece: range) -> tuple[range, range] | None:
    """Let a growing run take what it can from a piece; None where it takes nothing.

    Returns:
        The longer run, and what is left of the piece.
    """
    if not run:
        return range(piece[0], piece[-1] + 1, piece.step), _NOTHING
    step = piece[0] - run[-1]
    if len(run) > 1 and step != run.step:
        return None
    taken = len(piece) if piece.step == step else 1
    return range(run[0], piece[taken - 1] + 1, step), piece[taken:]


def _overlay(
    one: Runs,
    other: Runs,
    both: Callable[[range, range], Iterator[range]],
    *,
    keep_one: bool,
    keep_other: bool,
) -> Iterator[range]:
    """Walk two sequences of runs at once and give the pieces in ascending order.

    Args:
        one: ascending runs.
        other: ascending runs.
        both: what becomes of two runs where their extents overlap.
        keep_one: whether what only `one` has is kept.
        keep_other: the same for `other`.
    """
    ones, others = iter(one), iter(other)
    a, b = next(ones, _NOTHING), next(others, _NOTHING)
    while a and b:
        begin, end = max(a[0], b[0]), min(a[-1], b[-1])
        low_a, a = split(a, begin)
        low_b, b = split(b, begin)
        if keep_one and low_a:
            yield low_a
        if keep_other and low_b:
            yield low_b
        if begin <= end:
            mid_a, a = split(a, end + 1)
            mid_b, b = split(b, end + 1)
            if mid_a and mid_b:
                yield from both(mid_a, mid_b)
            elif (mid_a and keep_one) or (mid_b and keep_other):
                yield mid_a or mid_b
        a = a or next(ones, _NOTHING)
        b = b or next(others, _NOTHING)
    if keep_one:
        yield a
        yield from ones
    if keep_other:
        yield b
        yield from others


def _common(a: range, b: range) -> range:
    """Return the numbers of both runs, by the Chinese remainder theorem.

    Both are cut from longer runs at the same low end, so that neither begins more than
    one step above it: the first number they share is in both.
    """
    divisor = gcd(a.step, b.step)
    apart = b[0] - a[0]
    if apart % divisor:
        return _NOTHING
    period = b.step // divisor
    inverse = pow(a.step // divisor, -1, period)
    first = a[0] + apart // divisor * inverse % period * a.step
    step = a.step * period
    return range(first, min(a[-1], b[-1]) + 1, step)


def _joined(a: range, b: range) -> Iterator[range]:
    """Join two runs whose extents overlap."""
    common = len(_common(a, b))
    if common == len(b):
        yield a
        return
    if common == len(a):
        yield b
        return
    first, last = min(a[0], b[0]), max(a[-1], b[-1])
    halves = range(first, last + 1, abs(a[0] - b[0]) or 1)
    if a.step == b.step == 2 * halves.step and len(halves) == len(a) + len(b):
        yield halves
        return
    sparse, dense = sorted((a, b), key=len)
    for number in sparse:
        below, dense = split(dense, number)
        if below:
            yield below
        if not dense or dense[0] != number:
            yield _single(number)
    if dense:
        yield dense


def _left(a: range, b: range) -> Iterator[range]:
    """Cut run `b` out of run `a`."""
    common = _common(a, b)
    if len(common) == len(a):
        return
    if common == a[::2]:
        yield a[1::2]
        return
    if common == a[1::2]:
        yield a[::2]
        return
    rest = a
    for number in common:
        below, rest = split(rest, number)
        if below:
            yield below
        rest = rest[1:]
    if rest:
        yield rest
