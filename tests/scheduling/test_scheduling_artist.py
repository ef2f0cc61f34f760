"""The artist: there or away, and when renders step back for whose load."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lrc_toolbox.jobs.devices import GpuProcess, GpuUse, Presence
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.scheduling.artist import CPU, Artist
from tests.scheduling.workstation import GIB, Workstation, uuid


def desk(*gpus: int) -> tuple[Workstation, int]:
    station = Workstation(cpus=16, gpus=gpus or (24 * GIB,))
    return station, station.open_maya(0)


def follow(
    artist: Artist, station: Workstation, *times: float, policy: Policy | None = None
) -> None:
    for now in times:
        artist.follow(station.reading(now), policy or Policy())


# -- away ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("idle_s", "locked", "away"),
    [
        (None, None, False),  # nobody knows, so somebody is there
        (899.9, None, False),
        (900.0, None, True),
        (900.0, False, True),
        (0.0, True, True),
        (None, True, True),
    ],
)
def test_who_is_away_is_known_by_the_lock_and_the_keys(
    idle_s: float | None, locked: bool | None, away: bool
) -> None:
    station, _ = desk()
    station.presence = Presence(idle_s, locked)
    artist = Artist()
    follow(artist, station, 1.0)
    assert artist.away is away


def test_with_no_time_set_only_the_lock_says_that_the_artist_is_away() -> None:
    station, _ = desk()
    never = Policy(away_after_s=0)
    artist = Artist()
    station.presence = Presence(1e6, False)
    follow(artist, station, 1.0, policy=never)
    assert not artist.away
    station.presence = Presence(0.0, True)
    follow(artist, station, 2.0, policy=never)
    assert artist.away


# -- loads -----------------------------------------------------------------------
def test_a_load_counts_after_some_seconds_and_is_over_after_more() -> None:
    station, maya = desk()
    artist = Artist()
    station.load(maya, gpu=0.9)
    follow(artist, station, 10.0, 13.9)
    assert not artist.asks_for(uuid(0))
    follow(artist, station, 14.0)
    assert artist.asks_for(uuid(0)) == "Maya is working hard on GPU 0"
    assert not artist.asks_for(CPU)
    station.load(maya)
    follow(artist, station, 15.0, 34.9)
    assert artist.asks_for(uuid(0))
    follow(artist, station, 35.0)
    assert not artist.asks_for(uuid(0))


def test_a_load_that_is_gone_for_a_moment_begins_anew() -> None:
    station, maya = desk()
    artist = Artist()
    for now in (10.0, 16.0):
        station.load(maya, gpu=0.9)
        follow(artist, station, now, now + 3.0)
        station.load(maya)
        follow(artist, station, now + 3.5)
    assert not artist.asks_for(uuid(0))


@pytest.mark.parametrize(
    ("load", "threshold", "high"),
    [(0.4, 40, False), (0.41, 40, True), (0.0, 0, False), (1.0, 100, False)],
)
def test_only_more_than_the_threshold_is_much(
    load: float, threshold: float, high: bool
) -> None:
    station, maya = desk()
    policy = Policy(yield_gpu_percent=threshold, yield_cpu_percent=threshold)
    station.load(maya, gpu=load, cpus=16 * load)
    artist = Artist()
    follow(artist, station, 10.0, 14.0, policy=policy)
    assert bool(artist.asks_for(uuid(0))) is high
    assert bool(artist.asks_for(CPU)) is high


def test_what_several_mayas_take_is_added_up() -> None:
    station, first = desk()
    second = station.open_maya(0)
    artist = Artist()
    for maya in (first, second):
        station.load(maya, cpus=5.0, gpu=0.3)
    follow(artist, station, 10.0, 14.0)
    assert artist.asks_for(CPU)
    assert artist.asks_for(uuid(0))


def test_the_load_counts_of_the_cpus_that_may_be_used() -> None:
    station, maya = desk()
    station.load(maya, cpus=3.0)
    artist = Artist()
    for now in (10.0, 14.0):
        reading = station.reading(now)
        few = replace(reading.cpu, ids=(0, 1, 2, 3), logical=128)
        artist.follow(replace(reading, cpu=few), Policy())
    assert artist.asks_for(CPU)


def test_what_maya_asks_for_counts_at_once() -> None:
    station, maya = desk()
    station.ask_for_quiet(maya, "playblast")
    artist = Artist()
    follow(artist, station, 10.0)
    assert "playblast" in artist.asks_for(uuid(0))
    assert "playblast" in artist.asks_for(CPU)


def busy(station: Workstation, artist: Artist, *times: float) -> None:
    """Windows' WDDM: the GPU is busy, and nobody is told who does it."""
    for now in times:
        reading = station.reading(now)
        (gpu,) = reading.gpus.gpus
        told = tuple(replace(one, load=None, vram_mib=None) for one in gpu.processes)
        gpus = replace(reading.gpus, gpus=(replace(gpu, busy=0.9, processes=told),))
        artist.follow(replace(reading, gpus=gpus), Policy())


def test_a_busy_gpu_is_the_artists_doing_only_while_none_of_ours_is_on_it() -> None:
    station, _ = desk()
    artist = Artist()
    busy(station, artist, 10.0, 14.0)
    assert artist.asks_for(uuid(0))
    station.use(0, GpuProcess(7, GpuUse.BOTH, attempt=1))
    busy(station, artist, 15.0, 35.0)
    assert not artist.asks_for(uuid(0))


def test_a_gpu_without_maya_is_nobodys_desk() -> None:
    station = Workstation(cpus=16, gpus=(24 * GIB,))
    artist = Artist()
    busy(station, artist, 10.0, 20.0)
    assert not artist.asks_for(uuid(0))
    assert not artist.asks_for("GPU-9")


def test_a_gpu_that_is_lost_is_calm() -> None:
    station, maya = desk()
    station.load(maya, gpu=0.9)
    artist = Artist()
    follow(artist, station, 10.0, 14.0)
    station.lost.add(0)
    follow(artist, station, 15.0, 35.0)
    assert not artist.asks_for(uuid(0))


def test_a_clock_that_is_set_back_does_not_keep_renders_waiting() -> None:
    station, maya = desk()
    station.load(maya, gpu=0.9)
    artist = Artist()
    follow(artist, station, 10_000.0, 10_004.0)
    station.load(maya)
    follow(artist, station, 10_005.0)
    artist.shift(-5000.0)
    follow(artist, station, 5025.0)
    assert not artist.asks_for(uuid(0))
