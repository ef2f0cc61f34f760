"""What the prover's process and its client say to each other: one JSON object a line.

Plain ASCII, so that no locale or console can change a path on the way. No thread.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.pictures import ExpectedPicture, PictureLook
from lrc_toolbox.outputs.proof import Proof

#: The first line of a prover that can take requests.
READY = b'{"prover": "ready"}\n'


@dataclass(frozen=True, slots=True)
class Request:
    """One frame to prove; the fields are the arguments of `outputs.proof.prove`."""

    pictures: tuple[ExpectedPicture, ...]
    frame: int
    thumbnail: str | None

    def paths(self) -> list[str]:
        """List the files that will be read."""
        return [picture.path(self.frame) for picture in self.pictures]


def request_line(request: Request) -> bytes:
    """Write a request as a line."""
    return _line(asdict(request))


def read_request(line: bytes) -> Request:
    """Read what `request_line` wrote."""
    fields = json.loads(line)
    pictures = (
        ExpectedPicture(**{**picture, "channels": tuple(picture["channels"])})
        for picture in fields["pictures"]
    )
    return Request(tuple(pictures), fields["frame"], fields["thumbnail"])


def proof_line(proof: Proof) -> bytes:
    """Write an answer as a line."""
    return _line(asdict(proof))


def read_proof(line: bytes) -> Proof:
    """Read what `proof_line` wrote.

    Raises:
        ValueError: the line is no answer, or only the beginning of one.
    """
    fields = json.loads(line)
    found = fields["failure"]
    if found is not None:
        found = Failure(FailureClass(found["kind"]), found["message"])
    look = fields["look"]
    return Proof(
        found,
        tuple(fields["notes"]),
        fields["picture"],
        fields["thumbnail"],
        None if look is None else PictureLook(**look),
    )


def _line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields).encode("ascii") + b"\n"
