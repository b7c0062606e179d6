"""Finding somebody without knowing where they are, with a mouse, a finger, and the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from rxconnect import db, routes
from rxconnect.services.directory import facilities
from tests.e2e.actions import Person, button, cedar_ridge, enter, link, new_family, settled, visit


def at_cedar_ridge(page: Page, app_url: str) -> Person:
    """A family whose only location is Cedar Ridge stands at finding somebody there."""
    family = new_family()
    with db.transaction() as session:
        facilities.add_location(session, family.actor, cedar_ridge(session))
    enter(page, app_url, family)
    visit(page, routes.START)
    button(page, "Choose Cedar Ridge Correctional Center").click()
    expect(page.get_by_label("Last name")).to_be_visible()
    return family


def selects(page: Page) -> Locator:
    return page.get_by_role("listitem").get_by_role("button", name="Select")


def find_shawn_and_go_on_to_credits(page: Page, app_url: str) -> None:
    family = new_family()
    enter(page, app_url, family)
    visit(page, routes.START)
    link(page, "Search everywhere").click()
    page.get_by_label("First name").fill("Sean")
    page.get_by_label("Last name").fill("Oneil")
    shawn = page.get_by_role("listitem").filter(has_text="Shawn O'Neill")
    expect(shawn).to_contain_text("sounds like “Sean”")
    expect(shawn).to_contain_text("H-55210 · age 24 · unit 2")
    expect(shawn).to_contain_text("Harbor County Jail")
    shawn.get_by_role("button", name="Select").click()
    expect(page.get_by_role("heading", name="Shawn O'Neill is in your contacts")).to_be_visible()
    link(page, "Buy credits").click()
    expect(page.get_by_label("Facility").locator("option:checked")).to_contain_text("Harbor County Jail")
    expect(button(page, "Next")).to_be_visible()


def test_a_family_without_any_location_finds_shawn_at_a_desk(desktop: Page, app_url: str):
    find_shawn_and_go_on_to_credits(desktop, app_url)


def test_a_family_without_any_location_finds_shawn_on_a_phone(phone: Page, app_url: str):
    find_shawn_and_go_on_to_credits(phone, app_url)


def test_somebody_who_is_not_here_is_sought_everywhere_at_one_press(phone: Page, app_url: str):
    at_cedar_ridge(phone, app_url)
    phone.get_by_label("Inmate number").fill("H-55210")
    expect(phone.get_by_role("status").filter(has_text="Nobody at Cedar Ridge")).to_be_visible()
    button(phone, "Search everywhere instead").tap()
    expect(phone.get_by_role("radio", name="Everywhere")).to_be_checked()
    expect(button(phone, "Select Shawn O'Neill, H-55210")).to_be_visible()
    phone.get_by_role("radio", name="At Cedar Ridge").check()
    expect(phone.get_by_role("status").filter(has_text="Nobody at Cedar Ridge")).to_be_visible()


def test_what_was_typed_into_another_field_finds_its_person_on_a_phone(phone: Page, app_url: str):
    at_cedar_ridge(phone, app_url)
    phone.get_by_label("Last name").fill("Delgado, Marcus")
    expect(selects(phone).first).to_have_accessible_name("Select Marcus Delgado, 20418873")
    phone.get_by_label("Inmate number").fill("no lo sé")
    phone.get_by_label("Year of birth").fill("34")
    expect(selects(phone).first).to_have_accessible_name("Select Marcus Delgado, 20418873")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    for label, text in (("Last name", ""), ("Year of birth", ""), ("Inmate number", "DOC# 20418873")):
        phone.get_by_label(label).fill(text)
    expect(button(phone, "Select")).to_have_count(1)
    expect(phone.get_by_role("listitem").filter(has_text="Marcus").locator("mark")).to_have_text("20418873")


def test_search_leads_to_who_matches_even_under_the_fold_of_a_phone(phone: Page, app_url: str):
    at_cedar_ridge(phone, app_url)
    phone.get_by_label("Inmate number").fill("204188")
    expect(selects(phone).first).to_be_visible()
    expect(phone.get_by_label("Inmate number")).to_be_focused()
    phone.get_by_label("Inmate number").press("Enter")
    expect(phone.get_by_role("status").filter(has_text="match")).to_be_focused()
    expect(selects(phone).first).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("listitem").filter(has_text="20418873").locator("mark")).to_have_text("204188")


def test_a_reload_looks_again_everywhere_in_the_same_state(desktop: Page, app_url: str):
    at_cedar_ridge(desktop, app_url)
    desktop.get_by_role("radio", name="Everywhere").check()
    desktop.get_by_label("State").select_option("Oregon")
    desktop.get_by_label("Last name").fill("oneill")
    expect(button(desktop, "Select Shawn O'Neill")).to_be_visible()
    desktop.reload()
    settled(desktop)
    expect(desktop.get_by_role("radio", name="Everywhere")).to_be_checked()
    expect(desktop.get_by_label("State")).to_have_value("OR")
    expect(desktop.get_by_label("Last name")).to_have_value("oneill")
    expect(button(desktop, "Select Shawn O'Neill")).to_be_visible()


def test_what_was_typed_stands_out_in_the_names(desktop: Page, app_url: str):
    at_cedar_ridge(desktop, app_url)
    desktop.get_by_label("First name").fill("marc")
    desktop.get_by_label("Last name").fill("delgado")
    marcus = desktop.get_by_role("listitem").filter(has_text="20418873")
    expect(marcus.locator("mark")).to_have_text(["Marc", "Delgado"])


def test_somebody_is_found_and_selected_with_the_keyboard_alone(desktop: Page, app_url: str):
    at_cedar_ridge(desktop, app_url)
    expect(desktop.get_by_role("heading", level=1)).to_be_focused()
    for _ in range(3):
        desktop.keyboard.press("Tab")
    desktop.keyboard.type("marcus")
    desktop.keyboard.press("Tab")
    last_name = desktop.get_by_label("Last name")
    expect(last_name).to_be_focused()
    desktop.keyboard.type("delgado")
    expect(selects(desktop).first).to_have_accessible_name(re.compile("^Select Marcus Delgado, "))
    desktop.keyboard.press("ArrowDown")
    expect(selects(desktop).nth(0)).to_be_focused()
    desktop.keyboard.press("ArrowDown")
    expect(selects(desktop).nth(1)).to_be_focused()
    desktop.keyboard.press("Escape")
    expect(last_name).to_be_focused()
    desktop.keyboard.press("ArrowDown")
    desktop.keyboard.press("ArrowUp")
    expect(last_name).to_be_focused()
    desktop.keyboard.press("ArrowDown")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", name="Marcus Delgado is in your contacts")).to_be_visible()


def test_where_to_look_is_chosen_with_the_arrows(desktop: Page, app_url: str):
    at_cedar_ridge(desktop, app_url)
    desktop.get_by_role("radio", name="At Cedar Ridge").focus()
    desktop.keyboard.press("ArrowRight")
    expect(desktop.get_by_role("radio", name="Everywhere")).to_be_focused()
    expect(desktop.get_by_role("radio", name="Everywhere")).to_be_checked()
    expect(desktop.get_by_label("State")).to_be_visible()


def test_show_more_goes_on_with_the_first_of_those_who_came(desktop: Page, app_url: str):
    at_cedar_ridge(desktop, app_url)
    desktop.get_by_label("Last name").fill("jo")
    expect(selects(desktop)).to_have_count(20)
    desktop.get_by_label("Last name").press("ArrowDown")
    for _ in range(20):
        desktop.keyboard.press("ArrowDown")
    expect(button(desktop, "Show more")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(selects(desktop).nth(20)).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_but_the_list_moves_when_results_arrive(
    new_context: Callable[..., BrowserContext], app_url: str, width: int
):
    page = new_context(base_url=app_url, viewport={"width": width, "height": 844}).new_page()
    at_cedar_ridge(page, app_url)
    button(page, "Search").scroll_into_view_if_needed()
    before = button(page, "Search").bounding_box()
    for name, said in (
        ("jo", "Many people match"),
        ("quartermain", "Nobody"),
        ("delgado", "people match"),
        ("", "enough"),
    ):
        page.get_by_label("Last name").fill(name)
        expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
        assert button(page, "Search").first.bounding_box() == before


def test_the_search_button_searches_at_a_facility_and_everywhere(desktop: Page, app_url: str):
    at_cedar_ridge(desktop, app_url)
    for place in ("At Cedar Ridge", "Everywhere"):
        desktop.get_by_role("radio", name=place).check()
        desktop.get_by_label("Last name").fill("d")
        desktop.get_by_label("Last name").press("Enter")
        expect(desktop.get_by_role("alert").filter(has_text="Type at least two letters")).to_be_visible()
        desktop.get_by_label("Last name").fill("delgado")
        desktop.get_by_label("Last name").press("Enter")
        expect(button(desktop, "Select Marcus Delgado, 20418873")).to_be_visible()
