"""axe-core over what a page shows, in both colour schemes and on a phone."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.e2e.screens import PHONE, ROOM
from tests.stack import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CHECK = """async rules => {
  const still = document.getAnimations().filter(each => each.effect?.getTiming().iterations !== Infinity)
  await Promise.allSettled(still.map(each => each.finished))
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) }
  const { violations } = await axe.run(document, options)
  return violations.flatMap(({ id, help, nodes }) =>
  nodes.map(({ html, failureSummary: why }) => `${id}: ${help}\\n  ${html}\\n  ${why}`))
}"""
COLOURS = ["color-contrast"]


def bring_axe(context: BrowserContext) -> None:
    """Into every page of this context, before the page's own programs and past its content policy."""
    context.add_init_script(path=Path(AXE))


def expect_accessible(page: Page, screen: str) -> None:
    """No violations: wide in light, in dark (other colours only), and on a phone, which nothing exceeds."""
    found = [
        *_violations(page, "light", ROOM),
        *_violations(page, "dark", ROOM, COLOURS),
        *_violations(page, "dark", PHONE),
        *_violations(page, "light", PHONE, COLOURS),
    ]
    width = page.evaluate("() => document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        found.append(f"{width} px wide on a phone of {PHONE['width']} px")
    page.set_viewport_size(ROOM)
    assert not found, "\n".join([f"On the screen “{screen}”:", *found])


def _violations(page: Page, scheme: Any, room: ViewportSize, rules: list[str] | None = None) -> list[str]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(room)
    found: list[str] = page.evaluate(CHECK, [scheme, rules])
    return [f"{scheme}, {room['width']} px: {violation}" for violation in found]
