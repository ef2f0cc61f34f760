from __future__ import annotations

import os
import subprocess
import sys

import pytest

from lrc_toolbox.engines.registry import ENGINE_NAMES, engine
from lrc_toolbox.jobs.submission import SubmissionError


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_every_engine_knows_its_name(name: str) -> None:
    assert engine(name).name == name


def test_an_unknown_engine_is_refused_with_the_nearest() -> None:
    with pytest.raises(SubmissionError) as caught:
        engine("comand")
    assert caught.value.key == "engine"
    assert caught.value.remedy == 'Did you mean "command"?'


def test_an_engine_nobody_asks_for_is_not_imported() -> None:
    program = (
        "import sys\n"
        "from lrc_toolbox.engines.registry import engine\n"
        "engine('command')\n"
        "print(*(name for name in set(sys.modules) if 'preview' in name))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == ""
