"""Filling a built page: values and sentences where they belong, and everything else untouched."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from rxconnect.api.filled_page import fill_page
from tests.api.html import SCRIPT, Reader, built_page

PAGE = built_page("sign-up", ["email", "name", "password"])
TEXTS = st.text(max_size=40)


def test_a_value_and_a_problem_stand_at_their_input():
    page = Reader(fill_page(PAGE, {"email": "sam@"}, {"email": "Not an address."}))
    email = page.inputs["email"]
    assert (email["value"], email["aria-invalid"], email["type"]) == ("sam@", "true", "email")
    assert page.texts == {"email-problem": "Not an address."}
    assert "aria-invalid" not in page.inputs["name"]


def test_only_the_first_wrong_input_of_the_page_takes_the_focus():
    page = Reader(fill_page(PAGE, {}, {"name": "Missing.", "email": "Missing."}))
    assert "autofocus" in page.inputs["email"]
    assert "autofocus" not in page.inputs["name"]


def test_a_problem_takes_the_focus_from_the_pages_own_first_field():
    page = PAGE.replace('name="email"', 'name="email" autofocus=""')
    assert "autofocus" in Reader(fill_page(page, {"email": "sam@"}, {})).inputs["email"]
    filled = Reader(fill_page(page, {}, {"name": "Missing."}))
    assert "autofocus" in filled.inputs["name"]
    assert "autofocus" not in filled.inputs["email"]


def test_a_link_follows_its_problem_and_adds_nothing_else():
    page = fill_page(PAGE, {}, {"email": "Taken <b>."}, links={"email": ("Sign <i>in", '/sign-in?next="/x')})
    assert 'Taken &lt;b&gt;. <a href="/sign-in?next=&quot;/x">Sign &lt;i&gt;in</a></p>' in page


def test_the_form_and_a_notice_have_their_own_slots():
    page = Reader(fill_page(PAGE, {}, {"form": "No."}, notice="Done."))
    assert page.texts == {"form-problem": "No.", "form-notice": "Done."}


def test_a_problem_of_the_whole_form_takes_the_focus_itself():
    assert '<p id="form-problem" role="alert" tabindex="-1" autofocus="">No.</p>' in fill_page(
        PAGE, {}, {"form": "No."}
    )


def test_a_password_is_never_put_into_a_page():
    assert "hunter2" not in fill_page(PAGE, {"password": "hunter2"}, {})


def test_nothing_to_fill_changes_nothing():
    assert fill_page(PAGE, {}, {}) == PAGE


def test_scripts_and_comments_stay_as_their_hashes_know_them():
    page = fill_page(PAGE + '<!--<input name="email">-->', {"email": "x"}, {"email": "y"})
    assert SCRIPT in page
    assert page.endswith('<!--<input name="email">-->')


def test_an_old_value_is_replaced_whatever_the_order_and_quotes():
    for tag in (
        '<input value="old" name="email">',
        "<input name='email' value='old' required>",
        "<INPUT NAME=email VALUE=old />",
        '<input title="a > b" name="email" value="old"/>',
    ):
        filled = Reader(fill_page(tag, {"email": "new"}, {})).inputs["email"]
        assert filled["value"] == "new"
        assert filled.get("title") in (None, "a > b")


def test_a_slot_that_is_not_empty_is_left_alone():
    html = '<p id="email-problem"><b>x</b></p>'
    assert fill_page(html, {}, {"email": "y"}) == html


@given(value=TEXTS, sentence=TEXTS.filter(str.strip))
def test_whatever_was_typed_comes_back_as_text_and_adds_no_tag(value, sentence):
    page = Reader(fill_page(PAGE, {"name": value}, {"email": sentence}))
    as_read = re.sub(r"\r\n?", "\n", value)
    assert re.sub(r"\r\n?", "\n", page.inputs["name"]["value"]) == as_read
    assert page.texts["email-problem"] == sentence
    assert page.tags == Reader(PAGE).tags


def test_a_very_long_value_is_filled_in_no_time():
    assert len(fill_page(PAGE, {"name": '<"' * 50_000}, {})) > 100_000


def test_the_radio_button_that_was_chosen_is_chosen_again_and_no_other():
    html = '<input type="radio" name="kind" value="watch" checked=""/><input type="radio" name="kind" value="staff"/>'
    watch, staff = re.findall(r"<input[^>]*>", fill_page(html, {"kind": "staff"}, {}))
    assert ("checked" in watch, "checked" in staff) == (False, True)
    assert 'value="watch"' in watch
    assert fill_page(html, {"name": "Sam"}, {}) == html


@given(value=TEXTS)
def test_a_field_of_many_lines_gets_its_text_and_no_tag(value):
    page = Reader(fill_page('<textarea id="own_scenario" name="own_scenario"></textarea>', {"own_scenario": value}, {}))
    assert page.tags == ["textarea"]
    assert re.sub(r"\r\n?", "\n", page.texts["own_scenario"]) == "\n" + re.sub(r"\r\n?", "\n", value)
