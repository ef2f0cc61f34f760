"""The words of `lrc`: its commands, their arguments and their help.

What a command does stands in the module it calls, imported when the command runs, so
that `lrc --version` and a mistyped option answer without loading rich and the queue.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from lrc_toolbox.cli import about
from lrc_toolbox.cli import options as o
from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.notify_words import notify_app
from lrc_toolbox.cli.preset_words import preset_app

app = typer.Typer(
    help="Render Maya scenes layer by layer, with or without Maya.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
service_app = typer.Typer(help="The process that renders in the background.")
policy_app = typer.Typer(help="What is kept back for the artist.")

_PolicyName = Annotated[str, typer.Argument(metavar="NAME", help="Its name.")]
_RENDER, _LOOK, _STEER = "Render", "Look", "Steer"


@app.callback(invoke_without_command=True)
def before_command(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home",
            metavar="FOLDER",
            help="Where the queue and its logs lie; goes before LRC_HOME.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.")
    ] = False,
    as_json: o.Json = False,
) -> ExitCode:
    """Act on what was typed before the command's name."""
    if home is not None:
        # For this process, the service it may start and the error log alike.
        os.environ["LRC_HOME"] = str(home.expanduser().absolute())
    if version:
        about.print_version(as_json)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
    return ExitCode.DONE


@app.command(
    "submit",
    help="Queue scenes and return at once.",
    rich_help_panel=_RENDER,
)
@app.command(
    "render",
    help="Render scenes and follow them. Ctrl-C asks whether to detach or cancel.",
    rich_help_panel=_RENDER,
)
def start(
    context: typer.Context,
    scenes: o.Scenes,
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
    preset: o.Preset = None,
    dry_run: o.DryRun = False,
    as_json: o.Json = False,
) -> ExitCode:
    """Make submissions of scenes and job files, and queue them."""
    from lrc_toolbox.cli import rendering
    from lrc_toolbox.cli.submissions import from_typed

    # The other parameters are named as the fields of Submission.
    ours = {"scenes", "preset", "dry_run", "as_json"}
    typed = {key: value for key, value in context.params.items() if key not in ours}
    submissions = from_typed(scenes, typed, preset or [])
    if dry_run:
        return rendering.show_plans(submissions, as_json)
    if context.info_name == "submit":
        return rendering.submit(submissions, as_json)
    return rendering.render(submissions, as_json)


@app.command("inspect", rich_help_panel=_LOOK)
def inspect(
    scene: Annotated[
        str, typer.Argument(metavar="SCENE", help="A Maya scene, or a folder of them.")
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Show long lists whole.")
    ] = False,
    outputs: Annotated[
        bool, typer.Option("--outputs", help="Only the pictures it would leave behind.")
    ] = False,
    project: o.Project = None,
    as_json: o.Json = False,
) -> ExitCode:
    """Tell what a scene offers to render, without Maya; of a folder, a line a scene."""
    from lrc_toolbox.cli import inspecting

    folder = None if project is None else str(project)
    if Path(scene).is_dir():
        return inspecting.show_folder(scene, project=folder, as_json=as_json)
    return inspecting.show_scene(
        scene,
        project=folder,
        everything=everything,
        outputs=outputs,
        as_json=as_json,
    )


@app.command("preflight", rich_help_panel=_LOOK)
def preflight(
    scenes: Annotated[list[str], typer.Argument(metavar="SCENE", help="Maya scenes.")],
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings count as errors.")
    ] = False,
    maya: Annotated[
        int | None,
        typer.Option(
            "--maya", metavar="YEAR", min=8, help="The Maya that will render."
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", metavar="FOLDER", help="Where pictures will go."),
    ] = None,
    project: o.Project = None,
    as_json: o.Json = False,
) -> ExitCode:
    """Tell what would spoil a render; exit code 5 where something would."""
    from lrc_toolbox.cli import preflighting

    folder = None if project is None else str(project)
    year = "" if maya is None else str(maya)
    seen = preflighting.look(scenes, year, output, folder)
    return preflighting.show_findings(seen, strict, as_json)


@app.command("diff", rich_help_panel=_LOOK)
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A Maya scene.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    as_json: o.Json = False,
) -> ExitCode:
    """Tell what changed from one scene to another; exit code 6 where anything did."""
    from lrc_toolbox.cli import comparing

    return comparing.show_differences(before, after, as_json)


