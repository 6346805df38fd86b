"""Signs approvers in and out."""

from dataclasses import dataclass, field
from math import ceil

from starlette.requests import Request
from starlette.responses import Response

from conekta_mcp.pages.approvers.approver import Approver, normalize_name
from conekta_mcp.pages.approvers.attempts import SignInAttempts
from conekta_mcp.pages.approvers.passphrases import MAX_LENGTH, Passphrases
from conekta_mcp.pages.approvers.sessions import create_session_id, derive_form_token
from conekta_mcp.pages.inbox.audit import record_sign_in
from conekta_mcp.pages.inbox.context import SIGN_IN_PATH, InboxContext
from conekta_mcp.pages.inbox.requests import APPROVAL_ID, INBOX_PATH, Visit
from conekta_mcp.pages.inbox.words import bind_inbox_texts
from conekta_mcp.pages.wording import choose_language


@dataclass(frozen=True)
class SignInPages:
    """Serves /approvals/sign-in and /approvals/sign-out."""

    context: InboxContext
    passphrases: Passphrases = field(default_factory=Passphrases)

    async def show_form(self, request: Request) -> Response:
        visit = self.context.receive_visit(request)
        if visit.has_lost_cookie:
            return self.context.open_again(visit)
        if visit.session_id and await self.context.sessions.find(visit.session_id):
            return self.context.redirect(INBOX_PATH)
        return self._render_form(visit, _read_target(request.query_params.get("next", "")))

    async def sign_in(self, request: Request) -> Response:
        visit = self.context.receive_visit(request)
        form = await visit.read_form()
        if not visit.is_own_form(form):
            return self.context.show_notice(visit, "forged", 403)
        target = _read_target(form.get("next", ""))
        tell = bind_inbox_texts(choose_language(request, self.context.language))
        name = normalize_name(form.get("name", ""))
        attempts = SignInAttempts(self.context.store)
        address = self.context.group_address(request.client.host if request.client else None)
        lockout = await attempts.count(name or "", address)
        known = await self.context.approvers.find(name) if name else None
        person = known.name if known else None
        if lockout is not None:
            if lockout.is_new:
                await record_sign_in(self.context, visit, person, "locked_out", f"too_many_of_{lockout.by}")
            problem = tell("too_many").format(minutes=ceil(lockout.seconds / 60))
            response = self._render_form(visit, target, problem, 429)
            response.headers["Retry-After"] = str(ceil(lockout.seconds))
            return response
        approver = await self._find_approver(name, form.get("passphrase", ""))
        if approver is None:
            await record_sign_in(self.context, visit, person, "refused")
            return self._render_form(visit, target, tell("wrong"), 403)
        # Before anything is given out: without a record nobody signs in.
        await record_sign_in(self.context, visit, approver.name, "signed_in")
        await attempts.forget(approver.name, address)
        # Always a new session: one that somebody else put into this browser stays worth nothing.
        await self.context.sessions.end(visit.session_id or "")
        response = self.context.redirect(f"{INBOX_PATH}/{target}" if target else INBOX_PATH)
        visit.set_cookie(response, await self.context.sessions.begin(approver))
        return response

    async def sign_out(self, request: Request) -> Response:
        visit = self.context.receive_visit(request)
        if not visit.is_own_form(await visit.read_form()):
            return self.context.show_notice(visit, "forged", 403)
        if approver := await self.context.sessions.find(visit.session_id or ""):
            await record_sign_in(self.context, visit, approver.name, "signed_out")
        await self.context.sessions.end(visit.session_id or "")
        response = self.context.redirect(SIGN_IN_PATH)
        visit.set_cookie(response, create_session_id())
        return response

    async def _find_approver(self, name: str | None, passphrase: str) -> Approver | None:
        """Return the approver with this passphrase; unknown names take as long to be refused."""
        found = await self.context.approvers.find(name) if name else None
        known = found.passphrase_hash if found and not found.is_disabled else None
        # A longer one than any that can be set: it is cut, so that it takes no longer, and is not right.
        is_right = await self.passphrases.check(known, passphrase[: MAX_LENGTH + 1])
        return found if is_right else None

    def _render_form(self, visit: Visit, target: str, problem: str = "", status: int = 200) -> Response:
        # The form has a token before anybody has signed in: nobody else can sign this browser in.
        session_id = visit.session_id or create_session_id()
        csrf = derive_form_token(session_id)
        response = self.context.render(
            visit,
            "inbox/sign_in.html",
            status=status,
            csrf=csrf,
            next=target,
            problem=problem,
            action=SIGN_IN_PATH,
        )
        if visit.session_id is None:
            visit.set_cookie(response, session_id)
        return response


def _read_target(text: str) -> str:
    """Return the id of the approval to open after signing in; other targets are ignored."""
    return text if APPROVAL_ID.fullmatch(text) else ""
