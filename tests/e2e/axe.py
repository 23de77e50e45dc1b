"""axe-core over what a page shows, in both colour schemes and on a phone."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.e2e.screens import PHONE, ROOM
from tests.stack import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CHECK = """async rules => {
  // What is inherited moves once its parent has: it is over when nothing moves in two frames on end.
  for (let calm = 0; calm < 2; ) {
    await new Promise(requestAnimationFrame)
    const moves = document.getAnimations().filter(each => each.effect?.getTiming().iterations !== Infinity)
    calm = moves.length === 0 ? calm + 1 : 0
    await Promise.allSettled(moves.map(each => each.finished))
  }
  const options = { resultTypes: ['violations', 'passes'], ...(rules && { runOnly: rules }) }
  const { violations, passes } = await axe.run(document, options)
  if (passes.length === 0) return ['Nothing was looked at']
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
    # The app says which one it shows; pages without it follow the browser by themselves.
    expect(page.locator(f":root:not([data-theme]), :root[data-theme={scheme}]")).to_have_count(1)
    found: list[str] = page.evaluate(CHECK, rules)
    return [f"{scheme}, {room['width']} px: {violation}" for violation in found]
