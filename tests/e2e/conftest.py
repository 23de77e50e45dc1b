"""A whole Composer and a real browser, once for all these tests; a page of its own for each of them."""

import itertools
import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.own_steps import add_own_steps
from tests.e2e.screens import ROOM
from tests.e2e.watch import Watch
from tests.stack import Stack

OVER = ("succeeded", "failed", "canceled")
PATIENCE = 30_000  # ms; how long a machine with a lot to do may take, and no test waits for it in vain
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them are such tests; what they have in common need not be said in each file."""
    for item in items:
        if "tests.e2e." in f"{item.module.__name__}.":  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.containers)


# The package and not the session: Playwright's event loop must be gone before other tests start theirs.
@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Redis, web, worker and beat, with the built-in steps, the samples and a few steps for tests."""
    from composer.catalog.images import build_all

    build_all(progress=lambda words: None)
    if given := os.environ.get("COMPOSE_TEST"):  # a stack of docker-compose.yml that runs already
        yield cast(Stack, _stack_that_runs(given))
        return
    with Stack(tmp_path_factory.mktemp("e2e")) as stack:
        add_own_steps(stack)
        yield stack


def _stack_that_runs(given: str) -> Any:
    from composer.boot import compose
    from tests.compose.stack import ComposeStack

    project, port, token = given.split()
    stack = ComposeStack(compose.find() or [], project, int(port), token)
    add_own_steps(cast(Stack, stack))
    return stack


@pytest.fixture(scope="package")
def http(stack: Stack) -> Iterator[httpx.Client]:
    """The API, for what a test needs to have before it starts, and to see what arrived."""
    with stack.client() as client:
        yield client


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(chromium: Browser, stack: Stack) -> Iterator[NewContext]:
    """Opens browsers that know nothing of each other. Each is watched; see `watch_of`."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        options = {"viewport": ROOM, "accept_downloads": True, **options}
        context = chromium.new_context(base_url=stack.url, **options)
        context.set_default_timeout(PATIENCE)
        WATCHES[context] = Watch(context)
        opened.append(context)
        return context

    yield make
    watches = [WATCHES.pop(context) for context in opened]
    for context in opened:
        context.close()
    for watch in watches:
        watch.check()


WATCHES: dict[BrowserContext, Watch] = {}


@pytest.fixture
def context(new_context: NewContext, signed_in: Any) -> BrowserContext:
    """A browser in which the owner is signed in."""
    return new_context(storage_state=signed_in)


@pytest.fixture
def watch(context: BrowserContext) -> Watch:
    """What looks over this test's shoulder."""
    return WATCHES[context]


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab in that browser."""
    return context.new_page()


@pytest.fixture(scope="package")
def signed_in(chromium: Browser, stack: Stack) -> Any:
    """The cookies of somebody who signed in by a one-time link, to begin further tests with."""
    context = chromium.new_context(base_url=stack.url)
    page = context.new_page()
    page.goto(sign_in_path(stack))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Workflows", exact=True)).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


def sign_in_path(stack: Stack) -> str:
    """A new one-time link for the owner."""
    return stack.manage("sign_in_link").strip()


PlacedStep = tuple[str, dict[str, Any]]
NewWorkflow = Callable[..., str]
NewRun = Callable[..., str]
StopRun = Callable[[str], None]


@pytest.fixture
def new_workflow(http: httpx.Client) -> NewWorkflow:
    """Makes workflows by the API: (step, settings) one after the other; returns the id."""

    def make(*steps: PlacedStep, name: str = "Test", text: str | None = None) -> str:
        nodes = [
            {"id": f"step-{number}", "step": slug, "params": params}
            for number, (slug, params) in enumerate(steps, 1)
        ]
        ends = itertools.pairwise(nodes)
        edges = [
            {"id": f"to-{after['id']}", "source": before["id"], "target": after["id"]}
            for before, after in ends
        ]
        given = {"kind": "none"} if text is None else {"kind": "text", "title": "Text", "sample": text}
        body = {"name": name, "graph": {"nodes": nodes, "edges": edges}, "input": given, "draft": True}
        answer = http.post("/api/workflows/", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return make


@pytest.fixture
def stop_run(http: httpx.Client) -> StopRun:
    """Stops a run by the API, as somebody else would, and waits until it is over."""

    def stop(run: str) -> None:
        assert http.post(f"/api/runs/{run}/cancel/").status_code in (202, 409)
        deadline = time.monotonic() + PATIENCE / 1000
        while http.get(f"/api/runs/{run}/").json()["status"] not in OVER:
            assert time.monotonic() < deadline, f"Run {run} does not stop"
            time.sleep(0.05)

    return stop


@pytest.fixture
def new_run(http: httpx.Client, new_workflow: NewWorkflow, stop_run: StopRun) -> Iterator[NewRun]:
    """Starts runs of new workflows by the API. None of them outlives the test."""
    started: list[str] = []

    def make(*steps: PlacedStep, **options: Any) -> str:
        answer = http.post(f"/api/workflows/{new_workflow(*steps, **options)}/runs/", json={})
        assert answer.status_code == 201, answer.text
        started.append(str(answer.json()["id"]))
        return started[-1]

    yield make
    for run in started:
        stop_run(run)
