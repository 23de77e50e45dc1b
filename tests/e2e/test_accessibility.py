"""Every screen without violations of accessibility, in light and dark, wide and on a phone."""

import re

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.axe import bring_axe, expect_accessible
from tests.e2e.conftest import WATCHES, NewContext, NewRun, NewWorkflow, PlacedStep, sign_in_path
from tests.e2e.graphs import branching
from tests.e2e.screens import Editor, RunScreen
from tests.e2e.watch import Watch
from tests.stack import Stack

ORDERS = "order,city\n1,Berlin\n2,Lima\n"
IN_BERLIN: PlacedStep = ("keep-rows", {"column": "city", "test": "is", "value": "Berlin"})
IN_TOWN: PlacedStep = ("keep-rows", {"column": "town", "test": "is", "value": "Berlin"})
CAPITALS: PlacedStep = ("change-case", {"to": "upper"})
GOES_ON: PlacedStep = ("go-on", {})


@pytest.fixture(autouse=True)
def _axe(context: BrowserContext) -> None:
    bring_axe(context)


def test_a_screen_with_faults_would_be_found_out(page: Page) -> None:
    page.goto("/runs")
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    page.evaluate("""() => {
      document.body.append(document.createElement('button'))
      const pale = Object.assign(document.createElement('p'), { textContent: 'Pale' })
      Object.assign(pale.style, { color: '#999', background: '#777' })
      document.body.append(pale)
    }""")
    with pytest.raises(AssertionError) as found:
        expect_accessible(page, "a screen with faults")
    said = str(found.value)
    assert "light, 1360 px: button-name" in said
    for place in ("light, 1360 px", "dark, 1360 px", "dark, 390 px", "light, 390 px"):
        assert f"{place}: color-contrast" in said


def test_pages_before_signing_in(stack: Stack, new_context: NewContext) -> None:
    stranger = new_context()
    WATCHES[stranger].expect("status of 410")
    bring_axe(stranger)
    page = stranger.new_page()
    page.goto("/sign-in/")
    expect_accessible(page, "sign-in")
    page.get_by_text("No password yet").click()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Fill in your e-mail address.")).to_be_visible()
    expect_accessible(page, "sign-in with faults")
    page.goto(sign_in_path(stack))
    expect_accessible(page, "sign-in by link")
    page.goto("/sign-in/this-was-used/")
    expect_accessible(page, "link that no longer works")


def test_lists(page: Page, watch: Watch, new_workflow: NewWorkflow) -> None:
    new_workflow(IN_BERLIN)
    page.goto("/workflows")
    expect(page.get_by_role("heading", name="Your workflows")).to_be_visible()
    expect_accessible(page, "workflows")
    page.goto("/library?step=keep-rows")
    expect(page.get_by_role("dialog")).to_contain_text("Name for programs")
    expect_accessible(page, "library with an opened step")
    page.get_by_role("dialog").get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect_accessible(page, "library")
    watch.expect("status of 404")
    page.goto("/nowhere")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    expect_accessible(page, "nothing at this address")
    nobody = "00000000-0000-4000-8000-000000000000"
    page.goto(f"/workflows/{nobody}")
    expect(page.get_by_role("heading", name="This workflow is not here")).to_be_visible()
    expect_accessible(page, "a workflow that is gone")
    page.goto(f"/runs/{nobody}")
    expect(page.get_by_role("heading", name="There is no such run")).to_be_visible()
    expect_accessible(page, "a run that is gone")


def test_the_editor(page: Page, new_workflow: NewWorkflow) -> None:
    editor = Editor(page).open(new_workflow())
    expect(page.get_by_text("What should happen to your data?")).to_be_visible()
    expect_accessible(page, "empty editor")

    editor.open(new_workflow(("keep-rows", {"test": "is"}), ("draw-chart", {}), text="one\ntwo\n"))
    page.get_by_role("button", name=re.compile("^[0-9]+ to fix$")).first.click()
    expect(page.get_by_role("heading", name="Before it can run")).to_be_visible()
    expect_accessible(page, "editor with its checklist")
    page.keyboard.press("Escape")
    editor.card("Keep rows that match").click()
    expect(editor.field("Column")).to_be_visible()
    expect_accessible(page, "editor with settings")
    page.get_by_text("Map", exact=True).click()
    expect(page.get_by_role("region", name="Map of the workflow")).to_contain_text("Draw a chart")
    expect_accessible(page, "editor as a map")


