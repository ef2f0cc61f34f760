"""Finds a Python this project runs on, whichever Python a person typed.

Owns the choice of the interpreter, nothing that comes after it. Written in the oldest
syntax (no annotations, no f-strings), so that even Python 2.7 and 3.6 start it, go on
with a newer Python on this machine or say in one sentence which one is needed.

``python3 scripts/usable_python.py`` prints the interpreter that the scripts would use.
The variable LRC_PYTHON_VERSION (such as ``3.10``) asks for one version.

Tried here on Linux with CPython 2.7, 3.6, 3.8 and 3.10 to 3.13 of pyenv and Debian; the
places where Windows and macOS keep their Pythons could not be tried.
"""

import glob
import importlib
import os
import platform
import subprocess
import sys

TYPE_CHECKING = False  # the typing module is younger than some of these Pythons
if TYPE_CHECKING:
    from typing import NoReturn  # noqa: F401 (a type comment names it)

SUPPORTED = ((3, 13), (3, 12), (3, 11), (3, 10))
WANTED_VARIABLE = "LRC_PYTHON_VERSION"
# Settings of the caller's own Python that would reach into another one.
LEAKING_VARIABLES = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "__PYVENV_LAUNCHER__",
    "VIRTUAL_ENV",
)


class NoUsablePythonError(Exception):
    """No Python here fits; the message names what was found and what to install."""


def require():
    # type: () -> None
    """Returns where the running Python fits; otherwise goes on with one that does.

    That one starts the same script with the same arguments. Where there is none, the
    script ends with a sentence that says what to install.
    """
    try:
        interpreter = find()
    except NoUsablePythonError as problem:
        sys.exit(str(problem))
    if interpreter != sys.executable:
        print("This is Python %s; going on with %s" % (this_version(), interpreter))
        become([interpreter] + sys.argv, clean_variables())


def find():
    # type: () -> str
    """Names the interpreter to go on with: the running one wherever it fits.

    Raises:
        NoUsablePythonError: none fits; says what is missing and how to get it.
    """
    wanted = wanted_versions()
    problems = []
    if sys.version_info[:2] in wanted:
        problems = [problem_of_this_python()]
        if problems == [""]:
            return sys.executable
    for version in wanted:
        for candidate in candidates(version):
            interpreter, problem = judge(candidate)
            if interpreter and not problem:
                return interpreter
            if problem and problem not in problems:
                problems.append(problem)
    raise NoUsablePythonError(explanation(wanted, problems))


def wanted_versions():
    # type: () -> tuple[tuple[int, int], ...]
    """The versions to look for, newest first."""
    wanted = os.environ.get(WANTED_VARIABLE)
    if not wanted:
        return SUPPORTED
    matching = tuple(pair for pair in SUPPORTED if wanted == "%d.%d" % pair)
    if not matching:
        raise NoUsablePythonError(
            "%s is %r, but LRC Toolbox runs on Python %s. Set it to one of these or "
            "unset it." % (WANTED_VARIABLE, wanted, versions_in_words(SUPPORTED))
        )
    return matching


def candidates(version):
    # type: (tuple[int, int]) -> list[list[str]]
    """Commands that may start this version, the nearest at hand first.

    A pyenv shim on PATH refuses versions that are not selected, so pyenv's own folder
    is looked into as well.
    """
    name = "%d.%d" % version
    home = os.path.expanduser("~")
    pyenv = os.environ.get("PYENV_ROOT", os.path.join(home, ".pyenv"))
    pyenv_win = os.environ.get("PYENV", os.path.join(home, ".pyenv", "pyenv-win"))
    patterns = (
        os.path.join(pyenv, "versions", name + ".*", "bin", "python"),
        os.path.join(pyenv_win, "versions", name + ".*", "python.exe"),
        "/Library/Frameworks/Python.framework/Versions/%s/bin/python3" % name,
        "/opt/homebrew/bin/python" + name,
    )
    found = [["python" + name]]
    if os.name == "nt":
        found = [["py", "-" + name], ["python"]]
    for pattern in patterns:
        found += [[path] for path in sorted(glob.glob(pattern), reverse=True)]
    return found


