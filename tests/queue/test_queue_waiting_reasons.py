"""For whose sake renders step back, from what the services wrote."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.queue.waiting_reasons import stepping_back
from lrc_toolbox.store.in_memory import MemoryStore
from lrc_toolbox.store.interface import Changes

BACK = Event(EventKind.RENDERS_STEPPED_BACK, 1.0, text="Maya asks for it (ipr)")
ON = Event(EventKind.RENDERS_WENT_ON, 2.0)
ANEW = Event(EventKind.SERVICE_STARTED, 3.0)
OTHER = Event(EventKind.JOB_DONE, 4.0, 1, text="shot")


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ((), ""),
        ((BACK, OTHER), "Maya asks for it (ipr)"),
        ((BACK, ON, OTHER), ""),
        ((BACK, ANEW, OTHER), ""),
        ((ANEW, BACK), "Maya asks for it (ipr)"),
    ],
)
def test_who_stepped_back_is_what_this_service_said_last(
    events: tuple[Event, ...], told: str
) -> None:
    store = MemoryStore()
    store.save(Changes(events=list(events)))
    assert stepping_back(store) == told
