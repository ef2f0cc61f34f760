"""A second, slow reading of Maya ASCII, to hold the fast one against.

Goes through the text character by character and shares nothing with `scenes/`: no
regular expression, no window, no search for lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass
class Word:
    """A word of a statement, and whether it stood in quotes."""

    text: str
    quoted: bool


@dataclass
class ReferenceScene:
    """What the text says.

    Attributes:
        nodes: type, name and parent's name of each created node, in order.
        values: by node name, then attribute, what was set last.
        connections: source and target of each.
    """

    nodes: list[tuple[str, str, str]] = field(default_factory=list)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    connections: list[tuple[str, str]] = field(default_factory=list)


def split(text: str) -> list[list[Word]]:
    """The words of each statement."""
    statements: list[list[Word]] = []
    words: list[Word] = []
    plain, at = "", 0

    def end_word() -> None:
        nonlocal plain
        if plain:
            words.append(Word(plain, quoted=False))
            plain = ""

    while at < len(text):
        mark = text[at]
        if mark == '"':
            end_word()
            word, at = _string(text, at + 1)
            words.append(Word(word, quoted=True))
            continue
        if text.startswith("//", at):
            end_word()
            while at < len(text) and text[at] not in "\r\n":
                at += 1
            continue
        if text.startswith("/*", at):
            end_word()
            close = text.find("*/", at + 2)
            at = len(text) if close < 0 else close + 2
            continue
        if mark == ";":
            end_word()
            if words:
                statements.append(words)
            words = []
        elif mark in " \t\r\n()":
            end_word()
        else:
            plain += mark
        at += 1
    return statements


def _string(text: str, at: int) -> tuple[str, int]:
    value = ""
    while text[at] != '"':
        if text[at] == "\\":
            at += 1
            value += _ESCAPED.get(text[at], text[at])
        else:
            value += text[at]
        at += 1
    return value, at + 1


def read(text: str) -> ReferenceScene:
    """Apply the statements that make nodes, values and connections."""
    scene = ReferenceScene()
    current = ""
    for words in split(text):
        keyword, *rest = words
        if keyword.text == "createNode":
            current = _after(rest, "-n")
            scene.nodes.append((rest[0].text, current, _after(rest, "-p")))
        elif keyword.text == "select":
            current = rest[-1].text.removeprefix(":")
        elif keyword.text == "setAttr":
            _set(scene, current, rest)
        elif keyword.text == "connectAttr":
            scene.connections.append((rest[0].text, rest[1].text))
    return scene


def _set(scene: ReferenceScene, current: str, words: list[Word]) -> None:
    place = next(at for at, word in enumerate(words) if word.quoted)
    owner, _, attr = words[place].text.partition(".")
    values = [word for word in words[place + 1 :] if word.text != "+" or word.quoted]
    if values and values[0].text == "-type":
        values = values[2:]
    node = owner.removeprefix(":") or current
    if node not in {current, *(name for _, name, _ in scene.nodes)}:
        # Of a reference, perhaps; it is in no file's own nodes.
        return
    scene.values.setdefault(node, {})[attr] = "".join(word.text for word in values)


def _after(words: list[Word], flag: str) -> str:
    for at, word in enumerate(words[:-1]):
        if word.text == flag and not word.quoted:
            return words[at + 1].text
    return ""
