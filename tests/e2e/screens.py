"""The screens, as a person finds their way on them: by the names of things."""

import re
from typing import Any

from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

ROOM: ViewportSize = {"width": 1360, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


class Editor:
    """The editor of one workflow."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = page.get_by_role("region", name="Steps of the workflow")
        self.palette = page.get_by_role("complementary", name="Steps to add")
        self.settings = page.get_by_role("complementary", name="Settings")
        self.name = page.get_by_role("textbox", name="Name of the workflow")
        self.saved = page.get_by_text("Saved", exact=True)
        self.cards = self.steps.locator("[data-tone=plain] > button, [data-tone=warn] > button")

    def open(self, workflow: str) -> "Editor":
        """Goes to its address."""
        self.page.goto(f"/workflows/{workflow}")
        expect(self.name).to_be_visible()
        return self

    def card(self, title: str) -> Locator:
        """The card of a step; its words begin with the title."""
        return self.cards.filter(has_text=re.compile(f"^{re.escape(title)}"))

    def choice(self, title: str) -> Locator:
        """A step in the palette."""
        return self.palette.get_by_role("button", name=re.compile(f"^{re.escape(title)}")).last

    def field(self, label: str) -> Locator:
        """A field among the settings."""
        return self.settings.get_by_label(label, exact=True)

    def expect_order(self, *titles: str) -> None:
        """The cards, from top to bottom; the first is what the workflow is given."""
        expect(self.cards).to_have_text([re.compile(f"^{re.escape(title)}") for title in titles])

    def run(self) -> "RunScreen":
        """Presses Run."""
        self.page.get_by_role("button", name="Run", exact=True).click()
        return RunScreen(self.page).arrived()


class RunScreen:
    """The screen of one run."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = page.get_by_role("list", name="Steps of the run")
        self.result = page.get_by_role("region", name="Result")
        self.beside = page.get_by_role("complementary", name="Data of this run")
        self.said = page.get_by_role("status").filter(has_text=re.compile("^Run: "))

    def arrived(self) -> "RunScreen":
        """Waits until the screen is there."""
        self.page.wait_for_url("**/runs/*")
        expect(self.steps).to_be_visible()
        return self

    def open(self, run: str) -> "RunScreen":
        """Goes to its address."""
        self.page.goto(f"/runs/{run}")
        return self.arrived()

    def card(self, title: str) -> Locator:
        """The line of a step, with the pipe above it."""
        return self.steps.get_by_role("listitem").filter(has=self.page.get_by_text(title, exact=True))

    def expect_words(self, word: str) -> None:
        """How the run stands, as it is read aloud."""
        expect(self.said).to_contain_text(f"Run: {word}.")

    @property
    def id(self) -> str:
        """As it stands in the address."""
        return self.page.url.rpartition("/")[2]


def middle(box: FloatRect | None) -> tuple[float, float]:
    """The point in the middle of something that is in sight."""
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# For a moment after a drop clicks are swallowed, so that letting go is no click. No person is that quick.
CLICKS_COUNT_AGAIN = """
() => new Promise(done => {
  const probe = document.createElement('button')
  document.body.append(probe)
  const timer = setInterval(() => probe.click(), 10)
  probe.addEventListener('click', () => { clearInterval(timer); probe.remove(); done() })
})
"""


def drag(page: Page, what: Locator, to: Locator) -> None:
    """Takes something with the mouse, carries it over and lets it go where the list says it may stand."""
    what.hover()  # which waits until it stands still: lists move when something else is chosen
    page.mouse.down()
    page.mouse.move(*middle(to.bounding_box()), steps=12)
    expect(page.get_by_text("Put it here")).to_be_visible()
    page.mouse.up()
    page.evaluate(CLICKS_COUNT_AGAIN)


def steps_of(answer: dict[str, Any]) -> list[str]:
    """The steps of a workflow as the API tells it, in the order of the data."""
    nodes = {node["id"]: node for node in answer["graph"]["nodes"]}
    after = {edge["source"]: edge["target"] for edge in answer["graph"]["edges"]}
    (at,) = set(nodes) - set(after.values())
    found = [at]
    while at in after:
        at = after[at]
        found.append(at)
    return [nodes[node]["step"] for node in found]
