"""The loopback page's rules, request by request: one secret, one cookie, one origin, one answer."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from conekta_mcp.audit.log import AuditLog
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.pages.loopback.access import PageAccess
from conekta_mcp.pages.loopback.app import MAX_FORM_BYTES, create_loopback_app
from tests.pages.questions import NAME, Questions

pytestmark = pytest.mark.anyio
PORT = 41_234
OURS = f"http://127.0.0.1:{PORT}"
SAME = {"origin": "null", "sec-fetch-site": "same-origin"}
"""What a browser sends with a form of a page that names no referrer."""


@dataclass
class Site:
    """The app with its questions, and browsers that each have their cookies."""

    language: str = "es"
    questions: Questions = field(default_factory=Questions)
    access: PageAccess = field(default_factory=PageAccess)
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = create_loopback_app(
            pending=self.questions.pending,
            access=self.access,
            read_time=self.questions.read_time,
            language=self.language,
            port=PORT,
        )

    def browser(self) -> httpx.AsyncClient:
        browser = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=OURS, headers=SAME)
        self.browsers.append(browser)
        return browser

    def secret(self, approval: PendingApproval) -> str:
        return self.access.create_secret(approval.id, self.questions.clock())

    async def open(self, approval: PendingApproval) -> tuple[httpx.AsyncClient, str]:
        """A browser that was shown an approval a second ago, and its CSRF token."""
        browser = self.browser()
        answer = await browser.post("/session", data={"secret": self.secret(approval)}, follow_redirects=True)
        assert answer.status_code == 200
        self.questions.clock.now += 1
        return browser, read_csrf(answer)


def read_csrf(answer: httpx.Response) -> str:
    [csrf] = re.findall(r'name="csrf" value="([^"]+)"', answer.text)
    return str(csrf)


def read_title(answer: httpx.Response) -> str:
    [title] = re.findall("<h1>(.*)</h1>", answer.text)
    return str(title)


async def answer(browser: httpx.AsyncClient, approval: PendingApproval, **given: Any) -> httpx.Response:
    """Press a button, and follow to what is shown then."""
    return await browser.post(f"/question/{approval.id}", follow_redirects=True, **given)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    yield site
    for browser in site.browsers:
        await browser.aclose()
    await site.questions.store.close()


async def test_the_opening_page_holds_no_question_and_no_secret(site: Site) -> None:
    approval = await site.questions.ask()
    secret = site.secret(approval)
    answer = await site.browser().get("/")
    assert answer.status_code == 200
    assert read_title(answer) == "Abriendo la pregunta…"
    assert secret not in answer.text
    assert approval.id not in answer.text


async def test_a_secret_becomes_a_cookie_for_its_approval_only(site: Site) -> None:
    approval, other = await site.questions.ask(), await site.questions.ask()
    browser = site.browser()
    exchanged = await browser.post("/session", data={"secret": site.secret(approval)})
    assert (exchanged.status_code, exchanged.headers["location"]) == (303, f"/question/{approval.id}")
    cookie = exchanged.headers["set-cookie"]
    assert cookie.startswith(f"conekta-approval-{approval.id}=")
    assert {"HttpOnly", f"Path=/question/{approval.id}", "SameSite=strict"} <= set(cookie.split("; "))
    assert (await browser.get(f"/question/{approval.id}")).status_code == 200
    value = cookie.split("=", 1)[1].split(";")[0]
    forged = {"cookie": f"conekta-approval-{other.id}={value}"}
    assert (await site.browser().get(f"/question/{other.id}", headers=forged)).status_code == 404


async def test_a_secret_works_once(site: Site) -> None:
    approval = await site.questions.ask()
    secret = site.secret(approval)
    await site.browser().post("/session", data={"secret": secret})
    again = await site.browser().post("/session", data={"secret": secret})
    assert (again.status_code, read_title(again)) == (410, "Esta dirección ya se usó")
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("secret", ["", "guess", "é"])
async def test_an_unknown_secret_opens_nothing(site: Site, secret: str) -> None:
    answer = await site.browser().post("/session", data={"secret": secret})
    assert (answer.status_code, read_title(answer)) == (404, "Aquí no hay ninguna pregunta")


async def test_a_form_that_is_too_long_is_not_read(site: Site) -> None:
    secret = site.secret(await site.questions.ask())
    answer = await site.browser().post("/session", data={"secret": secret, "more": "x" * MAX_FORM_BYTES})
    assert answer.status_code == 404
    assert (await site.browser().post("/session", data={"secret": secret})).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:9", "sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": OURS, "sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": f"http://localhost:{PORT}"},
        {},
    ],
)
async def test_only_our_own_page_may_post(site: Site, headers: dict[str, str]) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    del browser.headers["origin"], browser.headers["sec-fetch-site"]
    fields = {"csrf": csrf, "decision": "approve"}
    refused = await answer(browser, approval, data=fields, headers=headers)
    assert (refused.status_code, read_title(refused)) == (403, "Esta respuesta no se aceptó")
    exchange = await browser.post("/session", data={"secret": site.secret(approval)}, headers=headers)
    assert exchange.status_code == 403
    assert (await site.questions.find(approval)).state == "shown"


async def test_a_browser_that_tells_only_the_origin_is_believed(site: Site) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    del browser.headers["sec-fetch-site"]
    fields = {"csrf": csrf, "decision": "decline"}
    assert (await answer(browser, approval, data=fields, headers={"origin": OURS})).status_code == 200
    assert (await site.questions.find(approval)).state == "declined"


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:9", f"[::1]:{PORT}", ""]
)
async def test_another_host_is_answered_nothing(site: Site, host: str) -> None:
    approval = await site.questions.ask()
    browser, _ = await site.open(approval)
    for path in ("/", f"/question/{approval.id}", f"/question/{approval.id}/state"):
        refused = await browser.get(path, headers={"host": host})
        assert (refused.status_code, read_title(refused)) == (421, "Aquí no hay ninguna pregunta")


async def test_localhost_is_this_host_too(site: Site) -> None:
    assert (await site.browser().get("/", headers={"host": f"localhost:{PORT}"})).status_code == 200


@pytest.mark.parametrize("csrf", ["", "guess", "é"])
async def test_an_answer_needs_the_token_of_its_page(site: Site, csrf: str) -> None:
    approval = await site.questions.ask()
    browser, _ = await site.open(approval)
    refused = await answer(browser, approval, data={"csrf": csrf, "decision": "approve"})
    assert refused.status_code == 403
    assert (await site.questions.find(approval)).state == "shown"


async def test_an_answer_is_yes_or_no(site: Site) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    for given in ({}, {"decision": "maybe"}):
        assert (await answer(browser, approval, data={"csrf": csrf, **given})).status_code == 400
    assert (await site.questions.find(approval)).state == "shown"


async def test_the_question_is_shown_with_what_others_typed_in_its_own_element(site: Site) -> None:
    approval = await site.questions.ask()
    browser, _ = await site.open(approval)
    page = (await browser.get(f"/question/{approval.id}")).text
    typed = NAME.replace("<", "&lt;").replace(">", "&gt;")
    assert f'<q class="typed">«{typed}»</q>' in page
    assert '<p class="amount">MXN 500.00</p>' in page
    assert '<p class="band live"><strong>EN VIVO</strong>Cuenta tienda-centro, dinero REAL</p>' in page
    assert page.index('value="decline"') < page.index('value="approve"')
    assert (await site.questions.find(approval)).state == "shown"


async def test_a_yes_counts_a_second_after_the_question_was_first_shown(site: Site) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    site.questions.clock.now -= 0.001
    fields = {"csrf": csrf, "decision": "approve"}
    early = await browser.post(f"/question/{approval.id}", data=fields)
    assert (early.status_code, early.headers["location"]) == (303, f"/question/{approval.id}")
    assert (await site.questions.find(approval)).state == "shown"
    assert 'data-wake-ms="1"' in (await browser.get(f"/question/{approval.id}")).text
    site.questions.clock.now += 0.001
    assert 'data-wake-ms=""' in (await browser.get(f"/question/{approval.id}")).text
    assert read_title(await answer(browser, approval, data=fields)) == "Dijiste que sí"
    assert (await site.questions.find(approval)).state == "approved"


async def test_a_yes_before_the_question_was_shown_shows_it(site: Site) -> None:
    approval = await site.questions.ask()
    browser = site.browser()
    await browser.post("/session", data={"secret": site.secret(approval)})
    session = next(iter(site.access._sessions.values()))
    early = await answer(browser, approval, data={"csrf": session.csrf, "decision": "approve"})
    assert read_title(early) == "¿Lo apruebas?"
    assert (await site.questions.find(approval)).state == "shown"


async def test_a_no_counts_at_once(site: Site) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    site.questions.clock.now -= 1
    declined = await answer(browser, approval, data={"csrf": csrf, "decision": "decline"})
    assert (declined.status_code, read_title(declined)) == (200, "Dijiste que no")
    assert "No se hace nada." in declined.text
    ended = await site.questions.find(approval)
    assert (ended.state, ended.decided_by, ended.channel) == ("declined", "browser", "browser")


async def test_a_yes_says_what_follows_and_that_it_was_used(site: Site) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    approved = await answer(browser, approval, data={"csrf": csrf, "decision": "approve"})
    assert (approved.status_code, read_title(approved)) == (200, "Dijiste que sí")
    assert "pídele que repita la misma llamada" in approved.text
    ended = await site.questions.find(approval)
    assert (ended.state, ended.decided_by, ended.channel) == ("approved", "browser", "browser")
    assert await site.questions.pending.spend(ended)
    assert (await browser.get(f"/question/{approval.id}/state")).json() == {"state": "spent"}
    used = await browser.get(f"/question/{approval.id}")
    assert (used.status_code, read_title(used)) == (200, "Tu sí ya se usó")


async def test_the_same_answer_twice_is_shown_its_result(site: Site) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    for _ in range(2):
        shown = await answer(browser, approval, data={"csrf": csrf, "decision": "approve"})
        assert (shown.status_code, read_title(shown)) == (200, "Dijiste que sí")


async def test_a_no_after_a_yes_counts_until_the_yes_is_used(site: Site) -> None:
    approval, other = await site.questions.ask(), await site.questions.ask()
    browser, csrf = await site.open(approval)
    await answer(browser, approval, data={"csrf": csrf, "decision": "approve"})
    taken_back = await answer(browser, approval, data={"csrf": csrf, "decision": "decline"})
    assert read_title(taken_back) == "Dijiste que no"
    browser, csrf = await site.open(other)
    await answer(browser, other, data={"csrf": csrf, "decision": "approve"})
    await site.questions.pending.spend(await site.questions.find(other))
    late = await answer(browser, other, data={"csrf": csrf, "decision": "decline"})
    assert (late.status_code, read_title(late)) == (409, "Ya se aprobó")


async def test_a_yes_after_a_no_changes_nothing(site: Site) -> None:
    approval = await site.questions.ask()
    (first, one), (second, other) = await site.open(approval), await site.open(approval)
    await answer(first, approval, data={"csrf": one, "decision": "decline"})
    late = await answer(second, approval, data={"csrf": other, "decision": "approve"})
    assert (late.status_code, read_title(late)) == (409, "Ya se rechazó")
    assert "En una página de esta computadora" in late.text
    assert (await site.questions.find(approval)).state == "declined"


async def test_an_answer_from_elsewhere_is_shown_with_who_and_where(site: Site) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    await site.questions.pending.decide(approval.id, approved=True, by="berta", channel="inbox")
    seen = await browser.get(f"/question/{approval.id}")
    assert (seen.status_code, read_title(seen)) == (200, "Ya se aprobó")
    assert '<q class="typed">«berta»</q>' in seen.text
    assert "En la bandeja de aprobaciones" in seen.text
    late = await answer(browser, approval, data={"csrf": csrf, "decision": "approve"})
    assert late.status_code == 409


async def test_a_question_whose_time_is_over_says_so(site: Site) -> None:
    approval, approved = await site.questions.ask(), await site.questions.ask()
    browser, csrf = await site.open(approval)
    other, token = await site.open(approved)
    await answer(other, approved, data={"csrf": token, "decision": "approve"})
    site.questions.clock.now = approval.expires_at
    late = await answer(browser, approval, data={"csrf": csrf, "decision": "approve"})
    assert (late.status_code, read_title(late)) == (410, "Ya no se puede responder")
    assert (await browser.get(f"/question/{approval.id}")).status_code == 410
    assert (await browser.get(f"/question/{approval.id}/state")).json() == {"state": "expired"}
    assert (await site.questions.find(approval)).state == "expired"
    assert (await other.get(f"/question/{approved.id}")).status_code == 410


async def test_a_question_that_is_gone_says_so(site: Site) -> None:
    approval = await site.questions.ask()
    browser, csrf = await site.open(approval)
    site.questions.clock.now += 8 * 86_400
    assert (await browser.get(f"/question/{approval.id}")).status_code == 404
    gone = await browser.get(f"/question/{approval.id}/state")
    assert (gone.status_code, gone.json()) == (404, {"state": "gone"})
    assert (await answer(browser, approval, data={"csrf": csrf, "decision": "decline"})).status_code == 404


async def test_whoever_lacks_the_cookie_learns_nothing(site: Site) -> None:
    approval = await site.questions.ask()
    _, csrf = await site.open(approval)
    stranger = site.browser()
    unknown = await stranger.get(f"/question/{approval.id}")
    assert (unknown.status_code, read_title(unknown)) == (404, "Aquí no hay ninguna pregunta")
    assert (await stranger.get(f"/question/{approval.id}/state")).json() == {"state": "gone"}
    assert (await answer(stranger, approval, data={"csrf": csrf, "decision": "approve"})).status_code == 404
    assert (await site.questions.find(approval)).state == "shown"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/other", 404), ("PUT", "/", 405)])
async def test_every_other_address_is_a_page_with_the_same_headers(
    site: Site, method: str, path: str, status: int
) -> None:
    refused = await site.browser().request(method, path)
    assert (refused.status_code, read_title(refused)) == (status, "Aquí no hay ninguna pregunta")


async def test_every_answer_has_the_strict_headers(site: Site) -> None:
    approval = await site.questions.ask()
    browser, _ = await site.open(approval)
    answers = [
        await browser.get("/"),
        await browser.get("/other"),
        await browser.get(f"/question/{approval.id}"),
        await browser.get(f"/question/{approval.id}/state"),
        await browser.post("/session", data={"secret": site.secret(approval)}),
        await browser.get("/", headers={"host": "evil.example"}),
    ]
    for one in answers:
        assert "frame-ancestors 'none'" in one.headers["content-security-policy"]
        assert one.headers["cache-control"] == "no-store"
        assert one.headers["referrer-policy"] == "no-referrer"
        assert one.headers["x-content-type-options"] == "nosniff"


async def test_the_browsers_language_is_shown(site: Site) -> None:
    approval = await site.questions.ask()
    browser, _ = await site.open(approval)
    page = await browser.get(f"/question/{approval.id}", headers={"accept-language": "en-US,en;q=0.9"})
    assert read_title(page) == "Do you approve this?"
    assert "<strong>LIVE</strong>Account tienda-centro, LIVE money" in page.text


@pytest.mark.parametrize(("decision", "state"), [("approve", "approved"), ("decline", "declined")])
async def test_an_answer_that_stands_is_told_though_the_audit_cannot_be_written(
    decision: str, state: str
) -> None:
    class Full:
        async def append(self, _: dict[str, Any]) -> None:
            raise OSError(28, "No space left on device")

    questions = Questions()
    questions.pending = PendingApprovals(questions.store, AuditLog(Full()))
    site = Site("en", questions)
    approval = await questions.ask()
    browser, csrf = await site.open(approval)
    told = await answer(browser, approval, data={"csrf": csrf, "decision": decision})
    assert (told.status_code, read_title(told)) == (200, "Your answer was taken")
    assert "it could not be written to the audit log" in told.text
    assert (await questions.find(approval)).state == state
    after = await browser.get(f"/question/{approval.id}")
    assert read_title(after) == {"approved": "You said yes", "declined": "You said no"}[state]
    await browser.aclose()
    await questions.store.close()
