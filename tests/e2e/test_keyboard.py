"""The whole way by keyboard alone: no mouse, and nothing that a person could not press."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewContext, NewWorkflow, PlacedStep, sign_in_path
from tests.e2e.keys import press_until, tab_to
from tests.e2e.screens import Editor, RunScreen
from tests.stack import Stack

FRUIT = "lemon\nplum\napple\npear\napple\n"
RESULT = b"MULP\nRAEP\nNOMEL\nELPPA\n"  # turned round before it is sorted, the order would be another


def test_a_person_builds_and_runs_a_workflow_by_keyboard_alone(stack: Stack, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(sign_in_path(stack))
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Workflows", exact=True)).to_be_visible()

    tab_to(page, "button", "New workflow")
    page.keyboard.press("Enter")
    editor = Editor(page)
    expect(editor.name).to_be_visible()
    tab_to(page, "textbox", "Name of the workflow")
    page.keyboard.press("Control+A")
    page.keyboard.type("Fruit")
    give_text(page)
    build(page, editor)
    move_the_first_step_to_the_end(page, editor)

    tab_to(page, "button", "Run", back=True)
    page.keyboard.press("Enter")
    run = RunScreen(page).arrived()
    run.expect_words("Done")
    take_the_result(page)
    look_into_a_pipe(page, run)


def give_text(page: Page) -> None:
    tab_to(page, "button", "Starts with nothing…")
    page.keyboard.press("Enter")
    tab_to(page, "radio", "Nothing")
    page.keyboard.press("ArrowRight")
    tab_to(page, "textbox", "The text")
    page.keyboard.type(FRUIT)


def build(page: Page, editor: Editor) -> None:
    tab_to(page, "button", "Add a step", back=True)
    add(page, "turn it round", "Reverse lines")
    tab_to(page, "button", "Add a step")
    add(page, "sort", "Sort lines")
    tab_to(page, "combobox", "In which order")
    page.keyboard.press("ArrowDown")
    expect(editor.field("In which order").locator("option:checked")).to_have_text("from Z to A")
    tab_to(page, "button", "Add a step", back=True)
    add(page, "capitals", "Change case")
    editor.expect_order("Input", "Reverse lines", "Sort lines", "Change case")


def add(page: Page, words: str, title: str) -> None:
    """Finds a step in one's own words; the new card has the keyboard then."""
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("searchbox", name="Find a step")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(Editor(page).card(title)).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def move_the_first_step_to_the_end(page: Page, editor: Editor) -> None:
    tab_to(page, "button", "Reverse lines the letters…", back=True)
    page.keyboard.press("Alt+ArrowDown")
    editor.expect_order("Input", "Sort lines", "Reverse lines", "Change case")
    page.keyboard.press("Alt+ArrowDown")
    editor.expect_order("Input", "Sort lines", "Change case", "Reverse lines")
    expect(heard(page, "Reverse lines moved down, now step 3 of 3")).to_be_attached()
    expect(editor.card("Reverse lines")).to_be_focused()


def take_the_result(page: Page) -> None:
    tab_to(page, "link", "Download")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert Path(download.value.path()).read_bytes() == RESULT


def look_into_a_pipe(page: Page, run: RunScreen) -> None:
    tab_to(page, "button", "Change case…")
    tab_to(page, "button", "Look into the pipe…", back=True)
    page.keyboard.press("Enter")
    tab_to(page, "region", "Sort lines → Change case")
    expect(run.beside.get_by_text("plum pear lemon apple")).to_be_visible()


def test_a_new_workflow_is_begun_from_the_search(page: Page) -> None:
    page.goto("/runs")
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    page.keyboard.press("Control+K")
    expect(page.get_by_role("combobox", name="Find workflows")).to_be_focused()
    page.keyboard.type("new workflow")
    page.keyboard.press("Enter")
    editor = Editor(page)
    expect(editor.name).to_have_value("Untitled workflow")
    editor.expect_order("Starts with nothing")


def test_steps_are_moved_removed_and_brought_back_by_keyboard(page: Page, new_workflow: NewWorkflow) -> None:
    steps: list[PlacedStep] = [("sort-lines", {}), ("reverse-lines", {}), ("change-case", {})]
    editor = Editor(page).open(new_workflow(*steps, text=FRUIT))
    whole = ["Text", "Sort lines", "Reverse lines", "Change case"]
    editor.expect_order(*whole)

    tab_to(page, "button", "Reverse lines the letters…")
    page.keyboard.press("Delete")
    editor.expect_order("Text", "Sort lines", "Change case")
    expect(heard(page, "Reverse lines deleted. Undo with Control Z.")).to_be_attached()
    expect(editor.card("Sort lines")).to_be_focused()  # the one above, and not the top of the page

    page.keyboard.press("Control+Z")
    editor.expect_order(*whole)
    page.keyboard.press("Control+Shift+Z")
    editor.expect_order("Text", "Sort lines", "Change case")
    page.keyboard.press("Control+Z")
    editor.expect_order(*whole)

    tab_to(page, "button", "More for Change case")
    page.keyboard.press("Enter")
    press_until(page, "ArrowDown", "menuitem", "Move up…")
    page.keyboard.press("Enter")
    editor.expect_order("Text", "Sort lines", "Change case", "Reverse lines")
    expect(editor.saved).to_be_visible()


def test_escape_closes_what_lies_beside_and_the_keyboard_is_where_it_was(
    page: Page, new_workflow: NewWorkflow
) -> None:
    editor = Editor(page).open(new_workflow(("sort-lines", {}), ("change-case", {}), text=FRUIT))
    tab_to(page, "button", "Sort lines from A…")  # the card, not the step in the palette
    page.keyboard.press("Enter")
    expect(editor.settings.get_by_role("heading", name="Sort lines")).to_be_focused()
    tab_to(page, "combobox", "In which order")
    page.keyboard.press("Escape")
    expect(editor.settings).to_have_count(0)
    expect(editor.card("Sort lines")).to_be_focused()

    run = editor.run()
    run.expect_words("Done")
    pipe = run.card("Change case").get_by_role("button", name="Look into the pipe")
    pipe.press("Enter")
    run.beside.get_by_role("button", name="Close").press("Enter")
    expect(run.beside).to_have_count(0)
    expect(pipe).to_be_focused()


def test_the_keyboard_goes_along_where_something_else_is_shown_beside(
    page: Page, new_workflow: NewWorkflow
) -> None:
    editor = Editor(page).open(new_workflow(("sort-lines", {}), ("change-case", {}), text=FRUIT))
    tab_to(page, "button", "Sort lines from A…")
    page.keyboard.press("Enter")
    tab_to(page, "button", "Change case")  # where it leads on to, in its settings
    page.keyboard.press("Enter")
    expect(editor.settings.get_by_role("heading", name="Sort lines → Change case")).to_be_focused()
    page.keyboard.press("Escape")
    expect(editor.settings).to_have_count(0)
    expect(editor.card("Sort lines")).to_be_focused()

    tab_to(page, "button", "Add a step")
    add(page, "turn it round", "Reverse lines")
    tab_to(page, "textbox", "Name of this step in the workflow")
    page.keyboard.press("Control+Z")
    editor.expect_order("Text", "Sort lines", "Change case")
    expect(editor.settings).to_have_count(0)
    expect(editor.card("Change case")).to_be_focused()


def heard(page: Page, words: str) -> Locator:
    """What is read aloud."""
    return page.get_by_role("status").filter(has_text=words)
