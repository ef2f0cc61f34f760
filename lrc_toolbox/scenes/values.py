"""What a `setAttr` statement says: its name, its array range and its values.

Owns the reading of one statement's words. Which node it belongs to is `graph`'s matter.
Any thread.
"""

from __future__ import annotations

from typing import TypeAlias

#: What one attribute can hold. `yes`/`no`/`on`/`off` read as bool.
Value: TypeAlias = bool | int | float | str | tuple[float, ...] | tuple[str, ...]
