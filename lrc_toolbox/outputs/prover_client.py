"""The service's way to prove pictures without decoding them in its own process.

Owns the order of requests, and what becomes of them when the child process
(`outputs.prover_process`) crashes or hangs. Results are delivered on a thread of the
prover, one after the other, in the order of asking.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Generic, TypeVar

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.outputs.messages import Request, read_proof, request_line
from lrc_toolbox.outputs.proof import Proof, ProverMissingError, require_prover
from lrc_toolbox.outputs.prover_process import (
    ProverEndedError,
    ProverProcess,
    ProverStartError,
)

#: How long one proof may take before what the size of its files adds.
PATIENCE_S = 60.0

# A crash may be another's doing (the system was out of memory, somebody killed it), so
# a picture is blamed for the second one only.
_TRIES = 2

Key = TypeVar("Key")


class _Order(Enum):
    WARM = "warm"
    REST = "rest"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Key]):
    key: Key
    request: Request


class Prover(Generic[Key]):
    """Proves frames in a child process that is started when it is first needed.

    Args:
        on_result: called with the key of a request and its proof, on the prover's
            thread; must not raise.
        patience_s: how long one proof may take before what the size of its files adds.
    """

    def __init__(
        self,
        on_result: Callable[[Key, Proof], None],
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._on_result = on_result
        self._patience_s = patience_s
        self._orders: queue.SimpleQueue[_Order | _Asked[Key]] = queue.SimpleQueue()
        self._process: ProverProcess | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="prover", daemon=True)
        self._thread.start()

    def warm(self) -> None:
        """Start the child process early; returns at once.

        Raises:
            ProverMissingError: OpenImageIO or NumPy is not installed.
        """
        require_prover()
        self._orders.put(_Order.WARM)

    def ask(
        self,
        key: Key,
        pictures: Sequence[ExpectedPicture],
        frame: int,
        thumbnail: str | None,
    ) -> None:
        """Have a frame proved as `outputs.proof.prove` says; returns at once.

        Every request is answered once, also where nothing can be proved, until `close`.

        Args:
            key: comes back with the result.
            pictures: what the frame must leave behind.
            frame: the frame's number.
            thumbnail: where to write the thumbnail, None for nowhere.
        """
        request = Request(tuple(pictures), frame, thumbnail)
        self._orders.put(_Asked(key, request))

    def rest(self) -> None:
        """End the child process when it has nothing to do; it gives its memory back."""
        self._orders.put(_Order.REST)

    def close(self) -> None:
        """End the child process and the thread; what is not yet answered never is."""
        self._closing.set()
        self._orders.put(_Order.CLOSE)
        process = self._process
        if process is not None:
            process.kill()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _serve(self) -> None:
        """Carry out orders until `close`; the prover's thread."""
        while not self._closing.is_set():
            order = self._orders.get()
            if isinstance(order, _Asked):
                proof = self._prove(order.request)
                if not self._closing.is_set():
                    self._on_result(order.key, proof)
            elif order is _Order.WARM:
                self._warm()
            elif order is _Order.REST and self._orders.empty():
                self._end_process()
        self._end_process()

    def _warm(self) -> None:
        # The first request meets the same again, and answers with it.
        with contextlib.suppress(ProverMissingError, ProverStartError):
            self._running_process()

    def _running_process(self) -> ProverProcess:
        if self._process is None:
            require_prover()
            self._process = ProverProcess(self._patience_s)
        return self._process

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None

    def _prove(self, request: Request) -> Proof:
        try:
            return self._answer(request, tries=_TRIES)
        except (ProverMissingError, ProverStartError) as error:
            return _no_proof(FailureClass.OTHER, str(error))
        except ProverEndedError as error:
            names = [Path(path).name for path in request.paths()]
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            message = f"The decoder {error.how} on {', '.join(names[:3])}{more}."
            return _no_proof(FailureClass.OUTPUT_BROKEN, message)

    def _answer(self, request: Request, tries: int) -> Proof:
        try:
            process = self._running_process()
            return read_proof(process.ask(request_line(request), request.paths()))
        except ProverEndedError as error:
            self._process = None
            if error.timed_out or tries == 1 or self._closing.is_set():
                raise
        return self._answer(request, tries - 1)


def _no_proof(kind: FailureClass, message: str) -> Proof:
    return Proof(Failure(kind, message))
