"""What looks over the shoulders of all these tests sees whatever goes wrong in a browser."""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.watch import Watch
from tests.stack import Stack

# Each of them is over before the next one begins.
GO_WRONG = """async () => {
  console.error('Said by a program')
  await fetch('/broken')
  await new Promise(done => setTimeout(() => { setTimeout(done); throw new Error('Thrown by a program') }))
  document.body.append(document.createElement('img'))
  document.body.lastChild.src = 'http://elsewhere.invalid/a.png'
  await new Promise(done => addEventListener('securitypolicyviolation', done, { once: true }))
}"""
ASK_ELSEWHERE = """async () => {
  await fetch('http://elsewhere.invalid/asked').catch(() => undefined)
  await new Promise(done => { new WebSocket('ws://elsewhere.invalid/heard').onerror = done })
}"""
TROUBLES = (
    "On the console: Said by a program",
    "/broken answered 503",
    "Nobody caught: Thrown by a program",
    "Content policy: img-src refused http://elsewhere.invalid/a.png",
    "Asked somebody else: http://elsewhere.invalid/asked",
    "Asked somebody else: ws://elsewhere.invalid/heard",
)


def watched(chromium: Browser, stack: Stack, *expected: str) -> str:
    """All that is said of a browser in which everything goes wrong."""
    context = chromium.new_context(base_url=stack.url)
    watch = Watch(context)
    for pattern in expected:
        watch.expect(pattern)
    go_wrong(context.new_page())
    context.close()
    with pytest.raises(AssertionError) as found:
        watch.check()
    return str(found.value)


def go_wrong(page: Page) -> None:
    page.route("**/broken", lambda route: route.fulfill(status=503))
    page.goto("/sign-in/")
    page.evaluate(GO_WRONG)
    page.goto("about:blank")  # which has no policy
    page.evaluate(ASK_ELSEWHERE)


def test_whatever_goes_wrong_is_seen(chromium: Browser, stack: Stack) -> None:
    said = watched(chromium, stack)
    assert [trouble for trouble in TROUBLES if trouble not in said] == []


def test_what_a_test_expects_is_passed_over_and_nothing_else(chromium: Browser, stack: Stack) -> None:
    said = watched(chromium, stack, "Said by a program", "status of 409")
    assert [trouble for trouble in TROUBLES if trouble not in said] == ["On the console: Said by a program"]
