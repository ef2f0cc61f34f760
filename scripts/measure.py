"""Runs the measurements of `benchmarks`, prints a table and, where asked, JSON.

Runs in the prepared environment; ``bench.py`` sees to that.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import psutil
from benchmarks.figures import Figure, row_beside, table
from benchmarks.importing import measure_importing
from benchmarks.killing import measure_killing
from benchmarks.large_queue import measure_large_queue
from benchmarks.layers import measure_layers
from benchmarks.log_reading import measure_log_reading
from benchmarks.machine_watching import measure_machine_watching
from benchmarks.process_gaps import measure_process_gaps
from benchmarks.scene_reading import measure_scene_reading
from benchmarks.starting import measure_starting


class Measurement(Protocol):
    """A function that measures and gives figures."""

    def __call__(self, *, quick: bool) -> list[Figure]:
        """Measures; `quick` for a first look, with fewer runs."""


MEASUREMENTS: dict[str, Measurement] = {
    "layers": measure_layers,
    "gaps": measure_process_gaps,
    "start": measure_starting,
    "large": measure_large_queue,
    "kill": measure_killing,
    "log": measure_log_reading,
    "machine": measure_machine_watching,
    "scenes": measure_scene_reading,
    "imports": measure_importing,
}


def main(arguments: Sequence[str]) -> int:
    """Measures what was asked for; 0 however the figures turn out.

    A machine that is busy with something else must not look like a broken product.
    """
    options = _options(arguments)
    # With --json - standard output is for a program; a person reads the other one.
    shown = sys.stderr if options.json == "-" else sys.stdout
    before = psutil.getloadavg()[0]
    results: dict[str, list[Figure]] = {}
    for name in options.only or MEASUREMENTS:
        print(f"== {name}", file=shown, flush=True)
        results[name] = MEASUREMENTS[name](quick=options.quick)
        for figure in results[name]:
            print(row_beside(figure), file=shown, flush=True)
    machine = _machine(before)
    figures = [figure for found in results.values() for figure in found]
    print("", *table(figures), "", _described(machine), sep="\n", file=shown)
    if options.json:
        _write_json(options.json, {"machine": machine, "figures": _by_name(results)})
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.py", description="Measures the product, each figure beside its aim."
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=list(MEASUREMENTS),
        metavar="NAME",
        help=f"just these: {', '.join(MEASUREMENTS)}",
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer runs, for a first look"
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write the figures there too; - prints them"
    )
    return parser.parse_args(arguments)


def _machine(load_before: float) -> dict[str, Any]:
    return {
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_before": round(load_before, 1),
        "load_after": round(psutil.getloadavg()[0], 1),
    }


def _described(machine: dict[str, Any]) -> str:
    return (
        "{when}, {cores} cores, {system}, Python {python}, "
        "load {load_before} before and {load_after} after".format(**machine)
    )


def _by_name(results: dict[str, list[Figure]]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [figure.to_json() for figure in found] for name, found in results.items()
    }


def _write_json(file: str, result: dict[str, Any]) -> None:
    text = json.dumps(result, indent=2)
    if file == "-":
        print(text)
    else:
        Path(file).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
