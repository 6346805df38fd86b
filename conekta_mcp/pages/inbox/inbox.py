"""The pages of the inbox: the list of approvals, and one approval with its history."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.errors import AnswerUnrecorded
from conekta_mcp.pages.approval_view import ApprovalView, build_view
from conekta_mcp.pages.approvers.approver import Approver
from conekta_mcp.pages.inbox.context import InboxContext
from conekta_mcp.pages.inbox.record_rows import list_record_rows, summarize_outcome
from conekta_mcp.pages.inbox.requests import APPROVAL_ID, INBOX_PATH, Visit
from conekta_mcp.pages.inbox.words import bind_inbox_texts
from conekta_mcp.pages.wording import bind_page_texts, choose_language

MAX_DECIDED = 50
READING_SECONDS = 1.0
"""An approval within this time after the question was first shown is refused as unread."""
DECISIONS = {"approve": True, "decline": False}


@dataclass(frozen=True)
class ListedApproval:
    id: str
    caller: str
    view: ApprovalView
    outcome: str


@dataclass(frozen=True)
class InboxPages:
    """Serves /approvals and the addresses below it."""

    context: InboxContext

    async def show_list(self, request: Request) -> Response:
        visit = self.context.receive_visit(request)
        approver = await self.context.admit(visit)
        if isinstance(approver, Response):
            return approver
        language, now = choose_language(request, self.context.language), await self.context.store.read_time()
        found = await self.context.pending.list_all()
        pending = [one for one in found if one.is_open(now)]
        decided = [one for one in found if not one.is_open(now)][:MAX_DECIDED]
        return self.context.render_for(
            visit,
            approver,
            "inbox/list.html",
            pending=[self._list_approval(one, language, now) for one in pending],
            decided=[self._list_approval(one, language, now) for one in decided],
        )

    async def show_approval(self, request: Request) -> Response:
        visit = self.context.receive_visit(request)
        approver = await self.context.admit(visit)
        if isinstance(approver, Response):
            return approver
        approval = await self._find(request)
        if approval is None:
            return self._show_nothing(visit, approver)
        now = await self.context.store.read_time()
        if not approval.is_open(now):
            return self._show_record(visit, approver, approval, now)
        approval = await self.context.pending.note_shown(approval.id) or approval
        language = choose_language(request, self.context.language)
        notice = bind_inbox_texts(language)("own_call") if self._is_own_call(approver, approval) else ""
        return self.context.render_for(
            visit,
            approver,
            "inbox/approval.html",
            view=build_view(approval, language, now),
            action=_get_path(approval),
            state_url=f"{_get_path(approval)}/state",
            # Each time: another approver may have been shown it long ago, and this one reads it now.
            wake_ms=round(READING_SECONDS * 1000),
            notice=notice,
        )

    async def decide(self, request: Request) -> Response:
        visit = self.context.receive_visit(request)
        form = await visit.read_form()
        if not visit.is_own_form(form):
            return self.context.show_notice(visit, "forged", 403)
        approver = await self.context.admit(visit)
        if isinstance(approver, Response):
            return approver
        wants_yes = DECISIONS.get(form.get("decision", ""))
        approval = await self._find(request)
        if approval is None:
            return self._show_nothing(visit, approver)
        if wants_yes is None:
            return self.context.show_notice(visit, "forged", 400)
        now = await self.context.store.read_time()
        if wants_yes and self._is_own_call(approver, approval):
            return self._show_notice(visit, approver, "four_eyes", 403)
        if wants_yes and (approval.shown_at is None or now - approval.shown_at < READING_SECONDS):
            return self.context.redirect(_get_path(approval))
        try:
            decided = await self.context.pending.decide(
                approval.id, approved=wants_yes, by=approver.name, channel="inbox", address=visit.address
            )
        except AnswerUnrecorded:
            return self._show_notice(visit, approver, "unrecorded", 200)
        if decided is None:
            return self._show_nothing(visit, approver)
        counts = {"approved", "spent"} if wants_yes else {"declined"}
        if decided.state in counts and (decided.channel, decided.decided_by) == ("inbox", approver.name):
            return self.context.redirect(_get_path(approval))
        return self._show_record(visit, approver, decided, now, is_late=True)

    async def tell_state(self, request: Request) -> Response:
        # Not admitted like a view: a page asks this by itself as long as it is open.
        approver = await self.context.sessions.find(self.context.receive_visit(request).session_id or "")
        approval = await self._find(request) if approver else None
        headers = {"Cache-Control": "no-store"}
        if approval is None:
            return JSONResponse({"state": "gone"}, 404, headers=headers)
        return JSONResponse({"state": approval.stage}, headers=headers)

    async def show_nothing(self, request: Request) -> Response:
        return self.context.show_nothing(self.context.receive_visit(request))

    async def _find(self, request: Request) -> PendingApproval | None:
        """Return the approval of the address, closed if it has expired."""
        approval_id = request.path_params["approval_id"]
        return await self.context.pending.expire(approval_id) if APPROVAL_ID.fullmatch(approval_id) else None

    def _list_approval(self, approval: PendingApproval, language: str, now: float) -> ListedApproval:
        outcome = summarize_outcome(approval, language, now, self.context.times)
        return ListedApproval(approval.id, approval.caller, build_view(approval, language, now), outcome)

    def _is_own_call(self, approver: Approver, approval: PendingApproval) -> bool:
        return (self.context.four_eyes or approval.four_eyes) and approval.is_call_of(approver.keys)

    def _show_record(
        self,
        visit: Visit,
        approver: Approver,
        approval: PendingApproval,
        now: float,
        *,
        is_late: bool = False,
    ) -> Response:
        language = choose_language(visit.request, self.context.language)
        view = build_view(approval, language, now)
        is_usable = approval.is_usable(now)
        return self.context.render_for(
            visit,
            approver,
            "inbox/record.html",
            status=409 if is_late else 200,
            notice=bind_page_texts(language)("elsewhere_next") if is_late else "",
            view=replace(
                view, rows=[*list_record_rows(approval, language, now, self.context.times), *view.rows]
            ),
            action=_get_path(approval),
            can_take_back=is_usable,
            # Only a yes goes on to something: its page asks whether it was used, and how that ended.
            state_url=f"{_get_path(approval)}/state" if approval.may_go_on(now) else "",
        )

    def _show_nothing(self, visit: Visit, approver: Approver) -> Response:
        return self._show_notice(visit, approver, "nothing_here", 404)

    def _show_notice(self, visit: Visit, approver: Approver, name: str, status: int) -> Response:
        tell = bind_inbox_texts(choose_language(visit.request, self.context.language))
        return self.context.render_for(
            visit,
            approver,
            "inbox/notice.html",
            status=status,
            title=tell(name),
            next=tell(f"{name}_next"),
        )


def _get_path(approval: PendingApproval) -> str:
    return f"{INBOX_PATH}/{approval.id}"
