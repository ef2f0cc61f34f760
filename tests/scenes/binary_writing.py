"""Small Maya binary scenes, written by the tests that read them."""

from __future__ import annotations

import struct

#: The real ones in `../shared`.
REAL = (
    "31-for4-maya85.mb",
    "37-for8-2019-spotlights-arnold.mb",
    "38-for8-2023-ref-target.mb",
)


class Writer:
    """Writes the chunks of FOR4 or FOR8 as SCENES.md describes them."""

    def __init__(self, wide: bool) -> None:
        self.wide = wide
        self.digit = b"8" if wide else b"4"

    def head(self, tag: bytes, size: int) -> bytes:
        return tag + (
            struct.pack(">IQ", 0, size) if self.wide else size.to_bytes(4, "big")
        )

    def leaf(self, tag: bytes, data: bytes) -> bytes:
        padding = -len(data) % (8 if self.wide else 4)
        return self.head(tag, len(data)) + data + b"\0" * padding

    def group(self, form: bytes, *chunks: bytes, tag: bytes = b"FOR") -> bytes:
        body = form + b"".join(chunks)
        return self.head(tag + self.digit, len(body)) + body

    def doubles(self, name: str, *numbers: float, tag: bytes = b"DBLE") -> bytes:
        data = struct.pack(f">{len(numbers)}d", *numbers)
        return self.leaf(tag, name.encode() + b"\0 " + data)

    def ticks(self, name: str, frame: float) -> bytes:
        count = round(frame / 24 * (141120000 if self.wide else 6000))
        data = struct.pack(">q" if self.wide else ">i", count)
        return self.leaf(b"DBLE", name.encode() + b"\0 " + data)
