"""What `--json` prints: one document for a question, one event a line for following.

The shapes are documented in docs/td-guide.md. Text is written as ASCII with escapes, so
that no console's encoding can change it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any


def print_document(document: Mapping[str, Any]) -> None:
    """Print the one document of a command, indented for people who look at it."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    sys.stdout.flush()


def print_line(event: Mapping[str, Any]) -> None:
    """Print one event; flushed, because whoever reads the pipe waits for it."""
    sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")
    sys.stdout.flush()
