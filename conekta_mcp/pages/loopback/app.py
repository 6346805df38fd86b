"""The web app of the loopback page: exchanges the secret, shows the question, takes the answer."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.errors import AnswerUnrecorded
from conekta_mcp.pages.approval_view import build_view, list_decision
from conekta_mcp.pages.loopback.access import PageAccess, PageSession
from conekta_mcp.pages.loopback.peers import is_own_user
from conekta_mcp.pages.loopback.same_origin import is_own_host, is_same_origin
from conekta_mcp.pages.rendering import build_headers, render_page
from conekta_mcp.pages.wording import bind_page_texts, choose_language

READING_SECONDS = 1.0
"""An approval within this time after the question was first shown is refused as unread."""
MAX_FORM_BYTES = 4_096
COOKIE_SECONDS = 86_400


def create_loopback_app(
    *,
    pending: PendingApprovals,
    access: PageAccess,
    read_time: Callable[[], Awaitable[float]],
    language: str,
    port: int,
) -> Starlette:
    pages = LoopbackPages(pending, access, read_time, language, port)
    routes = [
        Route("/", pages.show_opening),
        Route("/session", pages.exchange, methods=["POST"]),
        Route("/question/{approval_id}", pages.show_question),
        Route("/question/{approval_id}", pages.decide, methods=["POST"]),
        Route("/question/{approval_id}/state", pages.tell_state),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(HostGate, refuse=pages.refuse_host, port=port)],
        exception_handlers={HTTPException: pages.answer_http_exception},
    )


class HostGate:
    """Passes only requests that name this computer and port: DNS can point other names to 127.0.0.1."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Request], Response], port: int) -> None:
        self._app, self._refuse, self._port = app, refuse, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_own_host(Request(scope), self._port):
            await self._refuse(Request(scope))(scope, receive, send)
            return
        await self._app(scope, receive, send)


