"""The sums of the grants are what counting them gives, whatever came before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.scheduling.tally import Tally

CPUS = st.lists(st.integers(0, 7), unique=True).map(tuple)
GRANTS = st.builds(
    Grant, CPUS, st.integers(0, 9), st.sampled_from([None, "A", "B"]), st.integers(0, 9)
)
STEPS = st.one_of(
    st.tuples(st.just("hold"), st.integers(1, 4), GRANTS),
    st.tuples(st.just("strike"), st.integers(1, 4), st.none()),
    st.tuples(st.just("allow"), st.just(0), CPUS),
)


@given(st.lists(STEPS))
def test_the_sums_are_those_of_the_grants_that_are_out(
    steps: list[tuple[str, int, Grant | tuple[int, ...] | None]],
) -> None:
    tally = Tally()
    for _, holder, what in steps:
        if isinstance(what, Grant):
            tally[holder] = what
        elif what is None:
            tally.pop(holder, None)
        else:
            tally.allow(what)
        grants = list(tally.values())
        taken = {cpu for grant in grants for cpu in grant.cpu_ids}
        on_gpus = [grant for grant in grants if grant.gpu_uuid]
        assert tally.memory_mib == sum(grant.memory_mib for grant in grants)
        assert tally.free_cpus == sorted(tally.allowed - taken)
        assert tally.vram_mib == {
            uuid: sum(one.vram_mib for one in on_gpus if one.gpu_uuid == uuid)
            for uuid in {grant.gpu_uuid for grant in on_gpus}
        }
        assert {gpu: n for gpu, n in tally.renders.items() if n} == {
            uuid: sum(one.gpu_uuid == uuid for one in on_gpus)
            for uuid in tally.vram_mib
        }
