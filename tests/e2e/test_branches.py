"""Workflows that part and meet, and streams: built by mouse and by keyboard, run, and understood."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewWorkflow, StopRun
from tests.e2e.graphs import ORDERS, OVER_1000, branching, make, streaming
from tests.e2e.keys import press_until, tab_to
from tests.e2e.screens import Editor, RunScreen, drag, middle

Start = Callable[[str], str]

# When steps or pipes come or go, the map glides to where all of it can be seen.
STANDS_STILL = """
() => new Promise(done => {
  const map = document.querySelector('.react-flow__viewport')
  let [before, frames] = ['', 0]
  const look = () => {
    frames = map.style.transform === before ? frames + 1 : 0
    before = map.style.transform
    frames > 20 ? done() : requestAnimationFrame(look)
  }
  look()
})
"""


@pytest.fixture
def start(http: httpx.Client, stop_run: StopRun) -> Iterator[Start]:
    """Starts runs of a workflow by the API. None of them outlives the test."""
    started: list[str] = []

    def go(workflow: str) -> str:
        answer = http.post(f"/api/workflows/{workflow}/runs/", json={})
        assert answer.status_code == 201, answer.text
        started.append(str(answer.json()["id"]))
        return started[-1]

    yield go
    for run in started:
        stop_run(run)


def test_a_branch_with_a_rule_is_built_on_the_map_and_the_way_not_taken_says_why(
    page: Page, http: httpx.Client, new_workflow: NewWorkflow
) -> None:
    columns = ("choose-columns", {"columns": ["order", "total"]})
    workflow = new_workflow(columns, ("change-case", {"to": "upper"}), text=ORDERS)
    editor = Editor(page).open(workflow)
    show_map(page)
    drag(page, editor.choice("Reverse lines"), page.get_by_role("region", name="Map of the workflow"))
    box(page, "Reverse lines").wait_for()
    pipe(page, "Change case → Reverse lines").click()
    editor.settings.get_by_role("button", name="Delete this pipe").click()
    expect(pipe(page, "Change case → Reverse lines")).to_have_count(0)

    lead_on(page, "Choose columns", "Reverse lines")
    expect(editor.settings.get_by_role("heading", name="Choose columns → Reverse lines")).to_be_visible()
    # The settings beside the map hide nothing of the pipe that they are about.
    expect(box(page, "Choose columns")).to_be_in_viewport(ratio=1)
    expect(box(page, "Reverse lines")).to_be_in_viewport(ratio=1)
    write_the_rule(page, editor)
    expect(pipe(page, "Choose columns → Reverse lines")).to_contain_text("total is greater than 1,000")
    expect(pipe(page, "Choose columns → Change case")).to_contain_text("otherwise")
    expect(editor.saved).to_be_visible()
    edges = http.get(f"/api/workflows/{workflow}/").json()["graph"]["edges"]
    assert {edge["target"]: edge["rule"] for edge in edges} == {
        "reverse-lines": OVER_1000,
        "step-2": {"else": True},
    }

    run = editor.run()
    run.expect_words("Done")
    expect(run.card("Reverse lines")).to_contain_text("If total is greater than 1,000")
    expect(run.card("Reverse lines")).to_contain_text("Not taken: total is 800")
    expect(run.card("Reverse lines")).to_contain_text("Not started")
    expect(run.card("Change case")).to_contain_text("Done")
    expect(run.result).to_contain_text("ORDER")
    show_map(page)
    expect(box(page, "Reverse lines")).to_contain_text("Not taken: total is 800")


def write_the_rule(page: Page, editor: Editor) -> None:
    """As it is, both ways are taken; then one by a rule, and the other one only otherwise."""
    editor.settings.get_by_role("button", name="Choose between them by a rule").click()
    editor.field("What the rule looks at").fill("total")
    page.keyboard.press("Escape")
    editor.settings.get_by_role("combobox", name="Test", exact=True).click()
    page.get_by_role("option", name="is greater than").click()
    editor.field("Compared with").fill("1000")
    editor.settings.get_by_role("button", name="Take it only otherwise").click()


def show_map(page: Page) -> None:
    page.get_by_text("Map", exact=True).click()


def box(page: Page, title: str) -> Locator:
    """A step on the map."""
    return page.locator(".react-flow__node").filter(has=page.get_by_text(title, exact=True))


def pipe(page: Page, name: str) -> Locator:
    """What stands on a pipe of the map."""
    return page.get_by_role("button", name=re.compile(f"^Open the pipe {re.escape(name)}"))


def lead_on(page: Page, source: str, target: str) -> None:
    """Draws a pipe with the mouse, from where one step ends to where the other one begins."""
    page.evaluate(STANDS_STILL)
    out = box(page, source).locator(".react-flow__handle.source")
    out.hover()
    page.mouse.down()
    into = box(page, target).locator(".react-flow__handle.target")
    page.mouse.move(*middle(into.bounding_box()), steps=10)
    page.mouse.up()


def test_a_pipe_is_laid_opened_and_deleted_by_keyboard(page: Page, http: httpx.Client) -> None:
    editor = Editor(page).open(branching(http))
    editor.expect_order("Orders", "Choose columns", "Shout it", "Whisper it", "Sort lines", "Tell somebody")
    tab_to(page, "button", "More for Tell somebody")
    page.keyboard.press("Enter")
    press_until(page, "ArrowDown", "menuitem", "Lead on to…")
    page.keyboard.press("Enter")
    tab_to(page, "button", "Sort lines")
    page.keyboard.press("Enter")
    expect(editor.settings.get_by_role("heading", name="Tell somebody → Sort lines")).to_be_visible()
    expect(editor.settings.get_by_role("radio", name="any of them")).to_be_checked()
    expect(editor.steps).to_contain_text("Then, from whichever of these is taken")

    tab_to(page, "button", "Delete this pipe")
    page.keyboard.press("Enter")
    expect(editor.settings).to_have_count(0)
    tab_to(page, "button", "Otherwise…", back=True)
    page.keyboard.press("Enter")
    expect(editor.settings.get_by_role("heading", name="Choose columns → Whisper it")).to_be_visible()


def test_nothing_that_is_said_of_pipes_is_lost_by_editing(page: Page, http: httpx.Client) -> None:
    workflow = branching(http)
    before = http.get(f"/api/workflows/{workflow}/").json()["graph"]
    editor = Editor(page).open(workflow)
    page.get_by_role("button", name="Add a step before Shout it").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Reverse lines")).first.click()
    editor.expect_order(
        "Orders", "Choose columns", "Reverse lines", "Shout it", "Whisper it", "Sort lines", "Tell somebody"
    )
    expect(editor.saved).to_be_visible()
    page.reload()
    editor.card("Reverse lines").press("Delete")
    editor.expect_order("Orders", "Choose columns", "Shout it", "Whisper it", "Sort lines", "Tell somebody")
    expect(editor.saved).to_be_visible()
    assert http.get(f"/api/workflows/{workflow}/").json()["graph"] == before


def test_a_pattern_that_is_not_finished_keeps_nothing_else_from_being_saved_and_is_there_again(
    page: Page, http: httpx.Client
) -> None:
    workflow = branching(http)
    editor = Editor(page).open(workflow)
    editor.steps.get_by_role("button", name=re.compile("^If total is greater than 1,000")).click()
    editor.settings.get_by_role("combobox", name="Test", exact=True).click()
    page.get_by_role("option", name="fits the pattern").click()
    editor.field("Compared with").fill("(")
    expect(editor.settings.get_by_text("“(” cannot be read as a regular expression").first).to_be_visible()
    editor.name.fill("Sorted by size")
    expect(editor.saved).to_be_visible()
    saved = http.get(f"/api/workflows/{workflow}/").json()
    assert saved["name"] == "Sorted by size"
    (rule,) = [edge["rule"] for edge in saved["graph"]["edges"] if edge["id"] == "if"]
    assert rule == {"all": [{"field": "total", "test": "matches", "value": "("}]}

    page.reload()
    editor.steps.get_by_role("button", name=re.compile("^If total matches")).click()
    expect(editor.field("Compared with")).to_have_value("(")
    expect(page.get_by_role("button", name="to fix").first).to_be_visible()
    editor.field("Compared with").fill("^1.*$")
    expect(page.get_by_role("button", name="to fix")).to_have_count(0)
    expect(editor.saved).to_be_visible()


def test_a_step_that_could_never_begin_says_so_and_is_mended_in_one_click(
    page: Page, http: httpx.Client
) -> None:
    workflow = branching(http)
    made = http.get(f"/api/workflows/{workflow}/").json()
    made["graph"]["nodes"][-1]["join"] = "all"
    body = {"graph": made["graph"], "revision": made["revision"]}
    assert http.patch(f"/api/workflows/{workflow}/", json=body).status_code == 200
    editor = Editor(page).open(workflow)
    page.get_by_role("button", name="Good to know").click()
    page.get_by_role("button", name=re.compile("^It waits for all its ways, and only one of them")).click()
    expect(editor.settings.get_by_role("radio", name="all ways into it")).to_be_checked()
    editor.settings.get_by_role("button", name="Begin when any of them comes").click()
    expect(editor.settings.get_by_role("radio", name="any of them")).to_be_checked()
    expect(editor.settings.get_by_text("only one of them is ever taken")).to_have_count(0)
    expect(editor.saved).to_be_visible()


def test_of_several_results_one_is_chosen_in_place(page: Page, http: httpx.Client, start: Start) -> None:
    nodes: list[dict[str, Any]] = [
        {"id": "all", "step": "sort-lines"},
        {"id": "loud", "step": "change-case", "params": {"to": "upper"}, "title": "Shout it"},
        {"id": "back", "step": "reverse-lines", "title": "Turn it round"},
    ]
    edges = [{"id": f"to-{target}", "source": "all", "target": target} for target in ("loud", "back")]
    run = RunScreen(page).open(start(make(http, nodes, edges, "lemon\nplum\n")))
    run.expect_words("Done")
    expect(run.result).to_contain_text("LEMON")
    page.evaluate("() => { document.querySelector('section[aria-label=Result]').dataset.same = 'yes' }")
    which = run.result.get_by_role("combobox", name="Which result")
    which.press("Enter")
    page.get_by_role("option", name="Turn it round").click()
    expect(run.result).to_contain_text("nomel")
    expect(run.result).to_have_attribute("data-same", "yes")  # it never went away, and the page did not jump
    expect(which).to_be_focused()


def test_a_stream_says_how_fast_it_is_and_who_is_waited_for(
    page: Page, http: httpx.Client, start: Start
) -> None:
    run = RunScreen(page).open(start(streaming(http, "count-on", "pass-on", "go-on")))
    page.get_by_text("steps at once").wait_for()
    expect(run.card("Pass on")).to_contain_text(re.compile("[KM]B/s"))
    expect(run.card("Pass on")).to_contain_text("reads while “Count on and on” works")
    run.card("Pass on").get_by_role("button", name="Look into the pipe").click()
    expect(run.beside).to_contain_text("The first 256 KB; it was not kept.")

    run.open(start(streaming(http, "count-on", "never-read")))
    expect(run.card("Never read")).to_contain_text("waits for Never read")
    run.open(start(streaming(http, "say-little", "pass-on")))
    expect(run.card("Pass on")).to_contain_text("waits for data")
    show_map(page)
    expect(page.get_by_role("region", name="Map of the run")).to_contain_text("waits for data")
