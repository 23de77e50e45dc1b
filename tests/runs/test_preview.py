"""A first look at data: what kind it is, a page of it, and how much is read of a huge file."""

import io
import json
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from composer.runs.media import HEAD
from composer.runs.preview import JSON_MOST, TEXT_MOST, Preview, preview
from composer.runs.tables import BUDGET, COLUMNS_MOST

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def look(data: bytes, gives: str = "any", **how: int | bool) -> Preview:
    return preview(io.BytesIO(data), len(data), gives, **how)  # type: ignore[arg-type]


def memory_of(action: Callable[[], object]) -> int:
    """Bytes that were taken at the most while something was done."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class CountingFile(io.BytesIO):
    """Knows how many bytes were read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def test_nothing_is_called_empty() -> None:
    assert look(b"", "csv").kind == "empty"


class TestTables:
    def test_the_first_row_names_the_columns(self) -> None:
        found = look(b"town,people\nBern,134\nChur,38\n", "csv")
        assert (found.kind, found.columns) == ("table", ["town", "people"])
        assert found.rows == [["Bern", "134"], ["Chur", "38"]]
        assert (found.total_rows, found.truncated, found.next_offset) == (2, False, None)

    def test_quotes_hold_commas_quotes_and_line_ends(self) -> None:
        found = look(b'a,b\r\n"x, ""y""","one\ntwo"\r\n', "csv")
        assert found.rows == [['x, "y"', "one\ntwo"]]

    @pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
    def test_the_separator_is_found(self, mark: str) -> None:
        found = look(f"a{mark}b{mark}c\n1{mark}2{mark}3\n".encode(), "csv")
        assert found.columns == ["a", "b", "c"]

    def test_one_column_is_a_table_too(self) -> None:
        assert look(b"name\nAda\n", "csv").rows == [["Ada"]]

    def test_a_byte_order_mark_is_no_part_of_the_first_name(self) -> None:
        assert look(b"\xef\xbb\xbfa,b\n1,2\n", "csv").columns == ["a", "b"]

    def test_ragged_rows_fill_the_width_of_the_page(self) -> None:
        found = look(b"a,b\n1\n1,2,3\n", "csv")
        assert found.columns == ["a", "b", "Column 3"]
        assert found.rows == [["1", "", ""], ["1", "2", "3"]]

    def test_pages_follow_each_other(self) -> None:
        data = b"n\n" + b"".join(b"%d\n" % n for n in range(10))
        first = look(data, "csv", limit=4)
        assert (first.rows, first.next_offset) == ([["0"], ["1"], ["2"], ["3"]], 4)
        last = look(data, "csv", offset=8, limit=4)
        assert (last.rows, last.next_offset) == ([["8"], ["9"]], None)
        assert look(data, "csv", offset=99).rows == []

    def test_a_row_still_being_written_is_left_out(self) -> None:
        assert look(b"a,b\n1,2\n3,", "csv", complete=False).rows == [["1", "2"]]
        assert look(b"a,b\n1,2\n3,", "csv").rows == [["1", "2"], ["3", ""]]

    def test_a_huge_table_is_read_in_part_and_says_so(self) -> None:
        row = b"x" * 99 + b"\n"
        data = b"h\n" + row * (BUDGET // 100 + 1000)
        file = CountingFile(data)
        found = preview(file, len(data), "csv")
        assert found.truncated
        assert found.total_rows is None
        assert file.count < BUDGET + 1_000_000

    def test_a_huge_cell_is_cut(self) -> None:
        found = look(b"a\n" + b"x" * 1_000_000 + b"\n", "csv")
        assert found.truncated
        assert found.rows is not None
        assert len(found.rows[0][0]) < 10_000

    def test_a_row_of_millions_of_cells_is_cut(self) -> None:
        data = b"a,b\n1" + b"," * 2_000_000 + b"\n"
        found = look(data, "csv")
        assert found.truncated
        assert found.columns is not None
        assert (len(found.columns), found.columns[-1]) == (COLUMNS_MOST, f"Column {COLUMNS_MOST}")
        assert memory_of(lambda: look(data, "csv")) < 50 * len(data)

    def test_nul_and_bytes_that_are_no_utf8_do_no_harm(self) -> None:
        assert look(b"a,b\n1\xff,2\n", "csv").kind == "binary"
        assert look(b"a,b\n\0,2\n", "csv").kind == "binary"
        late = look(b"a,b\n" + b"1,2\n" * 30_000 + b"\xff,2\n", "csv")
        assert late.kind == "table"

    def test_an_unclosed_quote_is_still_a_table(self) -> None:
        assert look(b'a,b\n"1,2\n3,4\n', "csv").kind == "table"


class TestJsonLines:
    def test_objects_become_a_table(self) -> None:
        found = look(b'{"a":1,"b":"x"}\n{"b":"y","c":[1,2]}\n', "jsonl")
        assert found.columns == ["a", "b", "c"]
        assert found.rows == [["1", "x", ""], ["", "y", "[1, 2]"]]
        assert found.total_rows == 2

    def test_anything_else_is_shown_as_text(self) -> None:
        assert look(b"[1]\n[2]\n", "jsonl").text == "[1]\n[2]\n"
        assert look(b'{"a":\n', "jsonl").kind == "text"

    def test_half_a_character_in_an_escape_can_still_be_sent(self) -> None:
        found = look(b'{"a":"\\ud800"}\n', "jsonl")
        assert found.rows == [["?"]]
        json.dumps(found.rows, ensure_ascii=False).encode()

    def test_rows_that_have_no_column_in_common_do_not_fill_the_memory(self) -> None:
        rows = [{f"{row} {key}": 1 for key in range(1_000)} for row in range(100)]
        data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        found = look(data, "jsonl")
        assert found.truncated
        assert found.columns is not None
        assert len(found.columns) == COLUMNS_MOST
        assert memory_of(lambda: look(data, "jsonl")) < 50 * len(data)


class TestJson:
    def test_it_is_written_over_several_lines(self) -> None:
        assert look(b'{"a":[1]}', "json").text == '{\n  "a": [\n    1\n  ]\n}'

    def test_what_is_no_json_is_shown_as_it_is(self) -> None:
        assert look(b"{nope", "json").text == "{nope"

    def test_a_depth_of_ten_thousand_does_no_harm(self) -> None:
        assert look(b"[" * 10_000 + b"]" * 10_000, "json").kind == "json"

    def test_one_that_indentation_would_blow_up_is_shown_as_it_is(self) -> None:
        data = b"[" * 400 + b"1," * 200_000 + b"1" + b"]" * 400
        assert look(data, "json").text == data.decode()

    def test_a_large_one_is_cut(self) -> None:
        found = look(b"[" + b"1," * JSON_MOST + b"1]", "json")
        assert found.truncated
        assert found.text is not None
        assert len(found.text) <= TEXT_MOST

    def test_it_is_recognised_where_anything_may_come(self) -> None:
        assert look(b' {"a": 1}').kind == "json"
        assert look(b"{ not so").kind == "text"


class TestText:
    def test_pages_are_counted_in_bytes(self) -> None:
        data = "eins\nzwölf\ndrei\n".encode()
        first = look(data, "text", limit=2)
        assert (first.text, first.truncated) == ("eins\nzwölf\n", True)
        assert first.next_offset == len("eins\nzwölf\n".encode())
        rest = look(data, "text", offset=first.next_offset or 0, limit=2)
        assert (rest.text, rest.next_offset) == ("drei\n", None)

    def test_one_endless_line_is_cut_at_a_character(self) -> None:
        data = b"x" + "ü".encode() * TEXT_MOST
        found = look(data, "text")
        assert found.text == "x" + "ü" * ((TEXT_MOST - 1) // 2)
        assert found.next_offset == 1 + 2 * ((TEXT_MOST - 1) // 2)

    def test_all_pages_together_are_the_text(self) -> None:
        data = ("täxt ☃ 🎉\n" * 50_000).encode()
        at: int | None = 0
        pages = []
        while at is not None:
            page = look(data, "text", offset=at, limit=1_000_000)
            pages.append(page.text or "")
            at = page.next_offset
        assert "".join(pages) == data.decode()

    def test_past_the_end_there_is_nothing(self) -> None:
        assert look(b"abc", "text", offset=50).text == ""


class TestPictures:
    @pytest.mark.parametrize(
        ("data", "media"),
        [
            (PNG, "image/png"),
            (b"\xff\xd8\xff\xe0abc", "image/jpeg"),
            (b"GIF89a...", "image/gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
            (b"<?xml version='1.0'?>\n<svg/>", "image/svg+xml"),
        ],
    )
    def test_they_are_known_by_their_first_bytes(self, data: bytes, media: str) -> None:
        assert [look(data, gives).kind for gives in ("image", "any")] == ["picture", "picture"]
        assert look(data, "image").media_type == media

    def test_a_picture_that_is_none_is_shown_as_what_it_is(self) -> None:
        assert look(b"gnuplot: no such column\n", "image").kind == "text"


def test_bytes_are_called_binary() -> None:
    assert look(zlib.compress(b"x" * 1000)).kind == "binary"
    assert look(b"%PDF-1.7 ...").media_type == "application/pdf"


def test_html_is_text_for_the_browser_to_keep_apart() -> None:
    found = look(b"<script>alert(1)</script>", "html")
    assert (found.kind, found.text) == ("html", "<script>alert(1)</script>")


def test_nothing_of_a_huge_binary_is_read_beyond_its_head() -> None:
    file = CountingFile(b"\0" * 20_000_000)
    assert preview(file, 20_000_000, "any").kind == "binary"
    assert file.count <= HEAD
