"""What people type for frames, read into runs, or refused with the place and a remedy.

The grammar of a part, `1`, `1-10`, `1-100x5` or `1-100y5`, is fileseq's, so that what
works in the pipeline's other tools works here. Its FrameSet is not used: with steps
that overlap, with `y` and in every set operation it holds each frame as an object.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fileseq.frameset import FrameSet

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.runs import cut, each_once, join_all

MAX_FRAMES = 10_000_000  # fileseq's own limit; four days of film at 24 frames a second
MAX_DIGITS = 9
_LONGEST_PART = 100

_EXAMPLE = "1-10"
_PART: re.Pattern[str] = FrameSet.FRANGE_RE
_JOINT = re.compile(r"\s*(\.\.|[-xyXY:])\s*")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"


class FrameRangeError(LrcError):
    """Text that names no frames.

    Attributes:
        text: what was given.
        position: where in it reading stopped, counted from 0; `len(text)` where
            something is missing at the end.
        problem: what is wrong there.
        suggestion: a frame range that can be read, as near as can be to the text.
    """

    def __init__(
        self, text: str, position: int, problem: str, suggestion: str = _EXAMPLE
    ) -> None:
        super().__init__(
            f'Frames "{_short(text)}": {problem}, at character {position + 1}.',
            remedy=f'Write for example "{_short(suggestion)}".',
        )
        self.text = text
        self.position = position
        self.problem = problem
        self.suggestion = suggestion


class _Fault(NamedTuple):
    """What is wrong with a part: where in it, what, and the part put right if known."""

    at: int
    problem: str
    instead: str = ""


def read_runs(text: str, *, keep_ends: bool) -> tuple[range, ...]:
    """Read frames as people write them.

    Args:
        text: parts with commas between them; see `FrameRange.parse`.
        keep_ends: whether a step takes in the first and the last frame of its range.

    Raises:
        FrameRangeError: the text is empty, a part is none, or it names too many.
    """
    pieces = [run if run.step > 0 else run[::-1] for run in _pieces(text, keep_ends)]
    return join_all(pieces) if len(pieces) > 1 else tuple(pieces)


def read_in_order(text: str, *, keep_ends: bool) -> tuple[range, ...]:
    """Read frames in the order they are written, each where it is named first.

    `10,1,5-7` is 10, 1, 5, 6, 7; `10-1` runs down.

    Returns:
        Runs without a common frame; those that run down have a negative step.

    Raises:
        FrameRangeError: the text is empty, a part is none, or it names too many.
    """
    return each_once(_pieces(text, keep_ends))


def _pieces(text: str, keep_ends: bool) -> list[range]:
    """Read the parts of a text, one after the other."""
    parts = text.split(",")
    pieces: list[range] = []
    begin = 0
    for part in parts:
        read = _read_part(part, keep_ends=keep_ends)
        if isinstance(read, _Fault):
            raise _refusal(text, begin, part, read)
        pieces += read
        begin += len(part) + 1
    count = sum(map(len, pieces))
    if count > MAX_FRAMES:
        raise FrameRangeError(text, 0, _too_many(count))
    if not count:
        raise FrameRangeError(text, 0, "this leaves no frame")
    return pieces


def _read_part(part: str, *, keep_ends: bool) -> list[range] | _Fault:
    if len(part.strip()) > _LONGEST_PART:
        # Before any pattern looks at it: blanks without end take one square time.
        return _Fault(0, "this is too long for a frame or a range")
    match = _PART.match(part)
    if match is None:
        tidy = _JOINT.sub(lambda joint: joint[1].replace("..", "-"), part.strip())
        match = _PART.match(tidy.lower())
    if match is None or "." in match[0]:
        return _find_fault(part)
    for number in match.group(1, 2, 4):
        if number and len(number.lstrip("-0")) > MAX_DIGITS:
            at = part.find(number.lstrip("-"))
            return _Fault(at, f"more than {MAX_DIGITS} digits")
    return _runs_of(match, part, keep_ends=keep_ends)


def _runs_of(
    match: re.Match[str], part: str, *, keep_ends: bool
) -> list[range] | _Fault:
    """Turn a part that fits the grammar into runs, in the order it is written."""
    start = int(match[1])
    if match[2] is None:
        return [range(start, start + 1)]
    end = int(match[2])
    low, high = min(start, end), max(start, end)
    whole = range(low, high + 1)
    if match[3] is None:
        return _directed([whole], start, end)
    if match[3] == ":":
        problem = 'staggered order is asked for with "order": "preview_first"'
        return _Fault(part.find(":"), problem, f"{low}-{high}")
    step = abs(int(match[4]))
    if step == 0:
        at = part.lower().find(match[3]) + 1
        return _Fault(at, "a step of 0 leads nowhere", f"{low}-{high}")
    if match[3] == "y" and len(whole) > MAX_FRAMES:
        return _Fault(0, _too_many(len(whole)))
    # fileseq counts from the number written first: 10-1x4 is 10, 6, 2.
    stepped = [whole[::step] if start <= end else whole[::-step][::-1]]
    if keep_ends:
        stepped += [whole[:1], whole[-1:]]
    stepped = list(join_all(stepped))
    runs = stepped if match[3] == "x" else list(cut([whole], stepped))
    return _directed(runs, start, end)


def _directed(runs: list[range], start: int, end: int) -> list[range]:
    return runs if start <= end else [run[::-1] for run in reversed(runs)]


def _refusal(text: str, begin: int, part: str, fault: _Fault) -> FrameRangeError:
    """Build the error; its suggestion is the whole text put right, where that reads."""
    if not text.strip():
        return FrameRangeError(text, 0, "no frames are given")
    if fault.instead:
        whole = f"{text[:begin]}{fault.instead}{text[begin + len(part) :]}"
    else:
        before, after = text[:begin].split(",")[:-1], text[begin + len(part) + 1 :]
        whole = ",".join([*before, *filter(None, [after])])
    readable = (one for one in (whole.strip(), fault.instead, _EXAMPLE) if _reads(one))
    # Behind the last comma there is nothing to point at but the comma.
    at = begin + fault.at if part.strip() else min(begin, len(text) - 1)
    return FrameRangeError(text, at, fault.problem, next(readable))


def _too_many(count: int) -> str:
    return f"{count:,} frames are more than {MAX_FRAMES:,}"


def _reads(text: str) -> bool:
    count = 0
    for part in text.split(","):
        read = _read_part(part, keep_ends=True)
        if isinstance(read, _Fault):
            return False
        count += sum(map(len, read))
    return 0 < count <= MAX_FRAMES


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _find_fault(part: str) -> _Fault:
    """Say what is wrong with a part that does not fit the grammar."""
    if not part.strip():
        return _Fault(0, "a comma has nothing on one side")
    for find in (_odd_character, _fraction, _missing_comma, _missing_number):
        fault = find(part)
        if fault is not None:
            return fault
    third = re.search(r"\d\s*(-)\s*-?\d+\s*(-)", part)
    if third:
        ends = re.findall(r"\d+", part)
        problem = "a range has one start and one end"
        return _Fault(third.start(2), problem, f"{ends[0]}-{ends[-1]}")
    return _Fault(0, "this is no frame and no range")


def _odd_character(part: str) -> _Fault | None:
    odd = re.search(r"[^\d\s.:xyXY-]", part)
    if odd is None:
        return None
    character = odd[0]
    if character in _DASHES:
        instead = part.translate(dict.fromkeys(map(ord, _DASHES), "-"))
        return _Fault(odd.start(), f'"{character}" is a dash and no hyphen', instead)
    if character == ";":
        instead = part.replace(";", ",")
        return _Fault(odd.start(), "parts have a comma between them", instead)
    return _Fault(odd.start(), f'"{character}" has no meaning in frames')


def _fraction(part: str) -> _Fault | None:
    point = re.search(r"\d(\.)\d", part)
    if point is None:
        return None
    instead = re.sub(r"(\d)\.\d+", r"\1", part)
    return _Fault(point.start(1), "frames are whole numbers", instead)


def _missing_comma(part: str) -> _Fault | None:
    gap = re.search(r"\d(\s+)\d", part)
    if gap is None:
        return None
    instead = re.sub(r"(?<=\d)\s+(?=\d)", ",", part.strip())
    return _Fault(gap.start(1), "a comma is missing between two numbers", instead)


def _missing_number(part: str) -> _Fault | None:
    """Find a range without an end or a start, or a step without a number or range."""
    end = len(part.rstrip())
    openend = re.fullmatch(r"\s*(-?\d{1,8})\s*(?:-|\.\.)\s*", part)
    if openend:
        start = int(openend[1])
        return _Fault(end, "range needs an end", f"{start}-{start + 10}")
    nostart = re.fullmatch(r"\s*(?:[:xyXY]|\.\.)(.*)", part)
    if nostart:
        return _Fault(0, "range needs a start")
    nostep = re.fullmatch(r"\s*(\S.*?\d)\s*([:xyXY])\s*", part)
    if nostep:
        return _Fault(end, "step needs a number", f"{nostep[1]}x2")
    norange = re.fullmatch(r"\s*(-?\d{1,8})\s*([:xyXY])\s*-?\d+\s*", part)
    if norange:
        start = int(norange[1])
        instead = f"{start}-{start + 10}{part[norange.start(2) :].strip()}"
        return _Fault(norange.start(2), "a step needs a range before it", instead)
    return None
