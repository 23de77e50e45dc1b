"""Looks over a test's shoulder: whatever goes wrong in its browser fails the test, seen or not."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError, WebSocket

# Chromium says most violations on the console by itself; this hears them all.
HEAR_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', event =>
  console.error(`Content policy: ${event.effectiveDirective} refused ${event.blockedURI}`))
"""
NO_CONNECTION = (
    r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_|ERR_SOCKET_|ERR_NETWORK_CHANGED|ERR_EMPTY_RESPONSE"
    r"|Connection closed before receiving"  # by the proxy of a published port, behind which nobody is
)


class Watch:
    """Collects what must not happen: errors on the console or in a page, broken answers, calls elsewhere."""

    def __init__(self, context: BrowserContext) -> None:
        self._troubles: list[str] = []
        self._expected: list[str] = []
        context.add_init_script(HEAR_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._page_error)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("page", self._page)

    def expect(self, pattern: str) -> None:
        """What fits this pattern is part of the test, from here on."""
        self._expected.append(pattern)

    def expect_broken_line(self) -> None:
        """The connection is cut on purpose; the browser may complain about that."""
        self.expect(NO_CONNECTION)

    def check(self) -> None:
        """Fails with everything that went wrong."""
        assert not self._troubles, "\n".join(self._troubles)

    def _note(self, trouble: str) -> None:
        if not any(re.search(pattern, trouble) for pattern in self._expected):
            self._troubles.append(trouble)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"On the console: {message.text} ({message.location['url']})")

    def _page_error(self, error: WebError) -> None:
        self._note(f"Nobody caught: {error.error}")

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.request.method} {response.url} answered {response.status}")

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)

    def _socket(self, socket: WebSocket) -> None:
        self._address(socket.url)

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self._note(f"Asked somebody else: {url}")
