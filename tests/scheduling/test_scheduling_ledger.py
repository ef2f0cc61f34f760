"""The ledger: what it gives fits what may be granted, whatever came before."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lrc_toolbox.jobs.capacity import Capacity, GpuShare, Lack, Resource
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.scheduling.ledger import Ledger
from lrc_toolbox.scheduling.needs import Needs

GIB = 1024
UUIDS = ("GPU-0", "GPU-1")


def mostly(usual: object, *others: object) -> st.SearchStrategy:
    """Draw what lets most processes start, and now and then something else."""
    return st.sampled_from((*[usual] * 5, *others))


def now_and_then(unusual: st.SearchStrategy, usual: object) -> st.SearchStrategy:
    return st.integers(0, 5).flatmap(lambda n: st.just(usual) if n else unusual)


CPUS = (*map(tuple, (range(8), range(8), range(2, 8), range(4), range(4, 8))), (3,), ())
MIB = st.integers(1, 16 * GIB)
NEEDS = st.builds(
    Needs,
    threads=st.none() | st.integers(1, 6),
    memory_mib=st.none() | MIB,
    gpu=mostly(GpuNeed.REQUIRED, GpuNeed.NONE, GpuNeed.EITHER),
    gpu_uuid=mostly(None, UUIDS[0]),
    vram_mib=st.none() | MIB,
    more_vram_than_mib=now_and_then(MIB, 0),
)


@st.composite
def capacities(draw: st.DrawFn) -> Capacity:
    """Anything that a reading may come to: CPUs and GPUs that come and go."""
    shares = []
    for index in draw(mostly((0, 1), (0,), (1,), ())):
        total = draw(st.sampled_from([8, 24, 48])) * GIB
        granted = draw(now_and_then(st.integers(0, total), total))
        shares.append(
            GpuShare(
                UUIDS[index],
                index,
                "RTX",
                total,
                granted,
                shared=draw(st.booleans()),
                leave=draw(mostly(False, True)),
                best_mib=draw(st.integers(granted, total)),
            )
        )
    return Capacity(
        attempts=draw(st.integers(1, 6)),
        cpu_ids=draw(st.sampled_from(CPUS)),
        memory_mib=draw(st.sampled_from([0, 2, 6, 32])) * GIB,
        gpus=tuple(shares),
        gpus_unread=draw(mostly("", "The driver hangs.")),
        closed=draw(mostly("", "It is day.")),
        memory_why=draw(st.sampled_from(["", "6 GiB are kept free for Maya."])),
    )


def share(index: int = 0, total: int = 24 * GIB, **more: object) -> GpuShare:
    fields = {"vram_mib": total, **more}
    return GpuShare(f"GPU-{index}", index, "RTX", total, **fields)  # type: ignore[arg-type]


class Histories(RuleBasedStateMachine):
    """Grants are given, changed and taken back while the capacity changes."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.ledger.resize(Capacity(4, tuple(range(8)), 32 * GIB, (share(0), share(1))))
        self.numbers = itertools.count(1)

    # -- what is out ---------------------------------------------------------------
    def _sums(self) -> Counter[str]:
        sums: Counter[str] = Counter()
        for grant in self.ledger.held.values():
            sums["memory"] += grant.memory_mib
            if grant.gpu_uuid is not None:
                sums[grant.gpu_uuid] += grant.vram_mib
        return sums

    def _limits(self) -> Counter[str]:
        capacity = self.ledger.capacity
        limits = Counter({share.uuid: share.vram_mib for share in capacity.gpus})
        limits["memory"] = capacity.memory_mib
        return limits

    def _grew_within_limits(self, before: Counter[str]) -> None:
        """Nothing holds more than before, but for what there is."""
        limits = self._limits()
        for what, held in self._sums().items():
            assert held <= max(before[what], limits[what]), what

    def _holder(self, number: int) -> int:
        return list(self.ledger.held)[number % len(self.ledger.held)]

    # -- what happens --------------------------------------------------------------
    @rule(capacity=capacities())
    def resize(self, capacity: Capacity) -> None:
        before, sums = dict(self.ledger.held), self._sums()
        changed = self.ledger.resize(capacity)
        after = dict(self.ledger.held)
        assert list(after) == list(before)
        assert changed == {n: g for n, g in after.items() if g != before[n]}
        allowed = set(capacity.cpu_ids)
        for holder, grant in changed.items():
            given = set(grant.cpu_ids) - set(before[holder].cpu_ids)
            assert given <= allowed, "a CPU that is kept back was given"
        for holder, grant in after.items():
            assert grant.memory_mib <= before[holder].memory_mib
        self._grew_within_limits(sums)
        self._nobody_lacks_a_cpu_who_could_have_one(allowed)

    def _nobody_lacks_a_cpu_who_could_have_one(self, allowed: set[int]) -> None:
        usable = [allowed & set(g.cpu_ids) for g in self.ledger.held.values()]
        lacking = [cpus for cpus in usable if not cpus]
        if lacking:
            assert all(len(cpus) <= 1 for cpus in usable)
            assert len(lacking) == max(0, len(usable) - len(allowed))
        for holder, cpus in zip(self.ledger.held, usable, strict=True):
            if not cpus:
                assert self.ledger.overdrawn(holder)

    @rule(
        several=st.lists(NEEDS, min_size=1, max_size=4),
        kept=mostly(0, 1, 2),
        spared=mostly((), *itertools.combinations(UUIDS, 1)),
    )
    def start(self, several: list[Needs], kept: int, spared: tuple[str, ...]) -> None:
        for needs in several:
            self._start(needs, kept, spared)

    def _start(self, needs: Needs, kept: int, spared: tuple[str, ...]) -> None:
        capacity, sums = self.ledger.capacity, self._sums()
        found = self.ledger.fit(needs, dict.fromkeys(spared, "Not now."), kept)
        if isinstance(found, Lack):
            assert found.why.endswith(".")
            return
        assert not capacity.closed
        taken = {cpu for g in self.ledger.held.values() for cpu in g.cpu_ids}
        assert found.cpu_ids
        assert set(found.cpu_ids) <= set(capacity.cpu_ids) - taken
        assert needs.threads is None or len(found.cpu_ids) <= needs.threads
        assert len(self.ledger.held) < capacity.attempts
        assert sums["memory"] + found.memory_mib <= capacity.memory_mib or (
            found.memory_mib == 0
        )
        self._gpu_fits(found, needs, spared, sums)
        self.ledger.take(next(self.numbers), found, needs)

    def _gpu_fits(
        self, found: Grant, needs: Needs, spared: tuple[str, ...], sums: Counter[str]
    ) -> None:
        if found.gpu_uuid is None:
            assert found.vram_mib == 0
            return
        assert needs.gpu is not GpuNeed.NONE
        assert found.gpu_uuid not in spared
        assert needs.gpu_uuid in (None, found.gpu_uuid)
        assert found.vram_mib > needs.more_vram_than_mib
        share = self.ledger.capacity.gpu(found.gpu_uuid)
        assert share is not None
        assert not share.leave
        assert sums[found.gpu_uuid] + found.vram_mib <= share.vram_mib

    @rule(number=st.integers(0, 99), needs=NEEDS)
    def go_on(self, number: int, needs: Needs) -> None:
        if not self.ledger.held:
            return
        holder, sums = self._holder(number), self._sums()
        before = self.ledger.held[holder]
        went_on = self.ledger.go_on(holder, needs)
        after = self.ledger.held[holder]
        assert after.cpu_ids == before.cpu_ids
        assert after.gpu_uuid == before.gpu_uuid
        if not went_on:
            assert after == before
        self._grew_within_limits(sums)

    @rule(number=st.integers(0, 99), vram=st.none() | MIB, memory=MIB)
    def adjust(self, number: int, vram: int | None, memory: int) -> None:
        if not self.ledger.held:
            return
        holder, sums = self._holder(number), self._sums()
        before = self.ledger.held[holder]
        after = self.ledger.adjust(holder, vram_mib=vram, memory_mib=memory)
        assert after == self.ledger.held[holder]
        assert after.cpu_ids == before.cpu_ids
        assert after.memory_mib <= max(memory, 0)
        self._grew_within_limits(sums)

    @rule(number=st.integers(0, 99))
    def release(self, number: int) -> None:
        if self.ledger.held:
            holder = self._holder(number)
            self.ledger.release(holder)
            assert holder not in self.ledger.held
            self.ledger.release(holder)

    @invariant()
    def no_cpu_is_held_twice(self) -> None:
        held = [cpu for grant in self.ledger.held.values() for cpu in grant.cpu_ids]
        assert len(held) == len(set(held))

    @invariant()
    def nothing_is_held_below_zero(self) -> None:
        for grant in self.ledger.held.values():
            assert grant.cpu_ids
            assert grant.memory_mib >= 0
            assert grant.vram_mib >= 0

    def teardown(self) -> None:
        """With everything back, what fits an empty computer starts."""
        for holder in list(self.ledger.held):
            self.ledger.release(holder)
        self.ledger.resize(Capacity(1, (0,), memory_mib=64 * GIB))
        assert isinstance(self.ledger.fit(Needs()), Grant)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=50, stateful_step_count=25, deadline=None
)


