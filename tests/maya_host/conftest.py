"""A Maya session for each test, and our modules imported inside it."""

from __future__ import annotations

import os
import sys

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.maya_host.stand_in import Maya, loaded_of_ours


@pytest.fixture
def maya(monkeypatch: pytest.MonkeyPatch) -> Maya:
    session = Maya()
    for name, module in session.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    for name in loaded_of_ours():
        monkeypatch.delitem(sys.modules, name)
    return session
