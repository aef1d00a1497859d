"""Signing in, the account, and the organization: people, teams, server folders, storage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.browsing import EMAIL, PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.support.browsing import Studio


def stranger(chromium: Browser, studio: Studio) -> Page:
    """A page of somebody who is not signed in."""
    return chromium.new_context(base_url=studio.address, locale="en-GB").new_page()


def test_signing_in_by_password_leads_to_the_page_that_was_asked_for(
    chromium: Browser, studio: Studio
) -> None:
    page = stranger(chromium, studio)
    page.goto("/organization/teams")
    page.wait_for_url("**/sign-in?after=**")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The e-mail or the password is wrong.")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/organization/teams")
    expect(page.get_by_role("heading", name="Teams", level=1)).to_be_visible()
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    page.context.close()


def test_a_new_person_signs_in_by_their_link_which_leaves_the_address(
    chromium: Browser, studio: Studio, page: Page
) -> None:
    page.goto("/organization/people")
    page.get_by_role("button", name="Add person").click()
    dialog = page.get_by_role("dialog", name="Add a person")
    dialog.get_by_label("E-mail").fill("grace@example.org")
    dialog.get_by_label("Name").fill("Grace Hopper")
    dialog.get_by_role("button", name="Add person").click()
    shown = page.get_by_role("dialog", name="A sign-in link, shown this once")
    link = shown.get_by_label("Link").input_value()
    assert link.startswith(f"{studio.address}/sign-in#")
    shown.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row", name=re.compile("Grace Hopper"))).to_be_visible()

    guest = stranger(chromium, studio)
    guest.goto(link)
    expect(guest.get_by_text("This link signs you in once, on this browser.")).to_be_visible()
    assert guest.url == f"{studio.address}/sign-in"
    guest.get_by_role("button", name="Sign in").click()
    guest.wait_for_url("**/datasets")
    guest.goto("/organization/people")
    expect(guest.get_by_role("heading", name="People", level=1)).to_be_visible()
    expect(guest.get_by_role("button", name="Add person")).to_have_count(0)
    guest.context.close()


def test_roles_are_changed_and_people_deactivated_and_let_in_again(studio: Studio, page: Page) -> None:
    studio.server.connection.post("/users", {"email": "alan@example.org", "name": "Alan Turing"})
    page.goto("/organization/people")
    row = page.get_by_role("row", name=re.compile("Alan Turing"))
    row.get_by_label("Role of Alan Turing").click()
    page.get_by_role("option", name="Dataset manager").click()
    expect(row.get_by_label("Role of Alan Turing")).to_have_value("Dataset manager")
    row.get_by_role("button", name="Actions for Alan Turing").click()
    page.get_by_role("menuitem", name="Deactivate").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(row).to_contain_text("Deactivated")
    row.get_by_role("button", name="Actions for Alan Turing").click()
    page.get_by_role("menuitem", name="Let them sign in again").click()
    expect(row).not_to_contain_text("Deactivated")


def test_a_team_gets_a_name_people_and_a_manager(studio: Studio, page: Page) -> None:
    studio.server.connection.post("/users", {"email": "mary@example.org", "name": "Mary Somerville"})
    page.goto("/organization/teams")
    page.get_by_role("button", name="Add team").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Radiology")
    page.get_by_role("dialog").get_by_role("button", name="Add team").click()
    page.get_by_role("combobox", name="A person for Radiology").fill("Mary")
    page.get_by_role("option", name="Mary Somerville").click()
    page.get_by_role("button", name="Add to team").click()
    expect(page.get_by_text("1 person")).to_be_visible()
    page.get_by_role("checkbox", name="Manages").click()
    expect(page.get_by_role("checkbox", name="Manages")).to_be_checked()
    page.get_by_role("button", name="Take Mary Somerville out of Radiology").click()
    expect(page.get_by_text("Nobody belongs to it yet.")).to_be_visible()


def test_a_server_folder_is_registered_and_forgotten(page: Page, tmp_path: Path) -> None:
    page.goto("/organization/roots")
    page.get_by_role("button", name="Register folder").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Archive")
    dialog.get_by_label("Path on the server").fill("not/absolute")
    dialog.get_by_role("button", name="Register folder").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Path on the server").fill(str(tmp_path))
    dialog.get_by_role("button", name="Register folder").click()
    expect(page.get_by_role("cell", name="Archive", exact=True)).to_be_visible()
    page.get_by_role("button", name="Forget Archive").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget folder").click()
    expect(page.get_by_role("heading", name="No folder is registered")).to_be_visible()


def test_a_token_is_shown_once_and_revoked(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="New token").click()
    dialog = page.get_by_role("dialog", name="New token")
    dialog.get_by_label("Name").fill("Training")
    dialog.get_by_role("button", name="Make token").click()
    token = dialog.get_by_label("Token", exact=True).input_value()
    assert token.startswith("tri_")
    dialog.get_by_role("button", name="Done").click()
    assert token not in page.content()
    page.get_by_role("button", name="Revoke Training").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke token").click()
    expect(page.get_by_role("row", name=re.compile("Training"))).to_contain_text("Revoked")


def test_storage_tells_what_is_there_and_verifies_it(page: Page) -> None:
    page.goto("/organization/storage")
    expect(page.get_by_text("Stored", exact=True)).to_be_visible()
    page.get_by_role("button", name="Verify every byte").click()
    page.wait_for_url("**/jobs/*")
    expect(page.get_by_text("Done").first).to_be_visible(timeout=20_000)