# -- CPUs ------------------------------------------------------------------------
def ledger(cpus: int = 8, attempts: int = 4, **more: object) -> Ledger:
    made = Ledger()
    fields = {"memory_mib": 64 * GIB, **more}
    made.resize(Capacity(attempts, tuple(range(cpus)), **fields))  # type: ignore[arg-type]
    return made


def start(made: Ledger, holder: int, needs: Needs = Needs(), **more: int) -> Grant:  # noqa: B008
    found = made.fit(needs, **more)  # type: ignore[arg-type]
    assert isinstance(found, Grant), found
    made.take(holder, found, needs)
    return found


def lacks(made: Ledger, needs: Needs, **more: object) -> Lack:
    found = made.fit(needs, **more)  # type: ignore[arg-type]
    assert isinstance(found, Lack), found
    return found


def test_cpus_that_do_not_divide_evenly_go_to_the_last_places() -> None:
    made = ledger(cpus=10, attempts=4)
    counts = [len(start(made, holder).cpu_ids) for holder in range(4)]
    assert counts == [2, 2, 3, 3]


def test_a_render_does_not_start_on_the_crumbs_that_a_large_one_left() -> None:
    made = ledger(cpus=16, attempts=4)
    start(made, 1, Needs(threads=14))
    lack = lacks(made, Needs())
    assert lack.resource is Resource.CPUS
    assert lack.why == (
        "It needs 4 CPUs and 2 may be used now: it starts when renders end."
    )


