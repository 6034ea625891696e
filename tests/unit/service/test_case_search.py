"""The pure parts of the search: texts in normal form, pairs of characters, cells that no spreadsheet runs."""

import io
import zipfile

import pytest

from engine.service import case_index, case_search


def test_texts_are_compared_without_width_case_and_blanks() -> None:
    """Full-width letters, capitals and blanks in Chinese text do not hide a word."""
    assert case_index.normal(" ＡＢ c　材料 \n齐备") == "abc材料齐备"
    assert case_index.pairs("材料齐备") == {"材料", "料齐", "齐备"}
    assert case_index.pairs("材") == frozenset()


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "　＝1", "＠x"])
def test_no_cell_begins_a_formula(cell: str) -> None:
    """What a spreadsheet could take for a formula gets an apostrophe before it (CWE-1236); other text stays."""
    assert case_search.safe_cell(cell) == f"'{cell}"
    assert case_search.safe_cell("杜志") == "杜志"


def test_files_hold_text_only() -> None:
    """In CSV every cell is quoted; in XLSX every cell is a string, and there is no formula element."""
    table = [("编号", "申请人"), ("DB-1", '=HYPERLINK("http://x","y")')]
    assert case_search._csv(table).decode("utf-8-sig").splitlines()[1] == '"DB-1","\'=HYPERLINK(""http://x"",""y"")"'
    with zipfile.ZipFile(io.BytesIO(case_search._xlsx(table))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="s"') == 4
    assert "'=HYPERLINK" in strings
