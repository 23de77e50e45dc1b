#!/usr/bin/python3 -I
"""Fetches a page by http or https and passes it on, as it is or as the text that people read."""

import errno
import re
import signal
import socket
import ssl
import sys
from http.client import HTTPException, HTTPResponse
from typing import NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    UnknownHandler,
)

from stepkit import choice, fail, setting, shorten, whole_number
from stepkit.page_text import page_text

CHUNK = 1 << 16
UNREACHABLE = (errno.EADDRNOTAVAIL, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
# Only the web: no file:// and no ftp://, not even after a redirect; no proxy from the environment.
HANDLERS = (
    HTTPHandler,
    HTTPSHandler,
    HTTPRedirectHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    UnknownHandler,
)
HEADERS = {"User-Agent": "Composer/1.0 (fetch-page)", "Accept": "*/*", "Accept-Encoding": "identity"}


def checked(address: str) -> str:
    """The address in the letters the web allows; ends the step in words where it is none."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not re.match(r"https?://", address, re.IGNORECASE):
        fail(f"“{shorten(address)}” is not a web address. It must begin with http:// or https://")
    if not host or re.search(r"[\s\x00-\x1f]", host):
        fail(f"“{shorten(address)}” names no website. Write it like https://example.com/page")
    try:
        name = host.encode("idna").decode()
    except UnicodeError:
        fail(f"“{shorten(host)}” cannot be the name of a website. Check the address.")
    netloc = parts.netloc.replace(host, name) if host in parts.netloc else parts.netloc
    # What is escaped already stays so; a space or an ü typed by a person is escaped now.
    path = quote(parts.path or "/", safe="/%:=&?~+!$,;'@()*[]")
    return parts._replace(
        netloc=netloc, path=path, query=quote(parts.query, safe="/%:=&?~+!$,;'@()*[]"), fragment=""
    ).geturl()


def open_page(address: str, wait: int) -> HTTPResponse:
    opener = OpenerDirector()
    for handler in HANDLERS:
        opener.add_handler(handler())
    host = urlsplit(address).hostname or address
    try:
        request = Request(address, headers=HEADERS)  # noqa: S310 - checked() let only the web pass
        response = opener.open(request, timeout=wait)
    except HTTPError as error:
        fail(f"{host} answered “{error.code} {error.reason}”. {_meaning(error.code)}")
    except (URLError, OSError, HTTPException, ValueError) as error:
        _tell(host, error, wait)
    if not isinstance(response, HTTPResponse):
        fail("The page led to an address that is not on the web.")
    return response


def _meaning(code: int) -> str:
    if code in (401, 403):
        return "The page is not open to everyone."
    if code in (404, 410):
        return "There is no such page. Check the address."
    if code == 429:
        return "The website is asked too often. Try again later."
    return "The website has a problem. Try again later." if code >= 500 else "Check the address."


def _tell(host: str, error: Exception, wait: int) -> NoReturn:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, socket.gaierror):
        fail(f"There is no website called “{shorten(host)}”, or the internet cannot be reached.")
    if isinstance(reason, TimeoutError):
        fail(f"{host} did not answer within {wait} seconds. Try again later.")
    if isinstance(reason, ssl.SSLError):
        said = getattr(reason, "verify_message", "") or reason.reason or str(reason)
        fail(f"The connection to {host} is not safe: {said}.")
    if isinstance(reason, ConnectionRefusedError):
        fail(f"{host} is there, but refused the connection. Check the address.")
    if isinstance(reason, OSError) and reason.errno in UNREACHABLE:
        fail(f"{host} cannot be reached from here. Check the address and the connection to the internet.")
    fail(f"{host} could not be read: {reason}.")


def pass_on(response: HTTPResponse) -> None:
    """As it is, chunk by chunk; a page cut short is an error."""
    total, expected = 0, response.length
    while chunk := response.read(CHUNK):
        sys.stdout.buffer.write(chunk)
        total += len(chunk)
    sys.stdout.buffer.flush()
    if expected and total < expected:
        fail(f"The connection broke after {total:,} of {expected:,} bytes. Try again.")


def read_text(response: HTTPResponse) -> str:
    charset = response.headers.get_content_charset() or "utf-8"
    try:
        page = response.read().decode(charset, "replace")
    except LookupError:
        fail(f"The page is written in “{charset}”, which nobody knows here. Pass the page on as it is.")
    if response.headers.get_content_type() not in ("text/html", "application/xhtml+xml"):
        return page
    return page_text(page)


def main() -> None:
    wait = whole_number("wait", 30, 1, 250)
    address = checked(setting("address"))
    host = urlsplit(address).hostname or address
    as_text = choice("give", "page", "text") == "text"
    # The timeout of a socket starts anew with every byte; this one is for the whole page.
    signal.signal(signal.SIGALRM, lambda *_: _tell(host, TimeoutError(), wait))
    signal.alarm(wait)
    with open_page(address, wait) as response:
        try:
            if as_text:
                sys.stdout.buffer.write(read_text(response).encode())
                sys.stdout.buffer.flush()
            else:
                pass_on(response)
        except (OSError, HTTPException) as error:
            _tell(host, error, wait)


if __name__ == "__main__":
    main()
