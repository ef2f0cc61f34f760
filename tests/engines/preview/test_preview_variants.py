"""The variant that is chosen works here, and is tried only once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from lrc_toolbox.engines.preview.variants import (
    LIBRARY_VARIABLE,
    VARIANT_VARIABLE,
    choose_variant,
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """This process's variables, answers kept in a folder of the test's own."""
    kept = {key: value for key, value in os.environ.items() if key != VARIANT_VARIABLE}
    return {**kept, "LRC_HOME": str(tmp_path)}


def test_a_library_that_breaks_the_process_is_not_relied_on(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    library = tmp_path / "libLLVM.so"
    library.write_bytes(b"\x7fELF this is no library")
    environment[LIBRARY_VARIABLE] = str(library)
    assert choose_variant(gpu=False, environment=environment).name == "scalar_rgb"


def test_an_answer_is_kept_until_the_library_changes(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    library = tmp_path / "libLLVM.so"
    library.write_bytes(b"no library")
    environment[LIBRARY_VARIABLE] = str(library)
    assert choose_variant(gpu=False, environment=environment).name == "scalar_rgb"
    # An answer that no trial would give shows that the file was believed.
    answers = tmp_path / "preview-variants.json"
    known = json.loads(answers.read_text("utf-8"))
    answers.write_text(json.dumps(dict.fromkeys(known, True)), "utf-8")
    believed = choose_variant(gpu=False, environment=environment)
    assert (believed.name, believed.library) == ("llvm_ad_rgb", str(library))
    os.utime(library, (1, 1))
    assert choose_variant(gpu=False, environment=environment).name == "scalar_rgb"


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"a": 3}'])
def test_a_damaged_file_of_answers_is_written_anew(
    content: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    answers = tmp_path / "preview-variants.json"
    answers.write_text(content, "utf-8")
    environment[LIBRARY_VARIABLE] = str(tmp_path / "absent.so")
    assert choose_variant(gpu=False, environment=environment).name == "scalar_rgb"
    assert isinstance(json.loads(answers.read_text("utf-8")), dict)


def test_a_named_variant_is_taken_at_its_word(environment: dict[str, str]) -> None:
    environment[VARIANT_VARIABLE] = "scalar_rgb"
    assert choose_variant(gpu=True, environment=environment).name == "scalar_rgb"


def test_a_granted_gpu_that_is_not_there_falls_back(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    environment |= {
        "CUDA_VISIBLE_DEVICES": "GPU-none",
        LIBRARY_VARIABLE: str(tmp_path / "absent.so"),
    }
    assert choose_variant(gpu=True, environment=environment).name == "scalar_rgb"
