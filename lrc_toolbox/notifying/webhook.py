"""Telling by a webhook: one HTTP POST of a JSON document to an address.

Owns what is sent, how often it is tried and in what words a failure is told. The
address itself is a password and gets into no error: only its host does.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException, HTTPMessage
from threading import Thread
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.notifying.not_told import NotToldError

#: How long, in seconds, one try may take, the look-up of the name included.
LIMIT_S = 15.0

#: How long to wait, in seconds, before the second and each further try.
WAITS_S = (1.0, 5.0, 30.0, 120.0, 600.0)

#: The longest wait, in seconds, that the other side may ask for.
_LONGEST_WAIT_S = 600.0

#: How many bytes of an answer are read: Slack says in some words what it refuses.
_ANSWER = 300

# Discord refuses what urllib calls itself by default.
_HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "LRC-Toolbox",
}


class _NoRedirect(HTTPRedirectHandler):
    """Leaves a redirect an error.

    urllib would follow some of them with a GET, which tells nothing, and none of them
    may take what is sent to a place that nobody named.
    """

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Give no request to follow it with."""


def post(address: str, document: Mapping[str, Any], limit_s: float = LIMIT_S) -> None:
    """Send a document, once.

    Args:
        address: checked by `jobs.notifications`.
        limit_s: how long it may take in all. A time limit of urllib's own holds for
            each read, and for none of the look-up of a name.

    Raises:
        NotToldError: it was not accepted; `passing` says whether to try again.
    """
    body = json.dumps(document).encode("ascii")
    outcome: list[NotToldError | None] = []
    thread = Thread(
        target=lambda: outcome.append(_sent(address, body, limit_s)),
        name="lrc-webhook",
        daemon=True,
    )
    thread.start()
    thread.join(limit_s)
    if not outcome:
        problem = f"{host(address)} did not answer within {limit_s:g} s."
        raise NotToldError("webhook", problem, passing=True)
    if outcome[0] is not None:
        raise outcome[0]


def host(address: str) -> str:
    """Give what may be shown of an address."""
    return urlsplit(address).hostname or "the webhook"


def _sent(address: str, body: bytes, limit_s: float) -> NotToldError | None:
    request = Request(address, data=body, headers=_HEADERS, method="POST")
    try:
        with build_opener(_NoRedirect).open(request, timeout=limit_s):
            return None
    except HTTPError as error:
        with error:
            return _refused(address, error)
    except (URLError, HTTPException, OSError, ValueError) as error:
        return _unreachable(address, error)


def _refused(address: str, error: HTTPError) -> NotToldError:
    if 300 <= error.code < 400:
        return _redirected(address, error)
    said = _answer(address, error)
    problem = f"{host(address)} answered {error.code} {error.reason}. {said}".strip()
    if error.code in (408, 425, 429) or error.code >= 500:
        wait_s = _wait_s(error.headers.get("Retry-After"))
        return NotToldError("webhook", problem, passing=True, wait_s=wait_s)
    gone = "The webhook is not there any more; make a new one and put its address into "
    wrong = "Look at the address in "
    remedy = f"{gone if error.code in (404, 410) else wrong}notifications.json."
    return NotToldError("webhook", problem, remedy=remedy)


def _redirected(address: str, error: HTTPError) -> NotToldError:
    to = urlsplit(error.headers.get("Location") or "")
    where = f"{to.scheme}://{to.hostname}" if to.hostname else "another address"
    problem = f"{host(address)} answered {error.code} and sends us on to {where}."
    remedy = "Put the address that it stands for now into notifications.json."
    return NotToldError("webhook", problem, remedy=remedy)


def _unreachable(address: str, error: Exception) -> NotToldError:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        problem = f"The certificate of {host(address)} is not valid here: "
        return NotToldError(
            "webhook",
            f"{problem}{cause.verify_message}.",
            remedy="Name a file with your studio's certificates in SSL_CERT_FILE.",
        )
    if isinstance(cause, TimeoutError):
        said = "it did not answer in time"
    elif isinstance(cause, socket.gaierror):
        said = "no such host is known"
    elif isinstance(cause, OSError) and cause.strerror:
        said = cause.strerror
    else:
        # Not its text: http.client puts the address into some of its errors.
        said = type(cause).__name__
    problem = f"{host(address)} cannot be reached: {printable(said)}."
    return NotToldError("webhook", problem, passing=True)


def _answer(address: str, error: HTTPError) -> str:
    try:
        said = error.read(_ANSWER).decode("utf-8", "replace")
    except (OSError, HTTPException):
        return ""
    secret = urlsplit(address).path
    plain = said.replace(secret, "...") if len(secret) > 1 else said
    return printable(" ".join(plain.split()))


def _wait_s(retry_after: str | None) -> float | None:
    """Read `Retry-After` where it is a number; Discord gives parts of a second."""
    try:
        wait_s = float(retry_after or "")
    except ValueError:
        return None
    return min(wait_s, _LONGEST_WAIT_S) if wait_s >= 0 else None


class Webhooks:
    """Sends notices to addresses, and tries again for as long as it may help.

    An address that was tried in vain to the end is tried once for each notice from
    then on, until it answers: what comes next must not wait for it every time.

    Args:
        waits_s: the waits between the tries.
    """

    def __init__(self, waits_s: tuple[float, ...] = WAITS_S) -> None:
        self._waits_s = waits_s
        self._lost: set[str] = set()

    def tell(
        self,
        addresses: Sequence[str],
        document: Mapping[str, Any],
        wait: Callable[[float], bool],
    ) -> list[NotToldError]:
        """Send a document to all addresses; one that fails holds up no other.

        Args:
            wait: waits for so many seconds; gives True where there is no more time.

        Returns:
            What went wrong, an error for each address at most; `passing` where time
            ended the tries.
        """
        failures: list[NotToldError] = []
        waits = iter(self._waits_s)
        again = self._try(addresses, document, failures)
        while again:
            pause_s = next(waits, None)
            if pause_s is None:
                self._lost.update(again)
                return failures + [_for_good(error) for error in again.values()]
            asked_s = (error.wait_s or 0.0 for error in again.values())
            if wait(max(pause_s, *asked_s)):
                return failures + list(again.values())
            again = self._try(list(again), document, failures)
        return failures

    def _try(
        self,
        addresses: Sequence[str],
        document: Mapping[str, Any],
        failures: list[NotToldError],
    ) -> dict[str, NotToldError]:
        """Try each once; give those that may be tried again."""
        again: dict[str, NotToldError] = {}
        for address in addresses:
            try:
                post(address, document)
            except NotToldError as error:
                if error.passing and address not in self._lost:
                    again[address] = error
                else:
                    failures.append(_for_good(error))
            else:
                self._lost.discard(address)
        return again


def _for_good(error: NotToldError) -> NotToldError:
    return NotToldError(error.way, error.problem, remedy=error.remedy)
