"""What pip's output means: how far it is, and what to do when it failed.

Reads pip's own lines as pip 22 to 26 write them. Runs nothing; that is
``installation.py``'s.
"""

from __future__ import annotations

import re

# "Downloading https://host/numpy-2.5.5-cp313-....whl (15.7 MB)", "Using cached ...",
# "Processing /wheels/psutil-7.2.2-....whl (from lrc-toolbox==0.1.0)".
_FETCHING = re.compile(
    r"\s*(?:Downloading|Using cached|Processing) (?:.*[/\\])?([^/\\]+?)(?: \(.*)?$"
)
# Only with `--progress-bar raw`, which pip has since 24.1.
_PROGRESS = re.compile(r"Progress (\d+) of ([1-9]\d*)")
_INSTALLING = re.compile(r"Installing collected packages: (.+)")

# The first row with a sign that is in pip's output names what went wrong.
_REMEDIES: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("No space left on device", "[Errno 28]", "[WinError 112]"),
        "The disk is full: free about 2 GB and start again.",
    ),
    (
        ("[Errno 13]", "[WinError 5]", "[Errno 30]"),
        "A folder cannot be written to: use a copy of the project in a folder of your "
        "own, and close programs that still run from its .venv.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLCertVerificationError"),
        "The package index's certificate is not trusted here, often because a proxy "
        "replaces it: set PIP_CERT to your studio's certificate and start again.",
    ),
    (
        (
            "Temporary failure in name resolution",
            "Name or service not known",
            "getaddrinfo failed",
            "nodename nor servname",
            "NewConnectionError",
            "ConnectTimeoutError",
            "Connection refused",
            "Read timed out",
            "Network is unreachable",
            "ProxyError",
        ),
        "No package index can be reached: check the network; behind a proxy set "
        "HTTPS_PROXY, for a mirror of your studio's own set PIP_INDEX_URL; then start "
        "again.",
    ),
    (
        ("No matching distribution found",),
        "Either no package index can be reached (check the network; behind a proxy set "
        "HTTPS_PROXY, for a mirror of your studio's own set PIP_INDEX_URL), or it has "
        "nothing for this Python and this system under the name above.",
    ),
)
_NO_KNOWN_REMEDY = "The lines above say more; start again when the cause is gone."


class PipLines:
    """What pip's lines so far say about how far it is.

    Attributes:
        fetched: how many packages were fetched, or found at hand.
        fetching: the newest of them, with its percentage where pip gives one.
        names: the packages it is installing; empty until it begins to.
    """

    def __init__(self) -> None:
        self.fetched = 0
        self.fetching = ""
        self.names: tuple[str, ...] = ()
        self._file = ""

    def read(self, line: str) -> None:
        """Takes the next line, in the order pip wrote them."""
        if found := _INSTALLING.match(line):
            self.names = tuple(found[1].split(", "))
        elif found := _PROGRESS.match(line):
            done, size = int(found[1]), int(found[2])
            percent, megabytes = 100 * done // size, size / 1e6
            self.fetching = f"{self._file}, {percent} % of {megabytes:.1f} MB"
        elif found := _FETCHING.match(line):
            self.fetching = self._file = " ".join(found[1].split("-")[:2])
            # Since pip 22.3 a package's metadata may come first, as a file of its own.
            self.fetched += not found[1].endswith(".metadata")

    def state(self) -> str:
        """How far the fetching is, in words."""
        if not self.fetched:
            return "asking the package index"
        return f"{self.fetching} ({self.fetched} so far)"


def remedy(output: str) -> str:
    """One sentence saying what to do about pip's failure.

    Args:
        output: everything it printed.
    """
    for signs, words in _REMEDIES:
        if any(sign in output for sign in signs):
            return words
    return _NO_KNOWN_REMEDY
