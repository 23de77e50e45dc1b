"""Finding one's way with the Tab key, as somebody does who has no mouse."""

import re

from playwright.sync_api import Page

MOST = 150  # a library may be large


def tab_to(page: Page, role: str, name: str, *, back: bool = False) -> None:
    """Presses Tab until the keyboard is on what has this role and name; `More…` is a name that begins so."""
    press_until(page, "Shift+Tab" if back else "Tab", role, name)


def press_until(page: Page, key: str, role: str, name: str) -> None:
    """The same with another key, such as an arrow in a menu."""
    wanted = f'{role} "{name[:-1]}' if name.endswith("…") else f'{role} "{name}"'
    passed: list[str] = []
    for _ in range(MOST):
        page.keyboard.press(key)
        here = focused(page)
        if here.startswith(wanted):
            return
        passed.append(here)
    raise AssertionError(f"{key} never came to {role} “{name}”. It passed {'; '.join(passed)}")


def focused(page: Page) -> str:
    """Role and name of what has the keyboard, as screen readers hear them: `button "Run"`."""
    held = page.locator("*:focus")
    lines = held.aria_snapshot().splitlines() if held.count() > 0 else []
    # A line of YAML, which puts quotes round what holds a colon.
    return re.sub(r"^'|':?$", "", lines[0].removeprefix("- ")) if lines else "nothing"
