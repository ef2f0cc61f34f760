"""The process that proves pictures, kept open by `outputs.prover_client`.

`python -m lrc_toolbox.outputs.prover` reads requests from standard input, answers each
in order on standard output (`outputs.messages`), and ends where its input ends: also
when the service that started it was killed. One thread.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import traceback
from typing import BinaryIO

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.outputs.messages import READY, Request, proof_line, read_request
from lrc_toolbox.outputs.proof import Proof, ProverMissingError, prove


def main() -> None:
    """Answer requests until the input ends."""
    answers = _take_standard_output()
    # Most of a first proof is this import. Where it fails, every answer says so.
    with contextlib.suppress(ImportError):
        importlib.import_module("lrc_toolbox.outputs.examination")
    answers.write(READY)
    answers.flush()
    for line in sys.stdin.buffer:
        answers.write(proof_line(_proof(read_request(line))))
        answers.flush()


def _take_standard_output() -> BinaryIO:
    """Keep the way to the client for answers: what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _proof(request: Request) -> Proof:
    try:
        return prove(request.pictures, request.frame, thumbnail=request.thumbnail)
    except ProverMissingError as error:
        return Proof(Failure(FailureClass.OTHER, str(error)))
    except Exception as error:  # noqa: BLE001 - the edge of this process
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}"
        return Proof(Failure(FailureClass.OTHER, f"The proof went wrong: {reason}."))


if __name__ == "__main__":
    main()
