"""What the pages of the inbox share: the signed-in approver, and how a page is rendered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from conekta_mcp.audit.log import AuditLog
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.pages.approvers.approver import Approver, Approvers
from conekta_mcp.pages.approvers.sessions import ApproverSessions, derive_form_token
from conekta_mcp.pages.inbox.requests import INBOX_PATH, Visit
from conekta_mcp.pages.inbox.words import bind_inbox_texts
from conekta_mcp.pages.wording import choose_language
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.storage.protocol import Store

SIGN_IN_PATH = f"{INBOX_PATH}/sign-in"


@dataclass(frozen=True, kw_only=True)
class InboxContext:
    """What the inbox of one process works with; each page is given it."""

    store: Store
    approvers: Approvers
    find_pending: Callable[[], PendingApprovals]
    language: str
    times: LocalTimes
    four_eyes: bool
    is_local: Callable[[Scope], bool]
    """Tells whether a request comes from this machine, through no proxy."""
    group_address: Callable[[str | None], str]
    """Returns the key for requests of one caller: the address, or the network of an IPv6 one."""
    audit: AuditLog

    @property
    def sessions(self) -> ApproverSessions:
        return ApproverSessions(self.store, self.approvers)

    @property
    def pending(self) -> PendingApprovals:
        return self.find_pending()

    def receive_visit(self, request: Request) -> Visit:
        return Visit(request, request.url.scheme == "http" and self.is_local(request.scope))

    async def admit(self, visit: Visit) -> Approver | Response:
        """Return who is signed in, or the response for anybody else."""
        if visit.has_lost_cookie:
            return self.open_again(visit)
        approver = await self.sessions.use(visit.session_id) if visit.session_id else None
        if approver:
            return approver
        wanted = visit.request.path_params.get("approval_id")
        return self.redirect(f"{SIGN_IN_PATH}?next={wanted}" if wanted else SIGN_IN_PATH)

    def render(self, visit: Visit, template: str, *, status: int = 200, **facts: Any) -> Response:
        # Jinja2 is imported when somebody visits the inbox, not at each start.
        from conekta_mcp.pages.rendering import render_page

        language = choose_language(visit.request, self.language)
        known = {"tell": bind_inbox_texts(language), "path": INBOX_PATH, **facts}
        return render_page(template, language, status=status, **known)

    def render_for(
        self, visit: Visit, approver: Approver, template: str, *, status: int = 200, **facts: Any
    ) -> Response:
        """Render a page for a signed-in approver."""
        csrf = derive_form_token(visit.session_id or "")
        return self.render(visit, template, status=status, approver=approver.name, csrf=csrf, **facts)

    def redirect(self, path: str) -> Response:
        from conekta_mcp.pages.rendering import build_headers

        return RedirectResponse(path, 303, headers=build_headers())

    def show_notice(self, visit: Visit, name: str, status: int) -> Response:
        tell = bind_inbox_texts(choose_language(visit.request, self.language))
        return self.render(visit, "notice.html", status=status, title=tell(name), next=tell(f"{name}_next"))

    def show_nothing(self, visit: Visit) -> Response:
        return self.show_notice(visit, "nothing_here", 404)

    def open_again(self, visit: Visit) -> Response:
        """Return a page that requests its own address again, so that the request is same-site.

        Otherwise a person who follows a link of a chat would have to sign in again.
        """
        response = self.show_notice(visit, "opening_inbox", 200)
        response.headers["Refresh"] = "0"
        return response
