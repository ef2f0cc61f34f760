"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

# Services of the tests show nothing on the desktop of whoever runs them. On Linux; a
# job that fails is seen elsewhere.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real scenes and logs beside the checkout, or a skip."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "DESIGN.md").is_file():
        pytest.skip("needs the real scenes and logs in ../shared, which is absent here")
    return folder