@app.command("queue", rich_help_panel=_LOOK)
def queue(
    job: o.OneJob = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also jobs that ended long ago.")
    ] = False,
    states: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="NAMES", help="Only jobs in these states."),
    ] = None,
    as_json: o.Json = False,
) -> ExitCode:
    """List the jobs, or show all about one."""
    from lrc_toolbox.cli import listing

    if job is not None:
        return listing.show_job(job, as_json)
    return listing.show_queue(everything, states or [], as_json)


@app.command("watch", rich_help_panel=_LOOK)
def watch(job: o.OneJob = None, as_json: o.Json = False) -> ExitCode:
    """Follow a job to its end, or the whole queue until Ctrl-C."""
    from lrc_toolbox.cli import watching

    if job is None:
        return watching.watch_queue(as_json)
    return watching.watch_job(job, as_json)


@app.command("log", rich_help_panel=_LOOK)
def log(
    job: Annotated[
        str, typer.Argument(metavar="JOB[.TASK]", help="A job, or one of its tasks.")
    ],
    attempt: Annotated[
        int | None,
        typer.Option("--attempt", metavar="N", help="As `lrc queue JOB` lists them."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on as the log grows.")
    ] = False,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")
    ] = 40,
    events: Annotated[
        bool, typer.Option("--events", help="Also the worker's own messages.")
    ] = False,
    as_json: o.Json = False,
) -> ExitCode:
    """Show the end of a render process's log."""
    from lrc_toolbox.cli import logs
    from lrc_toolbox.cli.log_choice import Wanted

    wanted = Wanted(job, attempt, lines, events)
    if follow:
        return logs.follow_log(wanted, as_json)
    return logs.show_log(wanted, as_json)


@app.command("why", rich_help_panel=_LOOK)
def why(
    job: Annotated[int, typer.Argument(metavar="JOB", help="A job's number.")],
    as_json: o.Json = False,
) -> ExitCode:
    """Tell why a job waits, or what becomes of it, and each of its tasks."""
    from lrc_toolbox.cli import answering

    return answering.show_answer(job, as_json)


@app.command("machine", rich_help_panel=_LOOK)
def machine(as_json: o.Json = False) -> ExitCode:
    """Show this computer: its CPUs and GPUs, who holds what, what is kept and why."""
    from lrc_toolbox.cli import machine as machines

    return machines.show_machine(as_json)


@app.command("cancel", rich_help_panel=_STEER)
def cancel(jobs: o.Jobs, as_json: o.Json = False) -> ExitCode:
    """End jobs: their processes go, proved pictures stay."""
    from lrc_toolbox.cli import control

    return control.cancel(jobs, as_json)


@app.command("pause", rich_help_panel=_STEER)
def pause(jobs: o.SomeJobs = None, as_json: o.Json = False) -> ExitCode:
    """Start nothing new of jobs, or of the whole queue; frames in hand are finished."""
    from lrc_toolbox.cli import control

    return control.pause(jobs or [], as_json)


@app.command("resume", rich_help_panel=_STEER)
def resume(jobs: o.SomeJobs = None, as_json: o.Json = False) -> ExitCode:
    """Undo `pause`, and without a job also `stop`."""
    from lrc_toolbox.cli import control

    return control.resume(jobs or [], as_json)


@app.command("retry", rich_help_panel=_STEER)
def retry(
    job: Annotated[
        str, typer.Argument(metavar="JOB[.TASK]", help="A job, or one of its tasks.")
    ],
    frames: Annotated[
        str | None,
        typer.Option(
            "--frames",
            metavar="RANGE",
            help="Exactly these, proved ones too. Those that failed by default.",
        ),
    ] = None,
    task: Annotated[
        int | None, typer.Option("--task", metavar="N", help="Only this task.")
    ] = None,
    as_json: o.Json = False,
) -> ExitCode:
    """Render frames again: those that failed or were cancelled, or chosen ones."""
    from lrc_toolbox.cli import control

    return control.retry(job, task, frames, as_json)


