import pytest

from rxconnect.services.documents import number_formats


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("00000", "42", "00042"),
        ("00000", "1234567", "1234567"),
        ("00000;-00000", "-42", "-00042"),
        ("000-00-0000", "421234", "000-42-1234"),
        ("000\\-00", "1", "000-01"),
        ("0000000_);(0000000)", "42", "0000042"),
        ('"A"#', "42", "A42"),
        ("0", "42.0", "42"),
        ("0.00", "42", "42"),
        ("00000", "42.5", "42.5"),
        ("00000", "text", "text"),
        ("@", "42", "42"),
        ("General", "1.2345E4", "12345"),
        ("0.00E+00", "12345", "12345"),
        ("0%", "0.5", "0.5"),
        ("# ?/?", "0.5", "0.5"),
        ('_("$"* #,##0_)', "42", "42"),
        ("[Red]#,##0", "1234", "1234"),
        ("mm/dd/yyyy", "33238", "1990-12-31"),
        ("[$-F800]dddd\\, mmmm dd\\, yyyy", "33238", "1990-12-31"),
        ("yyyy-mm-dd hh:mm:ss", "33238.5", "1990-12-31 12:00:00"),
        ("h:mm AM/PM", "0.75", "18:00:00"),
        ("[h]:mm", "1.5", "1.5"),
        ("mm/dd/yyyy", "1", "1900-01-01"),
        ("mm/dd/yyyy", "61", "1900-03-01"),
        ("mm/dd/yyyy", "-1", "-1"),
        ("mm/dd/yyyy", "9" * 30, "9" * 30),
        ("General", "123456789012345678", "123456789012345678"),
        ("General", "1.2345678901234567E+17", "1.23456789012346e+17"),
        ('"', "42", "42"),
        ("", "42", "42"),
    ],
)
def test_a_number_is_shown_as_its_format_says_where_that_matters(code, value, shown):
    assert number_formats.of_code(code, is_1904=False)(value) == shown


def test_days_may_count_from_1904():
    assert number_formats.of_code("m/d/yy", is_1904=True)("31776") == "1990-12-31"


def test_the_formats_of_every_workbook_are_known():
    assert [number_formats.built_in(number, False)("33238") for number in (0, 1, 14, 22, 49)] == [
        "33238",
        "33238",
        "1990-12-31",
        "1990-12-31",
        "33238",
    ]
