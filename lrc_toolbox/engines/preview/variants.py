"""Which of Mitsuba's variants renders here: CUDA, LLVM, or plain C++.

`scalar_rgb` runs everywhere. LLVM is about three times as fast on the same thread, but
a libLLVM that is too old ends the whole process ("Cannot select: fminimum", LLVM 14 and
15), so each variant is tried in a process of its own before it is relied on. The answer
is kept per library until the library changes. CUDA could not be run where this was
written. Runs in the worker before Mitsuba is imported.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import platformdirs

#: Names a variant outright, for those who know better and for tests.
VARIANT_VARIABLE = "LRC_PREVIEW_VARIANT"
#: Dr.Jit's own: which libLLVM it loads.
LIBRARY_VARIABLE = "DRJIT_LIBLLVM_PATH"

_SCALAR, _LLVM, _CUDA = "scalar_rgb", "llvm_ad_rgb", "cuda_ad_rgb"
# LLVM 16 was not tried; what is older fails as said above.
_OLDEST, _NEWEST = 16, 40
_PROBE_S = 120.0
# Renders a small scene with what the engine uses, and is right about its brightness.
_PROBE = """
import sys
import mitsuba as mi
mi.set_variant(sys.argv[1])
scene = mi.load_dict({
    "type": "scene",
    "integrator": {"type": "path", "max_depth": 3},
    "sensor": {"type": "perspective", "film": {
        "type": "hdrfilm", "width": 16, "height": 9, "rfilter": {"type": "box"}}},
    "sky": {"type": "constant", "radiance": 1.0},
    "ball": {"type": "sphere", "center": [0, 0, 5], "bsdf": {
        "type": "twosided", "inside": {"type": "principled", "base_color": {
            "type": "rgb", "value": [0.5, 0.5, 0.5]}}}},
})
image = mi.render(scene, spp=4)
mean = sum(float(value) for value in image.array) / len(image.array)
sys.exit(0 if 0.3 < mean < 1.2 else 3)
"""


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant and what its process needs.

    Attributes:
        name: as `mitsuba.set_variant` takes it.
        library: the libLLVM that `DRJIT_LIBLLVM_PATH` must name; empty for none.
        reason: why it was chosen, for the log.
    """

    name: str
    library: str = ""
    reason: str = ""


def choose_variant(*, gpu: bool, environment: Mapping[str, str]) -> Variant:
    """Choose the fastest variant that works here.

    Args:
        gpu: a GPU was granted.
        environment: the process's variables.
    """
    named = environment.get(VARIANT_VARIABLE, "")
    library = next(iter(_libraries(environment)), "")
    if named:
        wanted = library if named.startswith("llvm") else ""
        return Variant(named, wanted, f"{VARIANT_VARIABLE} names it")
    answers = _Answers.read(environment)
    if gpu and answers.works(_CUDA, "", environment):
        return Variant(_CUDA, reason="a GPU was granted")
    for library in _libraries(environment):
        if answers.works(_LLVM, library, environment):
            return Variant(_LLVM, library, f"{library} works")
    return Variant(_SCALAR, reason="no libLLVM was found that works")


def _libraries(environment: Mapping[str, str]) -> Iterator[str]:
    """Give the libLLVMs to try: the named one alone, else the newest first."""
    named = environment.get(LIBRARY_VARIABLE)
    if named:
        yield named
        return
    seen: set[Path] = set()
    for path in _usual_places():
        with contextlib.suppress(OSError):
            real = path.resolve()
            if real.is_file() and real not in seen:
                seen.add(real)
                yield str(real)
    # On Linux a bare name, which the system's loader finds again.
    found = ctypes.util.find_library("LLVM")
    if found:
        yield found


def _usual_places() -> Iterator[Path]:
    if sys.platform == "win32":
        # Where LLVM's installer puts it; could not be run here.
        programs = Path(os.environ.get("PROGRAMFILES", "C:/Program Files"))
        yield programs / "LLVM" / "bin" / "LLVM-C.dll"
        return
    if sys.platform == "darwin":
        # Homebrew on ARM and on Intel; could not be run here.
        for prefix in (Path("/opt/homebrew/opt"), Path("/usr/local/opt")):
            yield prefix / "llvm" / "lib" / "libLLVM.dylib"
        return
    folders = [
        Path("/usr/lib"),
        *(Path("/usr/lib") / f"{machine}-linux-gnu" for machine in _MACHINES),
        Path("/usr/lib64"),
    ]
    for number in range(_NEWEST, _OLDEST - 1, -1):
        names = (
            f"libLLVM.so.{number}.1",
            f"libLLVM-{number}.so",
            f"libLLVM-{number}.so.1",
        )
        for folder in folders:
            yield from (folder / name for name in names)
        yield Path(f"/usr/lib/llvm-{number}/lib/libLLVM.so")
        yield Path(f"/usr/lib/llvm{number}/lib/libLLVM.so")


_MACHINES = ("x86_64", "aarch64")


@dataclass(slots=True)
class _Answers:
    """What was tried before, in a small file beside the queue's."""

    path: Path
    known: dict[str, bool]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> _Answers:
        home = environment.get("LRC_HOME") or platformdirs.user_cache_dir(
            "lrc-toolbox", appauthor=False
        )
        path = Path(home).expanduser() / "preview-variants.json"
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            fine = {str(key): value is True for key, value in known.items()}
        except (OSError, ValueError, AttributeError):
            fine = {}
        return cls(path, fine)

    def works(self, variant: str, library: str, environment: Mapping[str, str]) -> bool:
        """Say whether a variant renders here, trying it if nobody has."""
        key = _key(variant, library, environment)
        if key not in self.known:
            self.known[key] = _try(variant, library, environment)
            self._write()
        return self.known[key]

    def _write(self) -> None:
        """Keep the answers; where that fails they are found again next time."""
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(self.known, indent=1), encoding="utf-8")
            part.replace(self.path)


def _key(variant: str, library: str, environment: Mapping[str, str]) -> str:
    """Name what an answer holds for: another library or Mitsuba asks anew."""
    changed = 0
    with contextlib.suppress(OSError):
        changed = Path(library).stat().st_mtime_ns if library else 0
    gpu = environment.get("CUDA_VISIBLE_DEVICES", "") if variant == _CUDA else ""
    return " ".join((variant, version("mitsuba"), library, str(changed), gpu)).rstrip()


def _try(variant: str, library: str, environment: Mapping[str, str]) -> bool:
    """Render a small scene in a child process."""
    variables = {**environment, LIBRARY_VARIABLE: library} if library else environment
    try:
        child = subprocess.run(
            [sys.executable, "-c", _PROBE, variant],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return child.returncode == 0
