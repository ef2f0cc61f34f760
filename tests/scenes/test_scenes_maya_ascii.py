from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.maya_ascii import statements
from lrc_toolbox.scenes.scene_read_error import SceneReadError

SMALL = """//Maya ASCII 2023 scene
requires maya "2023";
createNode transform -n "a";
\tsetAttr ".t" -type "double3" 1 2 3 ;
\tsetAttr ".nts" -type "string" "one; \\"two\\"; // three";
createNode mesh -n "aShape" -p "a";
\tsetAttr -s 4 ".vt[0:3]"  0 0 0 1 0 0
\t\t 1 1 0 0 1 0;
connectAttr "aShape.iog" ":initialShadingGroup.dsm" -na;
// End of small.ma
"""


def keywords(text: str) -> list[str]:
    return [statement.keyword for statement in statements(text, "test.ma")]


def test_semicolons_in_strings_and_comments_end_no_statement() -> None:
    text = (
        'setAttr ".ifp" -type "string" "a/(not set; using scene name)";\n'
        '// a comment; with "quotes; in it\n'
        'setAttr ".b" -type "string" "say \\"no;\\" here";\n'
        "requires /* not; yet */ maya // nor; here\n"
        ' "2023";\n'
    )
    assert keywords(text) == ["setAttr", "setAttr", "requires"]


def test_concatenated_strings_over_several_lines_are_one_statement() -> None:
    text = (
        'setAttr ".b" -type "string" (\n\t"one;\\n"\n\t\t+ "two;" );\nselect -ne :a;\n'
    )
    found = list(statements(text, "test.ma"))
    assert [each.keyword for each in found] == ["setAttr", "select"]
    assert text[found[0].end] == ";"
    assert text[: found[0].end].endswith('"two;" )')


def test_windows_line_ends_read_like_others(tmp_path: Path) -> None:
    path = tmp_path / "crlf.ma"
    path.write_bytes(SMALL.replace("\n", "\r\n").encode())
    graph = read_scene(path)
    node = graph.node("a")
    assert node is not None
    assert node.vector("t") == (1.0, 2.0, 3.0)
    shape = graph.node("aShape")
    assert shape is not None
    assert shape.parents == [node]


@pytest.mark.parametrize(
    ("codeset", "codec", "name"),
    [
        ("936", "gbk", "誠"),
        ("932", "cp932", "表"),
        ("949", "cp949", "한글"),
        ("1252", "cp1252", "Bäume"),
        ("UTF-8", "utf-8", "木の家"),
    ],
)
def test_text_is_decoded_by_the_codeset_that_the_file_declares(
    tmp_path: Path, codeset: str, codec: str, name: str
) -> None:
    # GBK and CP932 write some of these characters with a backslash as second byte.
    text = (
        f"//Maya ASCII 2018 scene\n//Codeset: {codeset}\n"
        f'createNode transform -n "a";\n\tsetAttr ".nts" -type "string" "{name}";\n'
        'createNode transform -n "b";\n'
    )
    path = tmp_path / "codeset.ma"
    path.write_bytes(text.encode(codec))
    graph = read_scene(path)
    node = graph.node("a")
    assert node is not None
    assert node.text("nts") == name
    assert graph.node("b") is not None


def test_an_unknown_codeset_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "odd.ma"
    text = "\ufeff" + SMALL.replace(
        "requires maya", "//Codeset: klingon\nrequires maya", 1
    )
    path.write_bytes(text.encode("utf-8"))
    assert read_scene(path).maya_version == "2023"


def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "gone.ma"
    with pytest.raises(SceneReadError, match="no such file") as caught:
        read_scene(path)
    assert caught.value.path == str(path)
    assert caught.value.line is None
    assert caught.value.remedy


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneReadError, match="no file"):
        read_scene(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.ma"
    os.mkfifo(path)
    with pytest.raises(SceneReadError, match="no file"):
        read_scene(path)


def test_a_path_that_no_system_takes_is_an_error_of_ours() -> None:
    with pytest.raises(SceneReadError):
        read_scene("a\0b.ma")


@pytest.mark.parametrize("content", [b"", b"\n \t\r\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.ma"
    path.write_bytes(content)
    with pytest.raises(SceneReadError, match="empty"):
        read_scene(path)


def test_nul_bytes_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "block.ma"
    path.write_bytes(SMALL.encode() + b"createNode tr" + bytes(100))
    with pytest.raises(SceneReadError, match="binary data") as caught:
        read_scene(path)
    assert caught.value.line == SMALL.count("\n") + 1
    assert caught.value.position == len(SMALL) + len("createNode tr")


def test_damage_beyond_the_head_is_found_too(tmp_path: Path) -> None:
    path = tmp_path / "late.ma"
    path.write_bytes(SMALL.encode() + b"// \n" * 50_000 + b"\0")
    with pytest.raises(SceneReadError, match="binary data"):
        read_scene(path)


@pytest.mark.parametrize(
    "text", ["hello world\n", "<html></html>", "import os\n" * 1000, "{}"]
)
def test_text_that_is_no_scene_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notes.ma"
    path.write_text(text)
    with pytest.raises(SceneReadError, match="Maya scene"):
        read_scene(path)


def test_a_header_without_nodes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "header.ma"
    path.write_text('//Maya ASCII 2023 scene\nrequires maya "2023";\n')
    with pytest.raises(SceneReadError, match="no nodes"):
        read_scene(path)


def test_a_file_cut_inside_a_statement_is_refused_with_the_line(
    tmp_path: Path,
) -> None:
    path = tmp_path / "cut.ma"
    path.write_text(SMALL[: SMALL.index("1 1 0 0")])
    with pytest.raises(SceneReadError, match="ends inside this setAttr") as caught:
        read_scene(path)
    assert caught.value.line == 7


def test_stray_text_between_statements_is_refused_with_the_line(
    write_scene: Callable[[str], Path],
) -> None:
    path = write_scene('createNode transform -n "a";\n%%% broken;\n')
    with pytest.raises(SceneReadError, match="no Maya statement") as caught:
        read_scene(path)
    assert caught.value.line == 6


def test_a_scene_cut_anywhere_reads_or_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.ma"
    read: list[SceneGraph] = []
    refused: list[SceneReadError] = []
    for length in range(len(SMALL)):
        path.write_text(SMALL[:length])
        try:
            read.append(read_scene(path))
        except SceneReadError as error:
            refused.append(error)
    assert len(read) + len(refused) == len(SMALL)
    assert all(str(path) in str(error) for error in refused)
    # Only cuts between two statements can go unseen, and the last comment's.
    assert 0 < len(read) < 40


def test_real_scenes_cut_anywhere_read_or_are_refused(
    shared: Path, tmp_path: Path
) -> None:
    data = (shared / "scenes" / "02-rs-shader-override-hw2-2025.ma").read_bytes()
    path = tmp_path / "cut.ma"
    refused: list[SceneReadError] = []
    for length in range(997, len(data), 1999):
        path.write_bytes(data[:length])
        try:
            read_scene(path)
        except SceneReadError as error:
            refused.append(error)
    assert len(refused) > 20
    assert all(error.line for error in refused)


def test_endless_strings_and_comments_are_refused_not_waited_for(
    write_scene: Callable[[str], Path],
) -> None:
    for tail in ('setAttr ".b" "' + "x" * 300_000, "/* " + "* " * 100_000):
        with pytest.raises(SceneReadError):
            read_scene(write_scene('createNode transform -n "a";\n' + tail))
