"""When something goes wrong: a step fails, somebody stops a run, the line or the server is away."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewRun, NewWorkflow, PlacedStep, StopRun
from tests.e2e.line import Line
from tests.e2e.screens import Editor, RunScreen
from tests.e2e.watch import Watch
from tests.stack import Stack

ORDERS = "order,city\n1,Berlin\n2,Lima\n"
IN_TOWN = ("keep-rows", {"column": "town", "test": "is", "value": "Berlin"})
IN_BERLIN = ("keep-rows", {"column": "city", "test": "is", "value": "Berlin"})
CAPITALS = ("change-case", {"to": "upper"})
GOES_ON: PlacedStep = ("go-on", {})


def test_a_failure_says_why_and_leads_to_the_setting_that_mends_it(
    page: Page, new_workflow: NewWorkflow
) -> None:
    run = Editor(page).open(new_workflow(IN_TOWN, CAPITALS, text=ORDERS)).run()
    run.expect_words("Failed")
    why = page.get_by_role("region", name="Why Keep rows that match failed")
    expect(why.get_by_role("heading")).to_have_text("The table has no column called “town”.")
    expect(why).to_contain_text("The columns that arrived are order, city.")
    expect(run.card("Keep rows that match")).to_contain_text("Failed")
    expect(run.card("Change case")).to_contain_text("Not started")

    why.get_by_role("link", name="Change this setting").click()
    editor = Editor(page)
    expect(editor.field("Column")).to_be_focused()
    expect(editor.field("Column")).to_have_value("town")
    page.keyboard.press("Control+A")
    page.keyboard.type("city")
    again = editor.run()
    again.expect_words("Done")
    expect(again.result.get_by_text("1,BERLIN")).to_be_visible()


def test_a_long_run_that_failed_shows_where_and_its_state_leads_there(page: Page, new_run: NewRun) -> None:
    run = RunScreen(page).open(new_run(*[CAPITALS] * 12, IN_TOWN, CAPITALS, text=ORDERS))
    run.expect_words("Failed")
    page.reload()
    why = page.get_by_role("region", name="Why Keep rows that match failed")
    expect(why).to_be_in_viewport(ratio=1)
    run.steps.get_by_text("What went in").scroll_into_view_if_needed()
    expect(why).not_to_be_in_viewport()
    page.get_by_role("button", name="Failed at step 13 of 14").press("Enter")
    expect(why).to_be_in_viewport(ratio=1)
    expect(run.steps.get_by_role("button", name=re.compile("^Keep rows that match"))).to_be_focused()

    page.get_by_text("Map", exact=True).click()
    box = page.locator(".react-flow__node").filter(has=page.get_by_text("Keep rows that match", exact=True))
    expect(box).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Show all of it").click()
    page.get_by_role("button", name="Failed at step 13 of 14").press("Enter")
    expect(box.get_by_role("button")).to_be_focused()


def test_what_came_in_can_be_seen_where_it_failed(page: Page, new_run: NewRun) -> None:
    run = RunScreen(page).open(new_run(IN_BERLIN, IN_TOWN, text=ORDERS))
    run.expect_words("Failed")
    page.get_by_role("button", name="See what came in").click()
    expect(run.beside.get_by_role("columnheader")).to_have_text(["Row", "order", "city"])
    page.get_by_role("button", name="Details").click()
    expect(page.get_by_text(re.compile("^Exit code [1-9]"))).to_be_visible()


def test_a_long_run_is_stopped(page: Page, new_run: NewRun) -> None:
    run = RunScreen(page).open(new_run(GOES_ON, CAPITALS, text=ORDERS))
    expect(run.card("Go on and on")).to_contain_text("Working")
    page.get_by_role("button", name="Stop").click()
    run.expect_words("Stopped")
    expect(run.steps.get_by_text("Stopped", exact=True)).to_have_count(2)
    expect(page.get_by_role("button", name="Run again")).to_be_visible()


def test_a_page_that_is_loaded_anew_in_mid_run_shows_the_same(page: Page, new_run: NewRun) -> None:
    run = RunScreen(page).open(new_run(CAPITALS, GOES_ON, CAPITALS, text=ORDERS))
    shows_the_middle_of_the_run(run)
    page.reload()
    shows_the_middle_of_the_run(run)


def shows_the_middle_of_the_run(run: RunScreen) -> None:
    expect(run.card("Go on and on")).to_contain_text("Working")
    expect(run.page.get_by_text("Working · step 2 of 3")).to_be_visible()
    expect(run.steps.get_by_text("Done", exact=True)).to_have_count(1)
    run.card("Go on and on").get_by_role("button", name=re.compile("^Go on and on")).click()
    run.beside.get_by_role("tab", name="Log").click()
    expect(run.beside.get_by_role("region", name="Log")).to_have_text("going on")
    run.beside.get_by_role("button", name="Close").click()


def test_a_broken_line_is_mended_and_what_happened_meanwhile_is_told(
    page: Page, watch: Watch, new_run: NewRun, stop_run: StopRun
) -> None:
    line = Line(page)
    run = RunScreen(page).open(new_run(GOES_ON, CAPITALS, text=ORDERS))
    expect(run.card("Go on and on")).to_contain_text("Working")
    watch.expect_broken_line()
    line.cut()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    stop_run(run.id)

    line.mend()
    run.expect_words("Stopped")
    expect(page.get_by_text("Reconnecting…")).to_have_count(0)


def test_what_cannot_be_saved_is_explained_and_saved_when_the_line_is_mended(
    page: Page, watch: Watch, new_workflow: NewWorkflow
) -> None:
    line = Line(page)
    editor = Editor(page).open(new_workflow(CAPITALS, text=ORDERS))
    watch.expect_broken_line()
    line.cut()
    editor.name.fill("Written in the dark")
    mark = page.get_by_role("button", name="Could not save: retrying")
    mark.press("Enter")
    why = page.get_by_role("dialog", name="Could not save: retrying")
    expect(why).to_contain_text("It tries again by itself. Nothing is lost: this browser keeps it.")
    line.mend()
    expect(editor.saved).to_be_visible()
    page.reload()
    expect(editor.name).to_have_value("Written in the dark")


def test_a_save_whose_answer_got_lost_is_no_conflict_with_oneself(
    page: Page, watch: Watch, new_workflow: NewWorkflow
) -> None:
    line = Line(page)
    editor = Editor(page).open(new_workflow(CAPITALS, text=ORDERS))
    watch.expect_broken_line()
    watch.expect("status of 409")  # what the browser says of the save that is tried again
    line.lose_the_next_answer("PATCH")
    editor.name.fill("Arrived unheard")
    expect(page.get_by_role("button", name="Could not save: retrying")).to_be_visible()
    editor.name.fill("Arrived unheard, and changed since")
    expect(editor.saved).to_be_visible()
    page.reload()
    expect(editor.name).to_have_value("Arrived unheard, and changed since")


def test_a_run_goes_on_while_the_server_starts_anew(
    page: Page, watch: Watch, stack: Stack, new_run: NewRun
) -> None:
    run = RunScreen(page).open(new_run(GOES_ON, text=ORDERS))
    expect(run.card("Go on and on")).to_contain_text("Working")
    watch.expect_broken_line()
    stack.kill("web")
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    stack.start_web()
    expect(page.get_by_text("Reconnecting…")).to_have_count(0)
    expect(run.card("Go on and on")).to_contain_text("Working")
    page.get_by_role("button", name="Stop").click()
    run.expect_words("Stopped")