@app.command("remove", rich_help_panel=_STEER)
def remove(
    context: typer.Context,
    jobs: o.SomeJobs = None,
    finished: Annotated[
        bool, typer.Option("--finished", help="All jobs that have ended.")
    ] = False,
    as_json: o.Json = False,
) -> ExitCode:
    """Forget jobs and their logs, cancelling those that run. Pictures stay."""
    from lrc_toolbox.cli import control

    if finished == bool(jobs):
        raise typer.BadParameter("give job numbers, or --finished.", ctx=context)
    if finished:
        return control.remove_finished(as_json)
    return control.remove(jobs or [], as_json)


@app.command("priority", rich_help_panel=_STEER)
def priority(
    job: Annotated[int, typer.Argument(metavar="JOB", help="A job's number.")],
    number: Annotated[
        int, typer.Argument(metavar="N", min=0, max=100, help="Higher is sooner.")
    ],
    as_json: o.Json = False,
) -> ExitCode:
    """Change how soon a job comes."""
    from lrc_toolbox.cli import control

    return control.set_priority(job, number, as_json)


@app.command("stop", rich_help_panel=_STEER)
def stop(as_json: o.Json = False) -> ExitCode:
    """End every render process now; their frames wait for `lrc resume`."""
    from lrc_toolbox.cli import control

    return control.stop(as_json)


@app.command("schema", rich_help_panel=_RENDER)
def schema(
    what: Annotated[
        about.Schema, typer.Argument(metavar="WHAT", help="job, preset, notifications.")
    ] = about.Schema.JOB,
    as_json: o.Json = False,
) -> ExitCode:
    """Print the JSON Schema of job files, of presets or of notifications.json."""
    return about.print_schema(what)


@service_app.command("status")
def service_status(as_json: o.Json = False) -> ExitCode:
    """Say whether the service runs; it starts by itself when there is work."""
    from lrc_toolbox.cli import service

    return service.show_status(as_json)


@service_app.command("stop")
def service_stop(as_json: o.Json = False) -> ExitCode:
    """End the service and its processes; their frames wait for the next service."""
    from lrc_toolbox.cli import service

    return service.stop(as_json)


@policy_app.callback(invoke_without_command=True)
def policy(context: typer.Context, as_json: o.Json = False) -> ExitCode:
    """Show what is kept back for the artist, or change it."""
    if context.invoked_subcommand is not None:
        return ExitCode.DONE
    from lrc_toolbox.cli import policy as policies

    return policies.show_policy(as_json)


@policy_app.command("set")
def policy_set(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A setting.")],
    value: Annotated[
        str,
        typer.Argument(metavar="VALUE", help="A number, a word, or JSON in quotes."),
    ],
    as_json: o.Json = False,
) -> ExitCode:
    """Change a setting; a service that runs takes it at once."""
    from lrc_toolbox.cli import policy as policies

    return policies.set_value(name, value, as_json)


@policy_app.command("unset")
def policy_unset(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Settings.")],
    as_json: o.Json = False,
) -> ExitCode:
    """Put settings back to what they come with."""
    from lrc_toolbox.cli import policy as policies

    return policies.unset(names, as_json)


@policy_app.command("use")
def policy_use(name: _PolicyName, as_json: o.Json = False) -> ExitCode:
    """Let a policy that was kept hold from now on; `lrc preset list` shows them."""
    from lrc_toolbox.cli import policy_presets

    return policy_presets.use(name, as_json)


@policy_app.command("save")
def policy_save(
    name: _PolicyName,
    project: Annotated[
        Path | None,
        typer.Option(
            "--project",
            metavar="FOLDER",
            exists=True,
            help="In the Maya project around this folder. Your own place by default.",
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where there is one of this name.")
    ] = False,
    as_json: o.Json = False,
) -> ExitCode:
    """Keep the policy that holds under a name."""
    from lrc_toolbox.cli import policy_presets

    return policy_presets.save(name, project, replace=replace, as_json=as_json)


@policy_app.command("path")
def policy_path() -> ExitCode:
    """Print where the policy's file lies, or would."""
    from lrc_toolbox.cli import policy as policies

    return policies.print_path()


app.add_typer(preset_app, name="preset", rich_help_panel=_RENDER)
app.add_typer(notify_app, name="notify", rich_help_panel=_STEER)
app.add_typer(policy_app, name="policy", rich_help_panel=_STEER)
app.add_typer(service_app, name="service", rich_help_panel=_STEER)
