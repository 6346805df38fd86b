"""Reads a request of the inbox: its cookie, its form, and whether one of our pages sent it."""

import hmac
import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from conekta_mcp.pages.approvers.sessions import derive_form_token

INBOX_PATH = "/approvals"
APPROVAL_ID = re.compile("[0-9a-f]{24}")
COOKIE = "conekta_approvals"
HOST_COOKIE = f"__Host-{COOKIE}"
"""Browsers accept a cookie with this prefix over https only, and for this host only."""
MAX_FORM_BYTES = 8192
MAX_FIELDS = 20
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Visit:
    """One request to the inbox."""

    request: Request
    is_plain: bool
    """Whether it came over http from this machine; any other cookie needs https."""

    @property
    def session_id(self) -> str | None:
        return self.request.cookies.get(COOKIE if self.is_plain else HOST_COOKIE) or None

    @property
    def address(self) -> str:
        """Return from where it came; unknown is also what a proxy passes on that is no address."""
        host = self.request.client.host.partition("%")[0] if self.request.client else ""
        try:
            ip_address(host)
        except ValueError:
            return "unknown"
        return host

    @property
    def has_lost_cookie(self) -> bool:
        """Tell whether a link of another site led here: then browsers hold back a strict cookie."""
        site = self.request.headers.get("sec-fetch-site")
        return self.session_id is None and site in {"cross-site", "same-site"}

    async def read_form(self) -> dict[str, str]:
        """Return the fields of a form; {} for any other body, or one that is too long."""
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await self.request.body()
        if kind != FORM_TYPE or len(body) > MAX_FORM_BYTES:
            return {}
        try:
            found = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)
        except ValueError:
            return {}
        return dict(found)

    def is_own_form(self, form: dict[str, str]) -> bool:
        """Tell whether a page of this inbox sent the form, in the session of the cookie."""
        if self.session_id is None or not self._is_own_origin():
            return False
        expected = derive_form_token(self.session_id)
        return hmac.compare_digest(form.get("csrf", "").encode(errors="replace"), expected.encode())

    def set_cookie(self, response: Response, session_id: str) -> None:
        """Let the browser keep the session until it is closed."""
        response.set_cookie(
            COOKIE if self.is_plain else HOST_COOKIE,
            session_id,
            # A cookie that is bound to its host has to be one of all its paths.
            path=INBOX_PATH if self.is_plain else "/",
            secure=not self.is_plain,
            httponly=True,
            samesite="strict",
        )

    def _is_own_origin(self) -> bool:
        headers = self.request.headers
        site, origin = headers.get("sec-fetch-site"), headers.get("origin", "null")
        # Pages without referrer send the origin null with their forms; then the browser's word for the site
        # has to be there, which browsers give over https and on this machine.
        if origin != "null" and not self._is_own_address(origin):
            return False
        return site == "same-origin" if site is not None else origin != "null"

    def _is_own_address(self, origin: str) -> bool:
        host = self.request.headers.get("host", "").lower()
        schemes = ("http", "https") if self.is_plain else ("https",)
        return origin in {f"{scheme}://{host}" for scheme in schemes}
