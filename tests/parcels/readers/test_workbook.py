"""Workbooks: cached values of formulas are said, dates refused, sheets chosen."""

from __future__ import annotations

import datetime
import io
import zipfile
from dataclasses import replace

import pytest

from parcels.drafts import draft_parcel
from parcels.uploads import LIMITS
from tests.parcels.readers.reading import codes, drafted, read, refused, zipped
from tests.parcels.readers.workbooks import with_cached, workbook

HEADER = ["点号", "北纬", "东经"]
ROWS = [[1, 37.4, 122.1], [2, 37.4, 122.11], [3, 37.41, 122.11], [4, 37.41, 122.1]]


def test_a_workbook_gives_the_boundary_of_the_same_text():
    found = drafted(workbook([["荣成某宗海"], [], HEADER, *ROWS]), crs="EPSG:4490")
    text = drafted("\n".join(",".join(str(cell) for cell in row) for row in [HEADER, *ROWS]), crs="EPSG:4490")
    assert found.boundary is not None and text.boundary is not None
    assert found.boundary.hash == text.boundary.hash
    assert [point.number for point in found.boundary.points] == [1, 2, 3, 4]


def test_angles_as_text_in_cells_are_read():
    rows = [HEADER, [1, "37°24′00″", "122°06′00″"], [2, "37°24′00″", "122°06′36″"], [3, "37°24′36″", "122°06′36″"]]
    assert drafted(workbook(rows), crs="EPSG:4490").boundary is not None


def test_a_formula_with_its_last_value_is_read_and_said_with_its_cell():
    data = workbook([HEADER, [1, "=37+0.4", 122.1], *ROWS[1:]])
    reading = read(with_cached(data, {"B2": "37.4"}), crs="EPSG:4490")
    (told,) = [finding for finding in reading.findings if finding.code == "table.formula"]
    assert (told.facts["cell"], told.facts["formula"], told.facts["value"]) == ("B2", "=37+0.4", "37.4")
    assert draft_parcel(reading.shapes[0]).boundary is not None


def test_a_formula_that_was_never_computed_is_refused_at_its_cell():
    refusal = refused(workbook([HEADER, [1, "=37+0.4", 122.1], *ROWS[1:]]), crs="EPSG:4490")
    assert (refusal.code, refusal.facts["cell"]) == ("table.formula_without_value", "B2")


def test_a_formula_that_failed_is_refused_at_its_cell():
    data = with_cached(workbook([HEADER, [1, "=1/0", 122.1], *ROWS[1:]]), {"B2": "#DIV/0!"})
    refusal = refused(data, crs="EPSG:4490")
    assert refusal.code in ("table.formula_error", "table.formula_without_value", "file.workbook_damaged")
    assert refusal.code == "file.workbook_damaged" or refusal.facts["cell"] == "B2"


def test_a_coordinate_that_became_a_date_is_refused_at_its_cell():
    refusal = refused(workbook([HEADER, [1, datetime.date(2026, 3, 7), 122.1], *ROWS[1:]]), crs="EPSG:4490")
    assert (refusal.code, refusal.facts["cell"]) == ("table.cell_is_date", "B2")


def test_several_sheets_with_points_are_a_question_and_a_choice_answers_it():
    data = workbook(sheets={"说明": [["无坐标"]], "甲": [HEADER, *ROWS], "乙": [HEADER, *ROWS[:3]]})
    (question,) = read(data, crs="EPSG:4490").questions
    assert [option.value for option in question.options] == ["甲", "乙"]
    assert len(read(data, crs="EPSG:4490", sheet="乙").shapes[0].rings[0]) == 3
    assert refused(data, sheet="丙").code == "file.no_such_sheet"


def test_a_workbook_without_points_says_so():
    assert refused(workbook([["无坐标"], ["联系人", "示例"]])).code == "table.no_points"


def test_hidden_sheets_do_not_count():
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook(sheets={"甲": [HEADER, *ROWS], "乙": [HEADER, *ROWS]})))
    book["乙"].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(buffer.getvalue(), crs="EPSG:4490").decisions["sheet"] == "甲"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_refused(part: str):
    data = workbook([HEADER, *ROWS])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = parts[part][: len(parts[part]) // 2]
    assert refused(zipped(parts)).code == "file.workbook_damaged"


def test_entity_bombs_are_refused_before_a_parser_sees_them():
    data = workbook([HEADER, *ROWS])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/sharedStrings.xml"] = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><sst>&a;</sst>'
    assert refused(zipped(parts)).code == "file.workbook_doctype"


def test_other_office_files_are_named():
    assert (
        refused(zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})).code == "file.office_other"
    )


def test_too_many_rows_are_refused():
    assert refused(workbook([HEADER, *ROWS * 30]), replace(LIMITS, rows=100)).code == "table.too_many_rows"


def test_decisions_name_the_sheet():
    assert read(workbook([HEADER, *ROWS]), crs="EPSG:4490").decisions["sheet"] == "界址点"
    assert not codes(read(workbook([HEADER, *ROWS]), crs="EPSG:4490")) - {"crs.axis_by_range"}
