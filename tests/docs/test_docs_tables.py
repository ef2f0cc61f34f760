"""The tables in the documents are those that the program prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.jobs import policy
from lrc_toolbox.scheduling import patience, retries

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("table", [policy.table, retries.table, patience.table])
def test_the_policys_tables_are_as_the_program_prints_them(
    table: Callable[[], str],
) -> None:
    assert table() in (DOCS / "policy.md").read_text(encoding="utf-8")
