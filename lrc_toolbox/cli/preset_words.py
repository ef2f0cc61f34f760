"""The words of `lrc preset`: its commands, their arguments and their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lrc_toolbox.cli import options as o
from lrc_toolbox.cli.exit_codes import ExitCode

preset_app = typer.Typer(
    help="Options of render and submit, kept under a name.", no_args_is_help=True
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The preset's name.")]
_Seen = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="FOLDER",
        exists=True,
        help="As a scene in this folder sees them. This folder by default.",
    ),
]
_Into = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="FOLDER",
        exists=True,
        help="In the Maya project around this folder. Your own place by default.",
    ),
]


@preset_app.command("list")
def list_presets(project: _Seen = None, as_json: o.Json = False) -> ExitCode:
    """List presets and policies, with what they hold and where they lie."""
    from lrc_toolbox.cli import presets

    return presets.show_list(project, as_json)


@preset_app.command("show")
def show(name: _Name, project: _Seen = None, as_json: o.Json = False) -> ExitCode:
    """Print a preset; it is JSON with and without --json."""
    from lrc_toolbox.cli import presets

    return presets.show_preset(name, project)


@preset_app.command("path")
def path(project: _Seen = None, as_json: o.Json = False) -> ExitCode:
    """Print the folders that presets are looked for in, the one that wins first."""
    from lrc_toolbox.cli import presets

    return presets.show_places(project, as_json)


@preset_app.command("save")
def save(
    context: typer.Context,
    preset_name: _Name,
    layers: o.Layers = None,
    cameras: o.Cameras = None,
    frames: o.Frames = None,
    keep_ends: o.KeepEnds = None,
    order: o.Order = None,
    existing: o.Existing = None,
    output_folder: o.OutputFolder = None,
    prefix: o.Prefix = None,
    engine: o.Engine = None,
    resolution: o.Resolution = None,
    percent: o.Percent = None,
    samples: o.Samples = None,
    formats: o.Formats = None,
    priority: o.Priority = None,
    depends_on: o.After = None,
    frames_after: o.FramesAfter = None,
    layers_after: o.LayersAfter = None,
    cpu_threads: o.Threads = None,
    chunk_size: o.Chunk = None,
    retries: o.Retries = None,
    stop_after: o.StopAfter = None,
    frame_limit_s: o.FrameLimit = None,
    stall_s: o.Stall = None,
    memory_limit_mib: o.MemoryLimit = None,
    pause_when_odd: o.PauseWhenOdd = None,
    name: o.Name = None,
    note: o.Note = None,
    notify: o.Notify = None,
    project: _Into = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where there is one of this name.")
    ] = False,
    as_json: o.Json = False,
) -> ExitCode:
    """Keep the options that are typed; a relative --out stays relative."""
    from lrc_toolbox.cli import presets
    from lrc_toolbox.cli.submissions import fields_typed

    ours = {"preset_name", "project", "replace", "as_json"}
    typed = {key: value for key, value in context.params.items() if key not in ours}
    fields = fields_typed(typed)
    return presets.save(preset_name, fields, project, replace=replace, as_json=as_json)


@preset_app.command("remove")
def remove(name: _Name, project: _Into = None, as_json: o.Json = False) -> ExitCode:
    """Delete a preset."""
    from lrc_toolbox.cli import presets

    return presets.remove(name, project, as_json)
