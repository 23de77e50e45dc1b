"""What the workflow's menu offers beside editing: keeping it ready, and taking it home as a file."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewWorkflow, PlacedStep
from tests.e2e.screens import Editor

CAPITALS: PlacedStep = ("change-case", {"to": "upper"})


def test_a_workflow_is_kept_ready_and_starts_at_once(page: Page, new_workflow: NewWorkflow) -> None:
    workflow = new_workflow(CAPITALS, text="a\n")
    editor = Editor(page).open(workflow)
    keep_ready(page, "1 run", costs="1 step of 1 run")
    expect(page.get_by_text("Ready to start at once")).to_be_visible()
    editor.run().expect_words("Done")

    editor.open(workflow)
    keep_ready(page, "Off", costs="Nothing waits")
    expect(page.get_by_text("eady to start at once")).to_have_count(0)
    # What is edited afterwards is saved: being kept ready changed nothing of that.
    editor.card("Change case").click()
    editor.settings.get_by_role("textbox", name="Name of this step in the workflow").fill("Shout it")
    expect(editor.saved).to_be_visible()
    page.reload()
    expect(editor.card("Shout it")).to_be_visible()


def keep_ready(page: Page, how: str, *, costs: str) -> None:
    choose(page, "Keep ready to start…")
    dialog = page.get_by_role("dialog", name="Keep ready to start at once")
    dialog.get_by_text(how, exact=True).click()
    expect(dialog).to_contain_text(costs)
    dialog.get_by_role("button", name="Keep it so").click()
    expect(dialog).to_have_count(0)


def test_a_workflow_is_taken_home_as_a_file(page: Page, new_workflow: NewWorkflow) -> None:
    Editor(page).open(new_workflow(CAPITALS, name="Sales report", text="a\n"))
    with page.expect_download() as download:
        choose(page, "Export as a file (YAML)")
    assert re.search(r"\.ya?ml$", download.value.suggested_filename)
    with open(download.value.path(), encoding="utf-8") as file:
        assert "name: Sales report" in file.read()


def choose(page: Page, item: str) -> None:
    page.get_by_role("button", name="More for this workflow").click()
    page.get_by_role("menuitem", name=item).click()