@dataclass(frozen=True)
class LoopbackPages:
    """Serves each address of the app."""

    pending: PendingApprovals
    access: PageAccess
    read_time: Callable[[], Awaitable[float]]
    language: str
    port: int

    async def show_opening(self, request: Request) -> Response:
        return render_page("opening.html", choose_language(request, self.language))

    async def exchange(self, request: Request) -> Response:
        if not is_same_origin(request, self.port):
            return self._show_notice(request, "refused", 403)
        if not await is_own_user(request, self.port):
            return self._show_notice(request, "refused", 403)
        secret = (await _read_form(request)).get("secret", "")
        try:
            exchanged = self.access.exchange_secret(secret, await self.read_time())
        except LookupError:
            return self._show_notice(request, "unknown_address", 404)
        if exchanged is None:
            return self._show_notice(request, "used_address", 410)
        cookie, session = exchanged
        answer = _redirect_to(session.approval_id)
        answer.set_cookie(
            _name_cookie(session.approval_id),
            cookie,
            max_age=COOKIE_SECONDS,
            path=_get_path(session.approval_id),
            httponly=True,
            samesite="strict",
        )
        return answer

    async def show_question(self, request: Request) -> Response:
        session = self._find_session(request)
        approval = await self._find_approval(session)
        if session is None or approval is None:
            return self._show_notice(request, "unknown_address", 404)
        return await self._show(request, approval, session)

    async def tell_state(self, request: Request) -> Response:
        session = self._find_session(request)
        approval = await self._find_approval(session)
        if session is None or approval is None:
            return JSONResponse({"state": "gone"}, 404, headers=build_headers())
        session.last_seen = await self.read_time()
        return JSONResponse({"state": approval.stage}, headers=build_headers())

    async def decide(self, request: Request) -> Response:
        form = await _read_form(request)
        session = self._find_session(request)
        if session is None:
            return self._show_notice(request, "unknown_address", 404)
        if not is_same_origin(request, self.port) or not _is_equal(form.get("csrf", ""), session.csrf):
            return self._show_notice(request, "refused", 403)
        if form.get("decision") not in {"approve", "decline"}:
            return self._show_notice(request, "refused", 400)
        wants_yes = form["decision"] == "approve"
        shown = session.first_shown
        if wants_yes and (shown is None or await self.read_time() - shown < READING_SECONDS):
            return _redirect_to(session.approval_id)
        try:
            decided = await self.pending.decide(
                session.approval_id, approved=wants_yes, by="browser", channel="browser"
            )
        except AnswerUnrecorded:
            session.has_answered = True
            return self._show_notice(request, "unrecorded", 200)
        if decided is None:
            return self._show_notice(request, "unknown_address", 404)
        counts = {"approved", "spent"} if wants_yes else {"declined"}
        if decided.state in counts and decided.channel == "browser":
            # Whoever answers twice in the same way, as with a double click, is shown the same result.
            session.has_answered = True
            return _redirect_to(session.approval_id)
        decided = await self.pending.expire(decided.id) or decided
        return await self._show(request, decided, replace(session, has_answered=False), conflict=True)

    def refuse_host(self, request: Request) -> Response:
        return self._show_notice(request, "unknown_address", 421)

    async def answer_http_exception(self, request: Request, failure: Exception) -> Response:
        status = failure.status_code if isinstance(failure, HTTPException) else 500
        return self._show_notice(request, "unknown_address", status)

    async def _show(
        self, request: Request, approval: PendingApproval, session: PageSession, *, conflict: bool = False
    ) -> Response:
        """Show the question while it is open, and its outcome afterwards."""
        now = session.last_seen = await self.read_time()
        language = choose_language(request, self.language)
        if not approval.is_open(now):
            return _show_result(approval, session, language, now, conflict=conflict)
        approval = await self.pending.note_shown(approval.id) or approval
        if session.first_shown is None:
            session.first_shown = now
        wake = max(0.0, session.first_shown + READING_SECONDS - now)
        return render_page(
            "approval.html",
            language,
            view=build_view(approval, language, now),
            action=_get_path(approval.id),
            state_url=f"{_get_path(approval.id)}/state",
            csrf=session.csrf,
            wake_ms=round(wake * 1000) or "",
        )

    async def _find_approval(self, session: PageSession | None) -> PendingApproval | None:
        return await self.pending.expire(session.approval_id) if session else None

    def _find_session(self, request: Request) -> PageSession | None:
        approval_id = request.path_params["approval_id"]
        return self.access.find_session(request.cookies.get(_name_cookie(approval_id)), approval_id)

    def _show_notice(self, request: Request, name: str, status: int) -> Response:
        language = choose_language(request, self.language)
        say = bind_page_texts(language)
        return render_page("notice.html", language, status=status, title=say(name), next=say(f"{name}_next"))


def _show_result(
    approval: PendingApproval, session: PageSession, language: str, now: float, *, conflict: bool
) -> Response:
    """Show the outcome of a question that is no longer open."""
    say, state = bind_page_texts(language), approval.state
    view = build_view(approval, language, now)
    status = 409 if conflict else 200
    if approval.result is not None and approval.channel == "browser":
        title, following = say("ended_by_server"), say("ended_by_server_next")
    elif state == "expired" or (state == "approved" and not approval.is_usable(now)):
        name, status = "expired", 410
        title, following = say(name), say(f"{name}_next")
    elif session.has_answered and approval.channel == "browser":
        title, following = say(state), say(f"{state}_next")
    else:
        title = say("elsewhere_declined" if state == "declined" else "elsewhere_approved")
        following = say("elsewhere_next")
        view = replace(view, rows=[*list_decision(approval, language), *view.rows])
    # Only a yes goes on to something: its page asks whether it was used, and how that ended.
    has_next_page = approval.may_go_on(now) and status == 200
    state_url = f"{_get_path(approval.id)}/state" if has_next_page else ""
    return render_page(
        "result.html", language, status=status, view=view, title=title, next=following, state_url=state_url
    )


async def _read_form(request: Request) -> dict[str, str]:
    """Return the fields of a short form; {} for a longer body, or one that is not a form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in fields.items()}


def _redirect_to(approval_id: str) -> Response:
    return RedirectResponse(_get_path(approval_id), 303, headers=build_headers())


def _get_path(approval_id: str) -> str:
    return f"/question/{approval_id}"


def _name_cookie(approval_id: str) -> str:
    # Cookies of all ports of this computer are kept together.
    return f"conekta-approval-{approval_id}"


def _is_equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
