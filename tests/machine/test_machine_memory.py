from __future__ import annotations

from pathlib import Path

from lrc_toolbox.jobs.devices import MemoryReading
from lrc_toolbox.machine.memory import bounded, read_memory

MIB = 1 << 20
COMPUTER = MemoryReading(total_mib=16000, available_mib=9000)


def test_this_computer_has_memory() -> None:
    memory = read_memory()
    assert 0 < memory.available_mib <= memory.total_mib
    assert 0 <= memory.swap_used_mib <= memory.swap_total_mib


def test_without_a_limit_the_computer_s_memory_stays(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("max\n")
    assert bounded(COMPUTER, [tmp_path, tmp_path / "gone"]) == COMPUTER


def test_a_limit_of_version_2_counts_without_its_idle_caches(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(f"{4000 * MIB}\n")
    (tmp_path / "memory.current").write_text(f"{3000 * MIB}\n")
    (tmp_path / "memory.stat").write_text(f"anon 5\ninactive_file {500 * MIB}\n")
    assert bounded(COMPUTER, [tmp_path]) == MemoryReading(4000, 1500)


def test_a_limit_of_version_1_counts_with_the_groups_below(tmp_path: Path) -> None:
    (tmp_path / "memory.limit_in_bytes").write_text(f"{4000 * MIB}\n")
    (tmp_path / "memory.usage_in_bytes").write_text(f"{3000 * MIB}\n")
    stat = f"inactive_file 0\ntotal_inactive_file {1000 * MIB}\n"
    (tmp_path / "memory.stat").write_text(stat)
    assert bounded(COMPUTER, [tmp_path]) == MemoryReading(4000, 2000)


def test_a_group_over_its_limit_has_nothing_left(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(f"{1000 * MIB}\n")
    (tmp_path / "memory.current").write_text(f"{1001 * MIB}\n")
    assert bounded(COMPUTER, [tmp_path]) == MemoryReading(1000, 0)


def test_a_limit_above_the_computer_s_memory_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    assert bounded(COMPUTER, [tmp_path]) == COMPUTER


def test_swap_stays_the_computer_s(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(f"{1000 * MIB}\n")
    computer = MemoryReading(16000, 9000, swap_total_mib=8000, swap_used_mib=20)
    assert bounded(computer, [tmp_path]) == MemoryReading(1000, 1000, 8000, 20)