def test_the_editor_of_branches(page: Page, http: httpx.Client) -> None:
    editor = Editor(page).open(branching(http))
    expect(editor.steps.get_by_role("heading", name="Otherwise")).to_be_visible()
    expect_accessible(page, "editor with branches")
    editor.steps.get_by_role("button", name=re.compile("^If total is greater")).click()
    expect(editor.settings.get_by_role("button", name="Delete this pipe")).to_be_visible()
    expect_accessible(page, "editor with a pipe and its rule")
    editor.card("Sort lines").click()
    expect(editor.settings.get_by_role("button", name="Read Whisper it earlier")).to_be_visible()
    expect_accessible(page, "editor with a step that several ways lead into")
    page.get_by_text("Map", exact=True).click()
    expect(page.get_by_role("region", name="Map of the workflow")).to_contain_text("otherwise")
    expect_accessible(page, "editor with branches as a map")
    page.get_by_role("button", name="Good to know").click()
    expect(page.get_by_role("heading", name="Good to know")).to_be_visible()
    expect_accessible(page, "what is good to know")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More for this workflow").click()
    page.get_by_role("menuitem", name="Keep ready to start…").click()
    page.get_by_role("dialog").get_by_text("2 runs").click()
    expect(page.get_by_role("dialog")).to_contain_text("5 steps of 2 runs wait")
    expect_accessible(page, "keeping a workflow ready")


def test_a_run_of_branches(page: Page, http: httpx.Client) -> None:
    run = Editor(page).open(branching(http)).run()
    run.expect_words("Done")
    expect(run.card("Shout it")).to_contain_text("Not taken: total is 800")
    expect_accessible(page, "run with a way that was not taken")
    page.get_by_text("Map", exact=True).click()
    expect(page.get_by_role("region", name="Map of the run")).to_contain_text("Not taken: total is 800")
    expect_accessible(page, "run with branches as a map")


def test_a_run_at_work(page: Page, new_run: NewRun) -> None:
    run = RunScreen(page).open(new_run(CAPITALS, GOES_ON, CAPITALS, text=ORDERS))
    expect(run.card("Go on and on")).to_contain_text("Working")
    expect_accessible(page, "run at work")
    show_map(page)
    expect_accessible(page, "run at work as a map")


def test_a_run_that_is_done(page: Page, new_run: NewRun) -> None:
    run = RunScreen(page).open(new_run(IN_BERLIN, CAPITALS, text=ORDERS))
    run.expect_words("Done")
    run.card("Change case").get_by_role("button", name="Look into the pipe").click()
    expect(run.beside.get_by_role("columnheader")).to_have_count(3)
    expect_accessible(page, "run that is done, with a pipe")
    show_map(page)
    expect_accessible(page, "run that is done as a map")
    page.goto("/runs")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Done")
    expect_accessible(page, "runs")


def test_a_run_that_failed(page: Page, new_run: NewRun) -> None:
    run = RunScreen(page).open(new_run(IN_TOWN, CAPITALS, text=ORDERS))
    run.expect_words("Failed")
    page.get_by_role("button", name="Details").click()
    expect(page.get_by_text(re.compile("^Exit code [1-9]"))).to_be_visible()
    expect_accessible(page, "run that failed")
    show_map(page)
    expect_accessible(page, "run that failed as a map")


def show_map(page: Page) -> None:
    page.get_by_text("Map", exact=True).click()
    expect(page.get_by_role("region", name="Map of the run")).to_contain_text("Change case")
