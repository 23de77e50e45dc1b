"""The line between browser and server, to be cut and mended."""

from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute


class Line:
    """Make it before the page is loaded. `cut` breaks sockets as well, which being offline alone does not."""

    def __init__(self, page: Page) -> None:
        self._context: BrowserContext = page.context
        self._sockets: list[WebSocketRoute] = []
        self._is_cut = False
        page.route_web_socket("**/ws/**", self._open)

    def cut(self) -> None:
        """Nothing goes through, and what was open breaks off."""
        self._is_cut = True
        self._context.set_offline(True)
        for socket in self._sockets:
            socket.close(code=1001)
        self._sockets.clear()

    def mend(self) -> None:
        """All goes through again."""
        self._is_cut = False
        self._context.set_offline(False)

    def lose_the_next_answer(self, method: str) -> None:
        """A request of this kind reaches the server, and what it answers never comes back."""

        def lose(route: Route) -> None:
            if route.request.method == method:
                route.fetch()
                route.abort("connectionreset")
                self._context.unroute("**/api/**", lose)
            else:
                route.fallback()

        self._context.route("**/api/**", lose)

    def _open(self, socket: WebSocketRoute) -> None:
        if self._is_cut:
            socket.close(code=1001)
        else:
            socket.connect_to_server()
            self._sockets.append(socket)