def test_who_asks_for_many_threads_is_told_what_to_ask_for_instead() -> None:
    made = ledger(cpus=4)
    start(made, 1, Needs(threads=4))
    made.resize(Capacity(4, tuple(range(5)), memory_mib=64 * GIB))
    lack = lacks(made, Needs(threads=2))
    assert lack.why == (
        "It needs 2 CPUs and 1 may be used now: it starts when renders end; "
        "fewer `cpu_threads` let it start sooner."
    )


@pytest.mark.parametrize(
    ("cpus", "attempts", "said"),
    [
        (8, 1, "more `attempts` in the policy make more places."),
        (1, 4, "and there are no more places than CPUs for renders. 7 are kept."),
        (1, 1, "and there are no more places than CPUs for renders. 7 are kept."),
    ],
)
def test_who_finds_no_place_is_told_what_limits_them(
    cpus: int, attempts: int, said: str
) -> None:
    made = ledger(cpus, attempts, cpu_why="7 are kept.")
    start(made, 1)
    assert lacks(made, Needs()).why == (
        "The only place is taken by renders: it starts when one ends; a higher "
        f"priority brings it forward, {said}"
    )


def test_cpus_that_come_back_go_to_those_they_were_taken_from() -> None:
    made = ledger(cpus=8, attempts=2)
    start(made, 1)
    start(made, 2)
    made.resize(Capacity(2, (4, 5, 6, 7), memory_mib=64 * GIB))
    assert [len(grant.cpu_ids) for grant in made.held.values()] == [2, 2]
    changed = made.resize(Capacity(2, tuple(range(8)), memory_mib=64 * GIB))
    assert [len(grant.cpu_ids) for grant in changed.values()] == [4, 4]


def test_who_has_most_shares_with_who_would_have_none() -> None:
    made = ledger(cpus=8, attempts=4)
    for holder in range(4):
        start(made, holder)
    made.resize(Capacity(4, (4, 5, 6, 7), memory_mib=64 * GIB))
    held = sorted(grant.cpu_ids for grant in made.held.values())
    assert held == [(4,), (5,), (6,), (7,)]


def test_nobody_gets_more_cpus_than_it_has_threads() -> None:
    made = ledger(cpus=4, attempts=2)
    first = start(made, 1)
    made.resize(Capacity(2, tuple(range(16)), memory_mib=64 * GIB))
    assert made.held[1] == first


def test_a_process_without_a_cpu_that_may_be_used_must_leave() -> None:
    made = ledger(cpus=4)
    for holder in range(4):
        start(made, holder)
    made.resize(Capacity(4, (2, 3), memory_mib=64 * GIB, cpu_why="Maya has them."))
    reasons = [made.overdrawn(holder) for holder in range(4)]
    assert sorted(reasons) == ["", "", "Maya has them.", "Maya has them."]
    assert lacks(made, Needs()).resource is Resource.ATTEMPTS


