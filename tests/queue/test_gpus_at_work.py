"""Real services beside a program that answers as `nvidia-smi` does for two GPUs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.machine.host_registration import HostRegistration

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="It is a shell script for Linux."
)

#: As driver 550 prints it; Maya is on the second GPU.
NVIDIA_SMI = """#!/bin/sh
case "$*" in
*query-gpu*)
    head="NVIDIA RTX"; tail="550.54.14, 49140, 48000, 8.6, 3, 40, 30.00, 300.00"
    echo "0, GPU-aaaa, 00000000:01:00.0, $head A6000, $tail, Disabled"
    echo "1, GPU-bbbb, 00000000:21:00.0, $head A6000, $tail, Disabled";;
*query-compute-apps*)
    echo "GPU-bbbb, MAYA, 3000, maya.bin";;
esac
"""


@pytest.fixture
def two_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is a Maya on the second one. No NVML: its driver is not here."""
    program = tmp_path / "bin" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text(NVIDIA_SMI.replace("MAYA", str(os.getpid())))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("two_gpus")
def test_a_render_gets_the_gpu_that_maya_does_not_use(queue, submit, tmp_path):
    if queue.machine().reading.gpus.source == "nvml":
        pytest.skip("A real driver is here, which answers itself.")
    Policy(host_cores=0, host_cores_percent=0).save(queue.home.policy_file)
    maya = HostRegistration(queue.home.hosts)
    maya.register()
    seen = "open(os.path.join(folder, 'seen'), 'w').write(os.environ[name])"
    job = submit(f"name = 'CUDA_VISIBLE_DEVICES'\n{seen}\nwrite()", frames="1")
    assert queue.wait(job, timeout=60).state is JobState.DONE
    maya.unregister()
    assert (tmp_path / "seen").read_text() == "GPU-aaaa"
    (attempt,) = queue.attempts(job)
    assert attempt.grant.gpu_uuid == "GPU-aaaa"
