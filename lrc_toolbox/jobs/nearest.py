"""The known name nearest to a mistyped one, and the sentence that offers it.

For every error about a name that does not exist: keys, layers, cameras, engines.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 8


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `word`, or None where none is like it.

    Upper and lower case do not matter; a name that holds the word, or that the word
    holds, is like it too (`beauty` and `rs_beauty`).
    """
    names = list(known)
    wanted = word.casefold()
    folded = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(wanted, folded, n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    holding = [
        name
        for fold, name in folded.items()
        if len(wanted) > 2 and len(fold) > 2 and (wanted in fold or fold in wanted)
    ]
    return min(holding, key=lambda name: abs(len(name) - len(word)), default=None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Phrase the end of an error about an unknown name; empty where none is known."""
    names = list(known)
    near = nearest(word, names)
    if near is not None:
        return f'Did you mean "{near}"?'
    if not names:
        return ""
    shown = ", ".join(f'"{name}"' for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"There is {shown}{more}."
