"""The whole way by mouse: sign in, build three steps, run them, watch, and take the result home."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext, NewWorkflow, sign_in_path
from tests.e2e.screens import Editor, RunScreen, drag
from tests.e2e.words import collect_words, words_seen
from tests.stack import Stack

ORDERS = "order,city,price\n1,Berlin,12.50\n2,Lima,8.00\n3,Berlin,3.20\n"
RESULT = b"ORDER,PRICE\n1,12.50\n3,3.20\n"


def test_a_person_builds_a_workflow_by_mouse_and_runs_it(stack: Stack, new_context: NewContext) -> None:
    page = new_context().new_page()
    collect_words(page)
    sign_in_by_link(page, sign_in_path(stack))

    page.get_by_role("button", name="New workflow").click()
    editor = Editor(page)
    editor.name.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Berlin's orders")
    give_text(page, editor, ORDERS)
    build(page, editor)

    run = editor.run()
    run.expect_words("Done")
    states_changed_live(page)
    the_result_is_right(page, run)
    the_pipe_shows_a_table(run)


def sign_in_by_link(page: Page, path: str) -> None:
    page.goto("/workflows")
    page.wait_for_url("**/sign-in/?next=/workflows")
    page.goto(path)
    expect(page.get_by_role("heading", name=re.compile("^Hello"))).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Workflows", exact=True)).to_be_visible()


def give_text(page: Page, editor: Editor, text: str) -> None:
    editor.card("Starts with nothing").click()
    editor.settings.get_by_text("A text", exact=True).click()
    editor.field("The text").click()
    page.keyboard.insert_text(text)


def build(page: Page, editor: Editor) -> None:
    """One step is dragged from the palette, the others are clicked, and then their order is mended."""
    drag(page, editor.choice("Choose columns"), page.get_by_text("What should happen to your data?"))
    editor.field("These columns").click()
    page.keyboard.type("order,price,")

    editor.choice("Change case").click()
    editor.expect_order("Input", "Choose columns", "Change case")
    expect(editor.field("Write it in")).to_have_value("0")

    editor.choice("Keep rows that match").click()
    editor.expect_order("Input", "Choose columns", "Change case", "Keep rows that match")
    expect(page.get_by_role("button", name="to fix").first).to_be_visible()
    editor.field("Column").click()
    page.keyboard.type("city")
    editor.field("Value").click()
    page.keyboard.type("Berlin")

    at_start = page.get_by_role("button", name="Add a step at the start")
    drag(page, editor.card("Keep rows that match"), at_start)
    editor.expect_order("Input", "Keep rows that match", "Choose columns", "Change case")
    expect(page.get_by_role("button", name="to fix")).to_have_count(0)


def states_changed_live(page: Page) -> None:
    """Every step went its way forwards only, and somebody was seen on it before it was done."""
    seen = words_seen(page)
    assert len(seen) == 3
    way = ["Waiting", "Getting ready", "Working", "Done"]
    for words in seen:
        assert words == [word for word in way if word in words]
        assert words[-1] == "Done"
    assert any({"Getting ready", "Working"} & set(words) for words in seen)


def the_result_is_right(page: Page, run: RunScreen) -> None:
    with page.expect_download() as download:
        run.result.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == RESULT


def the_pipe_shows_a_table(run: RunScreen) -> None:
    run.card("Choose columns").get_by_role("button", name="Look into the pipe").click()
    expect(run.beside.get_by_role("heading", name="Keep rows that match → Choose columns")).to_be_visible()
    expect(run.beside.get_by_role("columnheader")).to_have_text(["Row", "order", "city", "price"])
    first = run.beside.get_by_role("row").nth(1)
    expect(first.get_by_role("cell")).to_have_text(["1", "1", "Berlin", "12.50"])
    expect(run.beside.get_by_text("2 rows", exact=True)).to_be_visible()


def test_a_step_is_dropped_on_the_map_and_goes_after_the_chosen_one(
    page: Page, new_workflow: NewWorkflow
) -> None:
    editor = Editor(page).open(new_workflow(("sort-lines", {}), ("change-case", {}), text="b\na\n"))
    editor.card("Sort lines").click()
    page.get_by_text("Map", exact=True).click()
    drag(page, editor.choice("Reverse lines"), page.get_by_role("region", name="Map of the workflow"))
    expect(
        editor.settings.get_by_role("textbox", name="Name of this step in the workflow")
    ).to_have_attribute("placeholder", "Reverse lines")
    page.get_by_text("List", exact=True).click()
    editor.expect_order("Text", "Sort lines", "Reverse lines", "Change case")


def test_a_step_that_is_tried_asks_what_to_work_on_where_there_is_no_example(
    page: Page, new_workflow: NewWorkflow
) -> None:
    editor = Editor(page).open(new_workflow(("sort-lines", {}), text=""))
    editor.card("Sort lines").click()
    editor.settings.get_by_role("button", name="Try it").click()
    dialog = page.get_by_role("dialog", name="Text")
    dialog.get_by_role("textbox", name="Text").fill("b\na\n")
    dialog.get_by_role("button", name="Run").click()
    run = RunScreen(page).arrived()
    run.expect_words("Done")
    expect(run.result).to_contain_text("a b")
