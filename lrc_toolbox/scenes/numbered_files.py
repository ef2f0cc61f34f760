"""Names that stand for many files: image sequences and UV tiles.

Turns a written name into a pattern and finds the files that it stands for. Which node
numbers its files is `external_files`' matter. Any thread that has its own `Places`.

Sources: Autodesk's "Loading multi-tiled UV textures" (the order of the tiling modes;
`u0_v0` for ZBrush, `u1_v1` for Mudbox, 1000 + (u + 1 + 10 v) for UDIM); Arnold's
"Tokens" (`<udim>`, `<tile>`, `<attr:name default:value>`); Pixar's "String tokens in
RfM" (`<udim>`, `_MAPID_`, `<f4>`, `<frame>`). No page was found for Redshift's `<f>`.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Literal

from lrc_toolbox.scenes.places import Places

Numbering = Literal["", "frames", "udim", "zbrush", "mudbox"]
#: `.uvt` of a file node: 0 off, 1 to 3 as here, 4 explicit tiles.
TILINGS: dict[int, Numbering] = {1: "zbrush", 2: "mudbox", 3: "udim"}

_MOST_MISSING = 20
#: No file system has longer names; with the limit on tokens it keeps a hostile name
#: from matching for minutes.
_LONGEST_NAME = 255
_MOST_TOKENS = 4
#: A span with more gaps than this is two sequences, not one with holes.
_MOST_SPAN = 100_000
_TOKEN = re.compile(
    r"(?P<frames><f\d*>|<frame\d*>|\#+|%0?\d*d)"
    r"|(?P<udim><udim>|<uvtile>|_mapid_)"
    r"|(?P<tile><[uv]>|<[uv]tile>)"
    r"|(?P<any><[\w: .]+>)",
    re.IGNORECASE,
)
_FRAME_NUMBER = re.compile(r"^(.*?)(-?\d+)(\.[A-Za-z]\w*)?$")
_UDIM_NUMBER = re.compile(r"(?<!\d)1\d{3}(?!\d)")
_UV_NUMBERS = re.compile(r"u\d+_v\d+", re.IGNORECASE)
_FLAGS = re.IGNORECASE if sys.platform in ("win32", "darwin") else 0


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A name with places for numbers.

    Attributes:
        folder: as written, with a trailing `/` where there is one.
        name: the name with its tokens, e.g. `brick.<UDIM>.exr`.
        beginning: what is before the first token.
        expression: matches the names it stands for; group `frame` or `udim`.
    """

    folder: str
    name: str
    beginning: str
    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class NumberedFiles:
    """The files that a pattern stands for.

    Attributes:
        pattern: where they are, with the tokens; empty where there are none.
        count: how many there are.
        missing: frames absent between the first and the last, at most 20.
    """

    pattern: str
    count: int
    missing: tuple[int, ...]


def read_pattern(path: str, numbering: Numbering = "") -> NamePattern | None:
    """The pattern that a written path is; None for the path of a single file.

    Args:
        path: as written in the scene.
        numbering: what the node says about numbers in a plain name.
    """
    folder, slash, name = path.replace("\\", "/").rpartition("/")
    if len(name) > _LONGEST_NAME:
        return None
    if not _TOKEN.search(name):
        name = _with_token(name, numbering)
    tokens = list(_TOKEN.finditer(name))
    if not 0 < len(tokens) <= _MOST_TOKENS:
        return None
    pieces: list[str] = []
    named: set[str] = set()
    end = 0
    for token in tokens:
        pieces.append(re.escape(name[end : token.start()]))
        pieces.append(_expression(token.lastgroup or "any", named))
        end = token.end()
    expression = "".join((*pieces, re.escape(name[end:])))
    return NamePattern(
        folder + slash, name, name[: tokens[0].start()], re.compile(expression, _FLAGS)
    )


def _with_token(name: str, numbering: Numbering) -> str:
    """A plain name with a token for the number that changes."""
    if numbering == "frames":
        match = _FRAME_NUMBER.match(name)
        return f"{match[1]}<f>{match[3] or ''}" if match else name
    if numbering == "udim":
        numbers = list(_UDIM_NUMBER.finditer(name))
        if numbers:
            last = numbers[-1]
            return f"{name[: last.start()]}<UDIM>{name[last.end() :]}"
    elif numbering:
        return _UV_NUMBERS.sub("u<U>_v<V>", name)
    return name


def _expression(kind: str, named: set[str]) -> str:
    """A token as a regular expression; only the first of a kind is captured."""
    digits = {"frames": r"-?\d+", "udim": r"1\d{3}", "tile": r"\d+", "any": r".*?"}
    if kind in named or kind in ("tile", "any"):
        return digits[kind]
    named.add(kind)
    return f"(?P<{kind}>{digits[kind]})"


def find_numbered(pattern: NamePattern, places: Places, rule: str) -> NumberedFiles:
    """Look for a pattern's files in the places where Maya looks."""
    for path in places.candidates(pattern.folder + pattern.name, rule):
        folder, _, name = path.rpartition("/")
        matches = [
            match
            for each in places.names(folder, pattern.beginning)
            if (match := pattern.expression.fullmatch(each))
        ]
        if matches:
            return NumberedFiles(
                f"{folder}/{name}", len(matches), _missing_frames(matches)
            )
    return NumberedFiles("", 0, ())


def _missing_frames(matches: list[re.Match[str]]) -> tuple[int, ...]:
    """Gaps between the first and the last frame; gaps between UV tiles are normal."""
    if "frames" not in matches[0].re.groupindex:
        return ()
    frames = {int(match["frames"]) for match in matches}
    first, last = min(frames), max(frames)
    gaps: list[int] = []
    for frame in range(first, min(last, first + _MOST_SPAN)):
        if frame not in frames:
            gaps.append(frame)
            if len(gaps) == _MOST_MISSING:
                break
    return tuple(gaps)
