"""What somebody sees whose role does not let them change, or run, a workflow."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import bring_axe, expect_accessible
from tests.e2e.conftest import NewContext, NewRun, NewWorkflow, PlacedStep
from tests.e2e.graphs import branching
from tests.e2e.screens import Editor, RunScreen
from tests.stack import Stack

CAPITALS: PlacedStep = ("change-case", {"to": "upper"})
GOES_ON: PlacedStep = ("go-on", {})
MAY_LOOK = "You can look at this workflow; to change it, ask its owner for the role of an editor."

# Each time somebody new, so that the tests know nothing of each other.
JOIN = """
from composer.accounts.models import Membership, User
from composer.accounts.services import create_sign_in_link
workspace = Membership.objects.filter(role="owner").order_by("id").first().workspace
user = User.objects.create_user(f"{role}{{User.objects.count()}}@example.org", "{role}")
Membership.objects.create(user=user, workspace=workspace, role="{role}")
print(create_sign_in_link(user))
"""

SignIn = Callable[[str], Page]


@pytest.fixture
def signed_in_as(stack: Stack, new_context: NewContext) -> SignIn:
    """The browser of somebody with a role, signed in."""

    def sign_in(role: str) -> Page:
        context = new_context()
        bring_axe(context)
        page = context.new_page()
        page.goto(stack.manage("shell", "-v", "0", "-c", JOIN.format(role=role)).split()[-1])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Workflows", exact=True)).to_be_visible()
        return page

    return sign_in


def test_who_may_only_look_sees_a_workflow_and_nothing_that_would_be_refused(
    http: httpx.Client, signed_in_as: SignIn
) -> None:
    workflow = branching(http)
    before = http.get(f"/api/workflows/{workflow}/").json()
    page = signed_in_as("viewer")
    expect(page.get_by_role("button", name="New workflow")).to_have_count(0)
    editor = Editor(page).open(workflow)
    expect(page.get_by_role("note").filter(has_text=MAY_LOOK)).to_be_visible()
    for button in ("Run", "Undo", "Add a step"):
        expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)
    expect(editor.palette).to_have_count(0)
    expect(editor.saved).to_have_count(0)
    expect(editor.name).not_to_be_editable()

    editor.card("Shout it").click()
    expect(editor.field("Write it in")).to_be_disabled()
    expect(editor.settings.get_by_role("button", name="Lead on to…")).to_have_count(0)
    editor.card("Shout it").press("Delete")
    expect(editor.card("Shout it")).to_be_visible()
    editor.steps.get_by_role("button", name="If total is greater than 1,000").click()
    expect(editor.field("Compared with")).to_be_disabled()
    expect(editor.settings.get_by_role("button", name="Delete this pipe")).to_have_count(0)
    expect_accessible(page, "editor of somebody who may only look")

    page.get_by_role("button", name="More for this workflow").click()
    expect(page.get_by_role("menuitem")).to_have_text(
        ["Its runs", "Export as a file (YAML)", "Export as a shell script"]
    )
    assert http.get(f"/api/workflows/{workflow}/").json() == before


def test_who_may_only_look_can_neither_stop_a_run_nor_start_it_again(
    new_run: NewRun, stop_run: Callable[[str], None], signed_in_as: SignIn
) -> None:
    run = new_run(GOES_ON, text="a\n")
    page = signed_in_as("viewer")
    screen = RunScreen(page).open(run)
    expect(screen.card("Go on and on")).to_contain_text("Working")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    stop_run(run)
    screen.expect_words("Stopped")
    expect(page.get_by_role("button", name="Run again")).to_have_count(0)


def test_who_may_run_a_workflow_runs_it_and_changes_nothing(
    new_workflow: NewWorkflow, signed_in_as: SignIn
) -> None:
    page = signed_in_as("runner")
    editor = Editor(page).open(new_workflow(CAPITALS, text="a\n"))
    expect(page.get_by_role("note").filter(has_text=MAY_LOOK)).to_be_visible()
    editor.card("Change case").click()
    expect(editor.field("Write it in")).to_be_disabled()
    run = editor.run()
    run.expect_words("Done")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
