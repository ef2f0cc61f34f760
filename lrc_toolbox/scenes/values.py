"""What a `setAttr` statement says: its name, its array range and its values.

Owns the reading of one statement's words. Which node it belongs to is `graph`'s matter.
Any thread.
"""

from __future__ import annotations

import re
from array import array
from typing import NamedTuple, TypeAlias

#: What one attribute can hold. `yes`/`no`/`on`/`off` read as bool.
Value: TypeAlias = bool | int | float | str | tuple[float, ...] | tuple[str, ...]

_SET_ATTR = re.compile(
    # flags, some with one plain word: -k on -s 25 -av
    r'\s*(?:-\w+\s+(?:[^\s"-][^\s"]*\s+)?)*'
    r'"([^"\\]*)"'
    r'\s*(?:-type\s+"?(\w+)"?\s*)?'
)
_LAST_INDEX = re.compile(r"^(.*)\[(\d{1,9})(?::(\d{1,9}))?\]$")
_WORD = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"|//[^\r\n]*|([^\s"()]+)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}

_TRUTH = dict.fromkeys(("yes", "on", "true"), True)
_TRUTH.update(dict.fromkeys(("no", "off", "false"), False))

#: Types that are one list with its length in front.
_COUNTED = {"componentList", "attributeAlias"}


class Piece(NamedTuple):
    """One `setAttr` statement of a node, its values still unread.

    Attributes:
        attr: the attribute's name without dot and without the last index.
        first: first array index; -1 where the name ends without an index.
        last: last array index, included.
        kind: the word after `-type`; empty where there is none.
        start: offset of the values in the scene's text.
        end: offset of the closing `;`.
    """

    attr: str
    first: int
    last: int
    kind: str
    start: int
    end: int


def read_piece(text: str, start: int, end: int) -> Piece | None:
    """Read the head of a `setAttr` statement; None where it has no name."""
    match = _SET_ATTR.match(text, start, end)
    if match is None:
        return None
    attr = match.group(1).partition(".")[2]
    if not attr:
        return None
    first, last = -1, -1
    if attr.endswith("]"):
        attr, first, last = split_index(attr)
    return Piece(attr, first, last, match.group(2) or "", match.end(), end)


class DynamicAttribute(NamedTuple):
    """An attribute that the file adds to a node.

    Attributes:
        short: its short name.
        long: its long name.
        default: what it holds where no value is stored; None for text and messages.
    """

    short: str
    long: str
    default: float | None


def read_dynamic(text: str) -> DynamicAttribute | None:
    """Read an `addAttr` statement; None where it has no name."""
    words = read_words(text)
    found = {
        flag: words[place + 1]
        for place, flag in enumerate(words[:-1])
        if flag.startswith("-")
    }
    long = found.get("-ln") or found.get("-longName") or ""
    short = found.get("-sn") or found.get("-shortName") or long
    numeric = "-at" in found and found["-at"] != "message"
    default = number(found.get("-dv", "0")) if numeric else None
    return DynamicAttribute(short, long or short, default) if short else None


def split_index(attr: str) -> tuple[str, int, int]:
    """`uvst[0].uvsp[3:8]` to (`uvst[0].uvsp`, 3, 8); -1 where there is no index."""
    match = _LAST_INDEX.match(attr)
    if match is None:
        return attr, -1, -1
    first = int(match.group(2))
    return match.group(1), first, int(match.group(3) or first)


def read_value(text: str, kind: str) -> Value | None:
    """Read the values of one statement; None where it gives none."""
    if kind == "string":
        return read_string(text)
    words = read_words(text)
    if kind == "dataReferenceEdits":
        return tuple(words)
    if kind.endswith("Array") or kind in _COUNTED:
        words = words[1:]
        if kind in ("stringArray", *_COUNTED):
            return tuple(words)
    elif not words:
        return None
    elif len(words) == 1:
        return _scalar(words[0], quoted='"' in text)
    return tuple(number(word) for word in words)


def _scalar(word: str, *, quoted: bool) -> Value:
    if quoted:
        return word
    truth = _TRUTH.get(word)
    if truth is not None:
        return truth
    try:
        return int(word)
    except ValueError:
        return number(word)


def read_string(text: str) -> str:
    """Read a string literal, or several in `( "a" + "b" )`."""
    return "".join(
        unescape(match.group(1))
        for match in _WORD.finditer(text)
        if match.group(1) is not None
    )


def read_words(text: str) -> list[str]:
    """The words and unescaped strings of a statement, comments left out."""
    if '"' not in text and "/" not in text:
        return text.split()
    if "\\" not in text and "//" not in text and '""' not in text:
        return [quoted or plain for quoted, plain in _WORD.findall(text)]
    words: list[str] = []
    for match in _WORD.finditer(text):
        if match.group(1) is not None:
            words.append(unescape(match.group(1)))
        elif match.group(2):
            words.append(match.group(2))
    return words


def unescape(text: str) -> str:
    r"""Resolve `\n \t \r \" \\`; any other escaped character stands for itself."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text)


def read_numbers(text: str) -> array[float]:
    """Read all numbers of a statement, fast where they are plain."""
    try:
        return array("d", map(float, text.split()))
    except ValueError:
        return array("d", (number(word) for word in read_words(text)))


def number(word: str) -> float:
    """A float of one word; truth words count 1 and 0, anything else is not a number.

    Windows builds of Maya have written `1.#QNAN`, `-1.#IND` and `1.#INF`.
    """
    try:
        return float(word)
    except ValueError:
        if word in _TRUTH:
            return float(_TRUTH[word])
        if "#INF" in word:
            return float("-inf") if word.startswith("-") else float("inf")
        return float("nan")