# -- places ----------------------------------------------------------------------
def test_a_place_is_kept_unless_the_computer_would_do_nothing_at_all() -> None:
    made = ledger(cpus=4, attempts=2)
    start(made, 1, places_kept=2)
    lack = lacks(made, Needs(), places_kept=1)
    assert lack.resource is Resource.ATTEMPTS
    assert "kept for a job that comes first" in lack.why


def test_a_job_for_all_cpus_starts_though_a_place_is_kept() -> None:
    made = ledger(cpus=16)
    assert len(start(made, 1, Needs(threads=16), places_kept=1).cpu_ids) == 16


# -- memory ----------------------------------------------------------------------
KEPT = "6553 MiB of memory are kept free for Maya."


def test_the_only_render_may_try_with_less_memory_than_it_needs() -> None:
    made = ledger(memory_mib=10 * GIB)
    assert start(made, 1, Needs(memory_mib=60 * GIB)).memory_mib == 10 * GIB


def test_memory_that_is_kept_for_maya_is_not_tried_with() -> None:
    made = ledger(memory_mib=10 * GIB, memory_why=KEPT)
    lack = lacks(made, Needs(memory_mib=60 * GIB))
    assert lack.resource is Resource.MEMORY
    assert lack.why == (
        "It needs 51200 MiB of memory and 10240 MiB may be used now: it starts when "
        f"Maya is closed or the artist is away. {KEPT}"
    )
    assert lacks(ledger(memory_mib=1023, memory_why=KEPT), Needs()).resource is (
        Resource.MEMORY
    )
    assert start(ledger(memory_mib=1024, memory_why=KEPT), 1)


def test_what_fitted_once_needs_no_room_where_it_is_alone() -> None:
    # Seen to use 10,000 MiB: a fifth more is wanted, and not there.
    made = ledger(memory_mib=10_000, memory_why=KEPT)
    assert start(made, 1, Needs(memory_mib=12_000)).memory_mib == 10_000


def test_nothing_unknown_starts_beside_others_without_memory() -> None:
    made = ledger(memory_mib=8 * GIB)
    start(made, 1, Needs(memory_mib=8 * GIB - 1000))
    assert lacks(made, Needs()).resource is Resource.MEMORY


def test_more_places_count_at_once_though_memory_was_guessed() -> None:
    made = ledger(attempts=1)
    assert start(made, 1).memory_mib == 64 * GIB
    changed = made.resize(Capacity(4, tuple(range(16)), memory_mib=64 * GIB))
    assert changed[1].memory_mib == 16 * GIB
    assert start(made, 2).memory_mib == 16 * GIB


# -- GPUs ------------------------------------------------------------------------
NEEDS_GPU = Needs(gpu=GpuNeed.REQUIRED)


def known(vram_mib: int, **more: object) -> Needs:
    return Needs(gpu=GpuNeed.REQUIRED, vram_mib=vram_mib, **more)  # type: ignore[arg-type]


def test_what_uses_nearly_all_vram_still_starts_on_an_empty_gpu() -> None:
    # Redshift takes 90 % of what it finds; a fifth more than that is not there.
    made = ledger(gpus=(share(),))
    assert start(made, 1, known(26_000)).vram_mib == 24 * GIB
    assert lacks(made, known(26_000)).why == (
        "Renders use GPU 0: it starts when they leave enough VRAM; a higher "
        "priority brings it forward."
    )


def test_what_the_smaller_gpu_cannot_hold_waits_for_the_larger() -> None:
    made = ledger(gpus=(share(0, 8 * GIB), share(1)))
    assert start(made, 1, known(20_000)).gpu_uuid == "GPU-1"
    assert "GPU 1" in lacks(made, known(20_000)).why


def test_what_fits_only_without_maya_waits_for_that() -> None:
    why = "GPU 0 is shared with Maya: 6144 MiB of VRAM are kept free."
    shared = share(vram_mib=9000, shared=True, why=why, best_mib=24_000)
    lack = lacks(ledger(gpus=(shared,)), known(12_000))
    assert lack.resource is Resource.GPU
    assert lack.why == (
        f"It needs 12000 MiB of VRAM. {why} It starts when Maya is closed or the "
        'artist is away; submit with the GPU "none" to render it on the CPU.'
    )
    either = Needs(gpu=GpuNeed.EITHER, vram_mib=12_000)
    assert start(ledger(gpus=(shared,)), 1, either).gpu_uuid is None