def judge(command):
    # type: (list[str]) -> tuple[str, str]
    """Asks one interpreter where it is and what is wrong with it.

    Returns:
        Its path ("" where it cannot be started or has another version than those
        looked for) and its problem ("" where it fits).
    """
    # Python 2 may have imported this file as usable_python.pyc.
    this_file = os.path.splitext(os.path.abspath(__file__))[0] + ".py"
    try:
        answer = subprocess.check_output(
            command + [this_file, "--judge"],
            stderr=subprocess.STDOUT,
            env=clean_variables(),
        )
    except (OSError, subprocess.CalledProcessError):
        return "", ""
    lines = answer.decode("utf-8", "replace").splitlines() + ["", ""]
    return lines[0], lines[1]


def problem_of_this_python():
    # type: () -> str
    """What keeps this interpreter, of a version that fits, from use; "" if nothing."""
    where = "Python %s (%s)" % (this_version(), sys.executable)
    if sys.maxsize < 2**32:
        return where + " is a 32-bit build; the renderer needs a 64-bit one."
    # PySide2, the Qt binding of Python 3.10 (Maya 2024), has wheels for x86-64 only.
    if sys.version_info[:2] == (3, 10) and not is_x86_64():
        return where + " has no Qt binding on this processor; 3.11 and newer have."
    if not has_module("venv") or not has_module("ensurepip"):
        # Debian and Ubuntu split both out of python3.
        package = "python%d.%d-venv" % sys.version_info[:2]
        return where + " lacks its venv module: install it (Debian, Ubuntu: %s)." % (
            "sudo apt install " + package
        )
    return ""


def is_x86_64():
    # type: () -> bool
    """Whether this machine has Intel's and AMD's 64-bit instruction set."""
    return platform.machine().lower() in ("x86_64", "amd64")


def has_module(name):
    # type: (str) -> bool
    """Whether a module of the standard library is there."""
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def explanation(wanted, problems):
    # type: (tuple[tuple[int, int], ...], list[str]) -> str
    """Says which Python is needed, what was found instead and how to get one."""
    sentences = [
        "LRC Toolbox needs Python %s. This is Python %s (%s), and no other was found "
        "on PATH, in pyenv or with the py launcher."
        % (versions_in_words(wanted), this_version(), sys.executable)
    ]
    sentences += problems
    sentences.append(
        "Install one from python.org (Windows, macOS) or with your package manager "
        "(Debian, Ubuntu: sudo apt install python3 python3-venv), then start the same "
        "command again."
    )
    return "\n".join(sentences)


def versions_in_words(versions):
    # type: (tuple[tuple[int, int], ...]) -> str
    """``3.10, 3.11, 3.12 or 3.13``."""
    names = ["%d.%d" % pair for pair in sorted(versions)]
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def this_version():
    # type: () -> str
    """The running interpreter's version, as ``3.8.18``."""
    return "%d.%d.%d" % sys.version_info[:3]


def clean_variables():
    # type: () -> dict[str, str]
    """This process's variables without those that belong to its own Python."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in LEAKING_VARIABLES
    }


def become(command, variables):
    # type: (list[str], dict[str, str]) -> NoReturn
    """Goes on as another program: its exit code and its signals are ours.

    Windows cannot replace a process, so there the other program is waited for; Ctrl-C
    reaches it directly, as every program on the same console.
    """
    sys.stdout.flush()
    if os.name != "nt":
        os.execvpe(command[0], command, variables)
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.call(command, env=variables))


if __name__ == "__main__":
    if sys.argv[1:] == ["--judge"]:
        if sys.version_info[:2] in wanted_versions():
            print(sys.executable)
            print(problem_of_this_python())
    else:
        try:
            print(find())
        except NoUsablePythonError as problem:
            sys.exit(str(problem))
