"""The collector for cycles is as it was, whatever happened in between."""

from __future__ import annotations

import gc

import pytest

from lrc_toolbox.jobs.bulk import making_many


def test_the_collector_rests_and_goes_on_also_after_an_error() -> None:
    assert gc.isenabled()
    with making_many():
        assert not gc.isenabled()
    with pytest.raises(KeyError), making_many():
        raise KeyError
    assert gc.isenabled()


def test_a_collector_that_somebody_turned_off_stays_off() -> None:
    gc.disable()
    try:
        with making_many():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