def test_what_ran_out_of_vram_on_the_best_gpu_is_told_so_once_and_for_all() -> None:
    made = ledger(gpus=(share(0, 8 * GIB), share(1)))
    lack = lacks(made, Needs(gpu=GpuNeed.REQUIRED, more_vram_than_mib=24 * GIB))
    assert lack.resource is Resource.NEVER
    assert "the largest GPU here has 24576 MiB" in lack.why


def test_a_pinned_gpu_that_is_too_small_is_the_one_that_is_told_of() -> None:
    made = ledger(gpus=(share(0, 8 * GIB), share(1)))
    needs = Needs(gpu=GpuNeed.REQUIRED, gpu_uuid="GPU-0", more_vram_than_mib=8 * GIB)
    assert "the GPU that it asks for has 8192 MiB" in lacks(made, needs).why


def test_nothing_is_given_up_while_a_gpu_is_missing() -> None:
    missing = "GPU 1 fell off the bus. Restart the computer."
    made = ledger(gpus=(share(0, 8 * GIB),), gpus_missing=missing)
    lack = lacks(made, Needs(gpu=GpuNeed.REQUIRED, more_vram_than_mib=8 * GIB))
    assert lack.resource is Resource.GPU
    assert lack.why.startswith(missing)
    # Nobody knows whether this one needs a GPU at all.
    assert start(ledger(gpus_missing=missing), 1, NEEDS_GPU).gpu_uuid is None


@pytest.mark.parametrize(("vram", "starts"), [(1023, False), (1024, True)])
def test_nothing_unknown_is_tried_with_hardly_any_vram(vram: int, starts: bool) -> None:
    made = ledger(gpus=(share(vram_mib=vram),))
    assert isinstance(made.fit(NEEDS_GPU), Grant) is starts
    assert isinstance(made.fit(known(500)), Grant)


def test_what_is_unknown_stays_alone_when_maya_leaves_its_gpu() -> None:
    made = ledger(gpus=(share(vram_mib=10_000, shared=True),))
    start(made, 1, NEEDS_GPU)
    changed = made.resize(
        Capacity(4, tuple(range(8)), memory_mib=64 * GIB, gpus=(share(),))
    )
    assert changed[1].vram_mib == 24 * GIB
    assert lacks(made, known(3000)).resource is Resource.GPU


def test_a_process_goes_on_with_an_unknown_layer_on_a_gpu_it_has_to_itself() -> None:
    made = ledger(gpus=(share(),))
    start(made, 1, NEEDS_GPU)
    made.adjust(1, vram_mib=5000, memory_mib=1000)
    assert made.go_on(1, NEEDS_GPU)
    assert made.held[1].vram_mib == 24 * GIB


def test_a_process_does_not_go_on_with_an_unknown_layer_beside_another() -> None:
    made = ledger(gpus=(share(),))
    start(made, 1, known(5000))
    start(made, 2, known(5000))
    assert not made.go_on(1, NEEDS_GPU)
    assert made.go_on(1, known(6000))
    assert made.held[1].vram_mib == 6000
    assert not made.go_on(1, known(20_000))


def test_without_any_gpu_a_process_goes_on_on_the_cpu() -> None:
    made = ledger()
    start(made, 1, NEEDS_GPU)
    assert made.go_on(1, NEEDS_GPU)


def test_a_process_does_not_go_on_with_a_layer_that_needs_more_memory() -> None:
    made = ledger(memory_mib=10_000)
    start(made, 1, Needs(memory_mib=3000))
    start(made, 2, Needs(memory_mib=3000))
    assert not made.go_on(1, Needs(memory_mib=8000))
    assert made.go_on(1, Needs(memory_mib=7000))


def test_a_driver_that_hangs_sends_no_render_away() -> None:
    made = ledger(gpus=(share(),))
    start(made, 1, NEEDS_GPU)
    made.resize(Capacity(4, tuple(range(8)), gpus_unread="The driver hangs."))
    assert not made.overdrawn(1)
    made.resize(Capacity(4, tuple(range(8))))
    assert made.overdrawn(1) == "The GPU GPU-0 is gone."


def test_renders_leave_when_a_window_closes() -> None:
    made = ledger()
    start(made, 1)
    made.resize(Capacity(4, tuple(range(8)), closed="It is day."))
    assert made.overdrawn(1) == "It is day."
