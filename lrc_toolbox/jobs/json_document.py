"""JSON documents that other programs read: dataclasses to JSON, and to its schema.

A document's keys and their meaning stand in its dataclasses' docstrings. Any thread.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any


def plain(value: object) -> Any:
    """Turn a document into what `json` writes: dicts, lists, text and numbers.

    Whole numbers lose their `.0`, as a person writes them. What is not finite, which
    JSON cannot hold and real scenes do (`setAttr ".fl" nan`), counts as 0.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            return 0
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
        }
    return value


def schema_of(document: type, title: str) -> dict[str, Any]:
    """Make the JSON Schema of what `plain` gives for a document.

    Args:
        document: its dataclass; the docstring describes each attribute.
        title: what the document is called.
    """
    # A tenth of a second to import, which making a document does not need.
    from pydantic import TypeAdapter

    schema = TypeAdapter(document).json_schema(mode="serialization")
    for shape in (schema, *schema.get("$defs", {}).values()):
        _describe(shape)
    schema["title"] = title
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _describe(shape: dict[str, Any]) -> None:
    """Move what a docstring says about attributes to the properties themselves."""
    text, _, attributes = shape.get("description", "").partition("\n\nAttributes:\n")
    said = {
        name: " ".join(what.split())
        for names, what in re.findall(
            r"^    (\w+(?:, \w+)*): (.*(?:\n     .*)*)", attributes, re.MULTILINE
        )
        for name in names.split(", ")
    }
    shape["description"] = " ".join(text.split())
    if "properties" not in shape:  # an enumeration
        return
    for name, described in shape["properties"].items():
        described.pop("title", None)
        if name in said:
            described["description"] = said[name]
    shape["required"] = list(shape["properties"])
    for described in shape["properties"].values():
        described.pop("default", None)
