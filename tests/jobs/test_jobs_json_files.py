from __future__ import annotations

import os
from pathlib import Path

import pytest

from lrc_toolbox.jobs.json_files import JsonFileError, read_object, write_object


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "one.json"
    write_object(path, {"name": "été", "list": [1, None]})
    assert read_object(path) == {"name": "été", "list": [1, None]}
    assert [each.name for each in path.parent.iterdir()] == ["one.json"]


def test_a_windows_editors_file_and_a_schema_key_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(b'\xef\xbb\xbf{"$schema": "x.json", "a": 1}\r\n')
    assert read_object(path) == {"a": 1}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "line 1, column 2"),
        (b'{"a": 1,\n "b" 2}', "line 2, column 6"),
        (b"[1]", "one JSON object"),
        (b"", "no JSON"),
        (b'{"a": "\xff"}', "Byte 8 is not UTF-8"),
        (b"[" * 200_000, "without end"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_not_its_text(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(content)
    with pytest.raises(JsonFileError) as refused:
        read_object(path)
    assert told in refused.value.problem
    assert str(path) in str(refused.value)


def test_a_file_that_is_not_there_is_no_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_object(tmp_path / "none.json")


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(JsonFileError, match="cannot be read"):
        read_object(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="a file as a folder reads otherwise there")
def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("{}")
    with pytest.raises(JsonFileError, match="cannot be written"):
        write_object(tmp_path / "file" / "one.json", {})
    assert (tmp_path / "file").read_text() == "{}"
