"""What every answer says to the browser: run nothing and fetch nothing that is not ours."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request, session

from kb.config import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "connect-src 'self'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


WITH_STYLES = f"{POLICY}; style-src-attr 'unsafe-inline'"
"""For a page that shows rich text of our own making, whose looks stand in `style` attributes; elements stay forbidden."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
YEAR = 365 * 24 * 3600


def register(app: Flask, settings: Settings) -> None:
    known = known_hosts(settings)

    def check_host() -> None:
        if known and (urlsplit(f"//{request.host}").hostname or "") not in known:
            abort(400)

    def add_transport(response: Response) -> Response:
        if settings.is_https:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        return response

    app.before_request(check_host)
    app.after_request(_add_headers)
    app.after_request(add_transport)


def allow_framing(origins: Sequence[str]) -> None:
    """Lets these sites show the page of this request in a frame of theirs."""
    g.framed_by = tuple(origins)


def allow_style_attributes() -> None:
    """For the page of this request alone."""
    g.has_style_attributes = True


def known_hosts(settings: Settings) -> frozenset[str]:
    """Names this server answers to; none when it listens to a network and no address was set: then to any."""
    named = urlsplit(settings.address).hostname
    if named:
        return LOOPBACK | {named}
    return LOOPBACK if settings.host in LOOPBACK else frozenset()


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if g.get("framed_by"):
        policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(g.framed_by)}")
        response.headers["Content-Security-Policy"] = policy
        del response.headers["X-Frame-Options"]  # it knows no list of sites
    if g.get("has_style_attributes", False):
        response.headers["Content-Security-Policy"] = WITH_STYLES
    if request.endpoint != "static":
        # Text size and contrast come from cookies: an intermediate cache must not hand one reader's page to another.
        # What was made for a session stays nowhere, not even in the browser of a shared computer.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if session:
            response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
