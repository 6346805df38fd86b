"""The pages of the inbox: what is pending, one approval, its answer and its record."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import anyio
import httpx2
import pytest

from conekta_mcp.errors import StoreUnavailable
from tests.pages.inbox.visitors import Office, open_office
from tests.pages.questions import DRAFT, NAME
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


@pytest.fixture
async def careful(shared: str, clock: MovableClock, anyio_backend: str) -> AsyncIterator[Office]:  # noqa: ARG001  as in conftest
    """A server where nobody approves their own calls; the key of the questions is ana's."""
    async with open_office(shared, clock, four_eyes=True) as opened:
        await opened.add(keys=("f" * 16, DRAFT.caller))
        await opened.add("luis")
        yield opened


async def test_the_list_shows_what_is_pending_and_what_was_decided_by_whom(office: Office) -> None:
    visitor = await office.visit_signed_in()
    await visitor.get()
    assert "No hay nada por responder." in visitor.page
    assert "Todavía no hay ninguna." in visitor.page
    pending, decided, late = [await office.ask() for _ in range(3)]
    await office.app.consent.pending.decide(decided.id, approved=False, by="luis", channel="terminal")
    await visitor.get()
    ahead, _, behind = visitor.page.partition('id="decided"')
    assert f'href="/approvals/{pending.id}"' in ahead
    assert f'href="/approvals/{decided.id}"' in behind
    for shown in ("MXN 500.00", "tienda-centro", "EN VIVO", "La pide la llave 0123456789abcdef", "15:00"):
        assert shown in ahead, shown
    for shown in ("rechazada", "«luis»", "En una terminal"):
        assert shown in behind, shown
    office.clock.now += 901
    await visitor.get()
    behind = visitor.page.partition('id="decided"')[2]
    assert f'href="/approvals/{late.id}"' in behind
    assert "vencida o retirada: no se hizo nada" in behind


