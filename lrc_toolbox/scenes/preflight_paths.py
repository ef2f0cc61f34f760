"""Preflight of letters in paths: those that a renderer is known to stumble over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lrc_toolbox.scenes.findings import Finding, found, gathered
from lrc_toolbox.scenes.preflight_renderers import used_renderers
from lrc_toolbox.scenes.snapshot import SceneSnapshot
from lrc_toolbox.scenes.surroundings import Wishes

#: Renderers that are documented to fail on letters beyond ASCII, only on Windows.
#: Nothing as certain was found of Redshift or V-Ray, so they are not here.
#: Arnold: arnoldsupport.com, "[MtoA] Error: defaultArnoldDriver can't create file" and
#: "[MtoA] UnicodeEncodeError when rendering" (Maya 2016 to 2018): the output path ends
#: up empty if the project's path has letters like e-acute or u-umlaut.
#: RenderMan: github.com/prman-pixar/RenderManForBlender issue 27, "in particular
#: filenames on windows", closed with "This is a PRMan bug, not the addon".
_FAIL_ON_WINDOWS = {
    "arnold": "does not write pictures where the project's path has such letters",
    "renderman": "fails on file names with such letters",
}


def check_paths(scene: SceneSnapshot, wishes: Wishes) -> Iterator[Finding]:
    """Paths with letters beyond ASCII where a used renderer is known to fail."""
    if wishes.platform != "win32":
        return
    odd = list(_odd_paths(scene, wishes))
    for name in used_renderers(scene):
        if odd and name in _FAIL_ON_WINDOWS:
            message = f"On Windows {name} {_FAIL_ON_WINDOWS[name]}: {gathered(odd)}."
            yield found("non_ascii_path", message, where=odd[0])


def _odd_paths(scene: SceneSnapshot, wishes: Wishes) -> Iterator[str]:
    folder = wishes.output.folder if wishes.output else ""
    own: Iterable[str] = (scene.path, wishes.project, folder)
    files = (each.path for each in scene.files)
    outputs = (each.pattern for each in scene.outputs)
    for path in dict.fromkeys((*own, *files, *outputs)):
        if not path.isascii():
            yield path
