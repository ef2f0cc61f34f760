"""Maya's versions as scenes write them: `8.5`, `2023`, `2025ff03`. Any thread."""

from __future__ import annotations

import re

_YEAR = re.compile(r"\s*(\d{4})")
_OLDER = re.compile(r"\s*(\d{1,2})(?:\.|\b)")


def version_year(version: str) -> int | None:
    """The year that orders versions; 8.5 and other old ones give 8; None if unsaid."""
    match = _YEAR.match(version) or _OLDER.match(version)
    return int(match[1]) if match else None
