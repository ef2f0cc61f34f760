"""Worlds for the scheduler's stories."""

from __future__ import annotations

import pytest

from tests.scheduling.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def make_world() -> type[World]:
    return World