async def test_what_others_typed_stays_text(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in()
    for path in ("/approvals", f"/approvals/{approval.id}"):
        answer = await visitor.get(path)
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert(1)" in answer.text
        assert f'<q class="typed">«{NAME}»</q>' in visitor.page


async def test_an_approver_approves_what_they_were_shown(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in()
    answer = await visitor.get(f"/approvals/{approval.id}")
    assert answer.status_code == 200
    assert "MXN 500.00" in visitor.page
    assert (await office.find(approval)).state == "shown"
    office.clock.now += 1
    answer = await visitor.decide(approval, "approve")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/approvals/{approval.id}")
    decided = await office.find(approval)
    assert (decided.state, decided.decided_by, decided.channel) == ("approved", "ana", "inbox")
    await visitor.get(f"/approvals/{approval.id}")
    for shown in (
        "Registro de la aprobación",
        "aprobada, aún sin usar",
        "«ana»",
        "En la bandeja de aprobaciones",
        "21 sep 2026, 08:13:20 (Ciudad de México)",
        "21 sep 2026, 08:13:21 (Ciudad de México)",
        approval.id,
    ):
        assert shown in visitor.page, shown


async def test_an_approver_declines_at_once(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in()
    await visitor.get(f"/approvals/{approval.id}")
    assert (await visitor.decide(approval, "decline")).status_code == 303
    assert (await office.find(approval)).state == "declined"


@pytest.mark.parametrize(("decision", "state"), [("approve", "approved"), ("decline", "declined")])
async def test_an_answer_is_audited_though_its_call_never_comes_again(
    office: Office, decision: str, state: str
) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in(address="198.51.100.1")
    await visitor.get(f"/approvals/{approval.id}")
    office.clock.now += 1
    await visitor.decide(approval, decision)
    [told] = [one for one in await office.app.store.read_records(0, 1000) if one["event"] == "decision"]
    assert (told["call"], told["tool"], told["amount"]) == (approval.id, "create_order", 50_000)
    assert (told["consent"], told["outcome"]) == (f"{state} (inbox: ana)", state)
    assert (told["person"], told["address"]) == ("ana", "198.51.100.1")


async def test_no_yes_counts_before_anybody_can_have_read_it(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in()
    await visitor.get()
    assert (await visitor.decide(approval, "approve")).status_code == 303
    assert (await office.find(approval)).state == "created"
    await visitor.get(f"/approvals/{approval.id}")
    assert 'data-wake-ms="1000"' in visitor.page
    assert (await visitor.decide(approval, "approve")).status_code == 303
    assert (await office.find(approval)).state == "shown"


async def test_whoever_opens_a_question_later_cannot_say_yes_by_a_double_click_either(office: Office) -> None:
    await office.add("luis")
    approval, visitor = await office.ask(), await office.visit_signed_in()
    await visitor.get(f"/approvals/{approval.id}")
    office.clock.now += 60
    other = await office.visit_signed_in("luis")
    await other.get(f"/approvals/{approval.id}")
    assert 'data-wake-ms="1000"' in other.page


async def test_answering_twice_shows_the_same_and_the_first_answer_counts(office: Office) -> None:
    await office.add("luis")
    approval, visitor = await office.ask(), await office.visit_signed_in()
    other = await office.visit_signed_in("luis")
    for one in (visitor, other):
        await one.get(f"/approvals/{approval.id}")
    office.clock.now += 1
    assert [(await visitor.decide(approval, "approve")).status_code for _ in range(2)] == [303, 303]
    answer = await other.decide(approval, "approve")
    assert answer.status_code == 409
    assert "La primera respuesta es la que cuenta" in other.page
    assert "«ana»" in other.page
    assert (await office.find(approval)).decided_by == "ana"


async def test_a_yes_can_be_taken_back_until_it_is_used(office: Office) -> None:
    visitor = await office.visit_signed_in()
    unused, used = [await office.ask() for _ in range(2)]
    for one in (unused, used):
        await visitor.get(f"/approvals/{one.id}")
        office.clock.now += 1
        await visitor.decide(one, "approve")
    assert await office.app.consent.pending.spend(await office.find(used))
    await visitor.get(f"/approvals/{unused.id}")
    assert "Retirar el sí" in visitor.page
    await visitor.decide(unused, "decline")
    assert (await office.find(unused)).state == "declined"
    await visitor.get(f"/approvals/{used.id}")
    assert "aprobada y usada, una vez" in visitor.page
    assert "Retirar el sí" not in visitor.page
    visitor.page = (await visitor.get()).text
    assert (await visitor.decide(used, "decline")).status_code == 409
    assert (await office.find(used)).state == "spent"


async def test_what_has_expired_is_shown_as_expired_and_not_decided(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in()
    await visitor.get(f"/approvals/{approval.id}")
    office.clock.now += 901
    answer = await visitor.decide(approval, "approve")
    assert answer.status_code == 409
    assert "vencida o retirada: no se hizo nada" in visitor.page
    assert (await office.find(approval)).state == "expired"


@pytest.mark.parametrize(
    "forged", [{"csrf": ""}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
async def test_an_answer_of_another_page_does_not_count(forged: dict[str, str], office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in()
    await visitor.get(f"/approvals/{approval.id}")
    office.clock.now += 1
    for decision in ("approve", "decline"):
        assert (await visitor.decide(approval, decision, **forged)).status_code == 403
        await visitor.get(f"/approvals/{approval.id}")
    assert (await office.find(approval)).state == "shown"


async def test_nobody_answers_without_a_session(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit()
    await visitor.get("/approvals/sign-in")
    answer = await visitor.decide(approval, "decline")
    assert answer.headers["location"] == f"/approvals/sign-in?next={approval.id}"
    assert (await visitor.get(f"/approvals/{approval.id}/state")).status_code == 404
    assert (await office.find(approval)).state == "created"


@pytest.mark.parametrize("decision", ["", "yes", "approve\n"])
async def test_what_is_neither_yes_nor_no_is_refused(decision: str, office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in()
    await visitor.get(f"/approvals/{approval.id}")
    office.clock.now += 1
    assert (await visitor.decide(approval, decision)).status_code == 400
    assert (await office.find(approval)).state == "shown"


@pytest.mark.parametrize("name", ["f" * 24, "x", "%2e%2e", "a/b", "0" * 24 + "/more"])
async def test_what_is_not_there_is_said_so(name: str, office: Office) -> None:
    visitor = await office.visit_signed_in()
    answer = await visitor.get(f"/approvals/{name}")
    assert answer.status_code == 404
    assert "Aquí no hay nada" in visitor.page
    await visitor.get()
    assert (await visitor.post(f"/approvals/{'f' * 24}", {"decision": "approve"})).status_code == 404


async def test_the_page_of_a_question_is_told_its_state(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit_signed_in()
    await visitor.get(f"/approvals/{approval.id}")
    answer = await visitor.http.get(f"/approvals/{approval.id}/state")
    assert (answer.json(), answer.headers["cache-control"]) == ({"state": "shown"}, "no-store")


async def test_with_four_eyes_nobody_approves_their_own_call(careful: Office) -> None:
    approval, ana = await careful.ask(), await careful.visit_signed_in()
    await ana.get(f"/approvals/{approval.id}")
    assert "otra persona tiene que aprobarla" in ana.page
    careful.clock.now += 1
    answer = await ana.decide(approval, "approve")
    assert answer.status_code == 403
    assert "No puedes aprobar tu propia llamada" in ana.page
    assert (await careful.find(approval)).state == "shown"
    luis = await careful.visit_signed_in("luis")
    await luis.get(f"/approvals/{approval.id}")
    assert "otra persona tiene que aprobarla" not in luis.page
    assert (await luis.decide(approval, "approve")).status_code == 303
    assert (await careful.find(approval)).decided_by == "luis"


async def test_with_four_eyes_a_no_to_ones_own_call_and_a_yes_to_others_count(careful: Office) -> None:
    own, other = await careful.ask(), await careful.ask(caller="a" * 16)
    ana = await careful.visit_signed_in()
    await ana.get(f"/approvals/{own.id}")
    assert (await ana.decide(own, "decline")).status_code == 303
    await ana.get(f"/approvals/{other.id}")
    careful.clock.now += 1
    assert (await ana.decide(other, "approve")).status_code == 303
    assert [(await careful.find(one)).state for one in (own, other)] == ["declined", "approved"]


async def test_without_four_eyes_a_noted_key_hinders_nobody(office: Office) -> None:
    await office.add("luis", keys=(DRAFT.caller,))
    approval, luis = await office.ask(), await office.visit_signed_in("luis")
    await luis.get(f"/approvals/{approval.id}")
    office.clock.now += 1
    assert (await luis.decide(approval, "approve")).status_code == 303


async def test_what_is_decided_at_one_replica_wakes_the_call_that_waits_at_the_other(
    shared: str, clock: MovableClock
) -> None:
    async with open_office(shared, clock) as one, open_office(shared, clock) as other:
        await one.add()
        approval, visitor = await one.ask(), await other.visit_signed_in()
        ended: list[Any] = []

        async def wait_for_answer() -> None:
            ended.append(await one.app.consent.pending.wait(approval.id))

        with anyio.fail_after(60):
            async with anyio.create_task_group() as group:
                group.start_soon(wait_for_answer)
                await visitor.get(f"/approvals/{approval.id}")
                await visitor.decide(approval, "decline")
        assert [(found.state, found.decided_by) for found in ended] == [("declined", "ana")]


@pytest.mark.parametrize("key", ["key_a", "key_sandbox"])
async def test_an_api_key_opens_nothing_of_the_inbox(key: str, office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit()
    headers = {"Authorization": f"Bearer {key}"}
    for path in ("/approvals", f"/approvals/{approval.id}"):
        answer = await visitor.get(path, **headers)
        assert (answer.status_code, answer.text) == (303, "")
    assert (await visitor.get(f"/approvals/{approval.id}/state", **headers)).status_code == 404
    answer = await visitor.decide(approval, "approve", **headers)
    assert answer.status_code == 403
    assert (await office.find(approval)).state == "created"


async def test_a_session_of_an_approver_opens_nothing_of_mcp(clock: MovableClock, tmp_path: object) -> None:
    sent: list[str] = []

    def upstream(request: Any) -> Any:
        sent.append(request.url.path)
        raise AssertionError

    settings: dict[str, Any] = {"sandbox": False, "host": "192.0.2.7", "api_key": "key_own"}
    transport = lambda: httpx2.MockTransport(upstream)  # noqa: E731
    async with open_office(f"{tmp_path}/safety", clock, transport=transport, **settings) as office:
        await office.add()
        visitor = await office.visit_signed_in()
        answer = await visitor.http.post("/mcp", json=CALL, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["error"]) == (401, "missing_token")
    assert sent == []


async def test_the_inbox_answers_to_the_names_of_this_server_only(office: Office) -> None:
    visitor = await office.visit()
    for path in ("/approvals", "/approvals/sign-in"):
        assert (await visitor.get(path, Host="evil.example")).status_code == 421


async def test_without_approvers_there_is_no_inbox_until_one_is_added(
    shared: str, clock: MovableClock
) -> None:
    async with open_office(shared, clock) as office:
        visitor = await office.visit()
        paths = ("/approvals", "/approvals/sign-in", f"/approvals/{'0' * 24}")
        assert [(await visitor.get(path)).status_code for path in paths] == [404] * 3
        assert (await visitor.post("/approvals/sign-in")).status_code == 404
        assert (await office.app.channels.refresh(), office.app.channels.inbox.is_open) == (None, False)  # type: ignore[union-attr]
        ana = await office.add()
        assert (await visitor.get()).status_code == 303
        await office.app.channels.refresh()
        assert office.app.channels.inbox.is_open  # type: ignore[union-attr]
        await office.approvers.replace(ana, replace(ana, is_disabled=True))
        assert (await visitor.get()).status_code == 404
        await office.app.channels.refresh()
        assert not office.app.channels.inbox.is_open  # type: ignore[union-attr]


async def test_an_operator_can_leave_the_inbox_out(clock: MovableClock, tmp_path: object) -> None:
    settings: dict[str, Any] = {"approval_channels": ("client", "terminal")}
    async with open_office(f"{tmp_path}/safety", clock, **settings) as office:
        await office.add()
        assert (await (await office.visit()).get()).status_code == 404
    async with open_office(f"{tmp_path}/safety", clock, approval_channels=("inbox",)) as office:
        assert (await (await office.visit()).get()).status_code == 303


async def test_a_store_that_cannot_be_read_is_said_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await office.visit_signed_in()

    async def fail(*_: object) -> None:
        raise StoreUnavailable(type="store_unavailable", details=())

    monkeypatch.setattr(type(office.app.store.documents), "list_all", fail)
    answer = await visitor.get()
    assert answer.status_code == 503
    assert "La bandeja no responde ahora" in visitor.page


async def test_every_answer_has_the_strict_headers(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit()
    answers = [
        await visitor.get(),
        await visitor.get("/approvals/sign-in"),
        await visitor.get("/approvals/x/y"),
    ]
    answers.append(await visitor.sign_in())
    answers += [
        await visitor.get(path) for path in ("/approvals", f"/approvals/{approval.id}", "/approvals/x")
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_the_pages_are_in_the_language_of_the_browser(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit()
    visitor.http.headers["Accept-Language"] = "en-GB,en;q=0.9"
    await visitor.get("/approvals/sign-in")
    assert "Passphrase" in visitor.page
    await visitor.sign_in("ana", "wrong")
    assert "The name or the passphrase is not right." in visitor.page
    await visitor.sign_in()
    await visitor.get()
    assert "Signed in as ana" in visitor.page
    await visitor.get(f"/approvals/{approval.id}")
    assert "Bill MXN 500.00 by SPEI" in visitor.page


@pytest.mark.parametrize(("decision", "state"), [("approve", "approved"), ("decline", "declined")])
async def test_an_answer_that_stands_is_told_though_the_audit_cannot_be_written(
    office: Office, decision: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        raise OSError

    approval, visitor = await office.ask(), await office.visit_signed_in()
    await visitor.get(f"/approvals/{approval.id}")
    office.clock.now += 1
    monkeypatch.setattr(office.app.store, "append", fail)
    answer = await visitor.decide(approval, decision)
    assert answer.status_code == 200
    assert "Tu respuesta se tomó" in visitor.page
    assert "no se pudo escribir en el registro de auditoría" in visitor.page
    assert (await office.find(approval)).state == state
