"""An approval is valid once, for a while, for one question, at every replica with the secret."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.server.request_state import InvalidRequestState
from mcp.types import ListRootsResult

from conekta_mcp.consent.approvals import Approvals
from conekta_mcp.consent.consent import Consent
from conekta_mcp.consent.question import build_scope
from conekta_mcp.errors import NotApproved
from conekta_mcp.server.http.gate import build_security_settings
from conekta_mcp.server.http.transports import create_http_app
from conekta_mcp.server.request_state import create_request_state_security
from tests.consent.till import (
    NO,
    REFUND,
    SHARED,
    START,
    YES,
    Person,
    Till,
    over_http,
    question,
    reply,
)
from tests.consent.told import (
    CHANGED,
    DECLINED,
    EXPIRED,
    INVALID,
    UNCLEAR,
    USED,
)

pytestmark = pytest.mark.anyio


async def test_a_sealed_answer_works_once() -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
        first = await reply(client.session, state)
        again = await reply(client.session, state)
    assert (first, again) == ({"id": "ord_1", "status": "client"}, USED)
    assert till.made == [(REFUND, "client")]
    assert list(till.store.used.values()) == [START + 900 + 3600]


async def test_of_64_that_give_one_answer_at_once_one_acts() -> None:
    till = Till()
    told: list[Any] = []
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)

        async def answer() -> None:
            told.append(await reply(client.session, state))

        async with anyio.create_task_group() as group:
            for _ in range(64):
                group.start_soon(answer)
    assert (len(till.made), told.count(USED)) == (1, 63)


async def test_a_no_cannot_be_turned_into_a_yes() -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
        told = [await reply(client.session, state, NO), await reply(client.session, state, YES)]
    assert (told, till.made) == ([DECLINED, USED], [])


@pytest.mark.parametrize("answers", [None, {}, {"other": YES["approval"]}])
async def test_a_state_that_comes_back_without_its_answer_is_asked_for_again(answers: Any) -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
        asked = await client.session.call_tool(
            "refund_order", REFUND, input_responses=answers, request_state=state, allow_input_required=True
        )
        assert (asked.result_type, till.made) == ("input_required", [])
        # The state was not used up.
        assert await reply(client.session, state) == {"id": "ord_1", "status": "client"}


async def test_an_answer_of_another_kind_approves_nothing() -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
        assert await reply(client.session, state, {"approval": ListRootsResult(roots=[])}) == UNCLEAR
    assert till.made == []


async def test_an_answer_without_a_state_is_asked_for() -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        asked = await client.session.call_tool(
            "refund_order", REFUND, input_responses=YES, allow_input_required=True
        )
    assert (asked.result_type, till.made) == ("input_required", [])


@pytest.mark.parametrize(
    "altered",
    [
        lambda state: state[:-1] + ("B" if state[-1] == "A" else "A"),
        lambda state: state[1:],
        lambda _: "",
        lambda _: "v1.ñ",
        lambda _: "yes",
    ],
)
async def test_an_altered_state_is_refused_as_an_answer(altered: Callable[[str], str], era: str) -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
    async with Client(till.server(), elicitation_callback=Person(), mode=era) as client:
        assert await reply(client.session, altered(state)) == INVALID
    assert till.made == []


async def test_what_else_the_sdk_refuses_stays_its_error() -> None:
    async with Client(Till().server(), elicitation_callback=Person()) as client:
        with pytest.raises(MCPError, match="Invalid or expired requestState"):
            await client.session.get_prompt("x", request_state="yes")
        with pytest.raises(MCPError, match="Unknown resource"):
            await client.read_resource("conekta://x")


@pytest.mark.parametrize("other", [{"amount": 50001}, {"order_id": "ord_2"}])
async def test_an_approval_is_of_its_arguments(other: Any) -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
        assert await reply(client.session, state, **other) == INVALID
        assert await reply(client.session, state) == {"id": "ord_1", "status": "client"}
    assert till.made == [(REFUND, "client")]


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        ({"account": "fedcba9876543210"}, INVALID),
        ({"profile": "store-c"}, INVALID),
        ({"mode": "test"}, INVALID),
        ({"amount": 60000}, CHANGED),
        ({"said": {"es": "¿Reembolsar MXN 500.00 de MXN 600.00 a «Ana Ruiz»?"}}, CHANGED),
        ({"now": START - 61}, EXPIRED),
    ],
    ids=str,
)
async def test_an_approval_is_of_what_was_asked(moved: dict[str, Any], told: Any) -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
        for name, value in moved.items():
            setattr(till, name, value)
        assert await reply(client.session, state) == told
    assert till.made == []


async def test_an_account_whose_mode_became_known_as_live_is_the_same() -> None:
    till = Till(mode="unknown")
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
        till.mode = "live"
        assert await reply(client.session, state) == {"id": "ord_1", "status": "client"}


async def test_without_the_store_nothing_is_approved() -> None:
    till = Till()
    async with Client(till.server(), elicitation_callback=Person()) as client:
        state, _ = await question(client.session)
        till.store.down = True
        told = await reply(client.session, state)
    assert (told["error"]["type"], told["error"]["outcome"], till.made) == (
        "store_unavailable",
        "not_applied",
        [],
    )


async def test_a_worker_that_shares_the_secret_takes_the_answer() -> None:
    till = Till()
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(
            Client(till.server(secrets=SHARED), elicitation_callback=Person())
        )
        rotated = ("the-next-secret-of-all-replicas-of-a-shop", *SHARED)
        two = await stack.enter_async_context(
            Client(till.server(secrets=rotated), elicitation_callback=Person())
        )
        state, _ = await question(one.session)
        assert await reply(two.session, state) == {"id": "ord_1", "status": "client"}
        assert await reply(one.session, state) == USED
    assert till.made == [(REFUND, "client")]


@pytest.mark.parametrize("secrets", [(), ("another-secret-of-another-shop-altogether",)])
async def test_a_worker_that_does_not_share_the_secret_refuses_cleanly(secrets: tuple[str, ...]) -> None:
    till = Till()
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(
            Client(till.server(secrets=SHARED), elicitation_callback=Person())
        )
        two = await stack.enter_async_context(
            Client(till.server(secrets=secrets), elicitation_callback=Person())
        )
        state, _ = await question(one.session)
        assert await reply(two.session, state) == INVALID
    assert till.made == []


async def test_a_worker_that_shares_the_secret_and_not_the_store_refuses_cleanly() -> None:
    till, other = Till(), Till()
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(
            Client(till.server(secrets=SHARED), elicitation_callback=Person())
        )
        two = await stack.enter_async_context(
            Client(other.server(secrets=SHARED), elicitation_callback=Person())
        )
        state, _ = await question(one.session)
        assert await reply(two.session, state) == INVALID
        assert await reply(one.session, state) == {"id": "ord_1", "status": "client"}
        assert await reply(two.session, state) == INVALID
    assert (till.made, other.made) == ([(REFUND, "client")], [])


async def test_over_http_the_answer_of_another_key_is_refused() -> None:
    till = Till()
    http = create_http_app(till.server(), ("streamable-http",), build_security_settings((), ()), None)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(http.router.lifespan_context(http))
        one = await over_http(stack, http, "key_one", Person(), "auto")
        two = await over_http(stack, http, "key_two", Person(), "auto")
        state, _ = await question(one.session)
        assert await reply(two.session, state) == INVALID
        assert till.made == []
        assert await reply(one.session, state) == {"id": "ord_1", "status": "client"}


def test_the_seal_is_ours_even_where_the_sdks_is_missing() -> None:
    till, drawn = Till(), iter(range(9))
    approvals = Approvals(SHARED, lambda size: bytes([next(drawn)]) * size)
    bound, now = build_scope(till.asked(REFUND), "?"), till.now
    sealed = approvals.seal("elicited", bound, int(START) + 900)
    assert (sealed.id, sealed.until, len(sealed.token)) == ("00" * 12, int(START) + 900, 64)
    assert approvals.unseal(sealed.token, "elicited", bound, now) == sealed
    for place in range(64):
        other = "A" if sealed.token[place] != "A" else "B"
        with pytest.raises(NotApproved):
            approvals.unseal(sealed.token[:place] + other + sealed.token[place + 1 :], "elicited", bound, now)
    with pytest.raises(NotApproved):
        approvals.unseal(sealed.token, "preview", bound, now)


def test_no_secret_of_the_approvals_is_in_a_repr_or_a_token() -> None:
    till = Till()
    approvals = Approvals(SHARED, lambda size: b"x" * size)
    sealed = approvals.seal("preview", build_scope(till.asked(REFUND), "?"), int(START) + 900)
    assert SHARED[0] not in f"{approvals!r} {vars(approvals)!r} {sealed!r}"


def test_what_changed_while_the_person_thought_is_refused() -> None:
    till = Till()
    consent = Consent(language="es", allow_preview=False, secrets=(), store=till.store)
    before = till.asked(REFUND)
    consent.refuse_changed_effect(before, till.asked(REFUND))
    till.said = {"es": "¿Reembolsar MXN 500.00 de MXN 600.00 a «Ana Ruiz»?"}
    with pytest.raises(NotApproved, match="changed after the person was asked"):
        consent.refuse_changed_effect(before, till.asked(REFUND))


def test_without_secrets_each_process_has_keys_of_its_own() -> None:
    one, two = (create_request_state_security(()).codec for _ in range(2))
    token = one.seal(b"state")
    assert one.unseal(token) == b"state"
    with pytest.raises(InvalidRequestState):
        two.unseal(token)


def test_the_first_secret_seals_and_all_open() -> None:
    old, new = (
        create_request_state_security(secrets).codec for secrets in (SHARED, ("n" * 32, *SHARED, *SHARED))
    )
    assert new.unseal(old.seal(b"state")) == b"state"
    with pytest.raises(InvalidRequestState):
        old.unseal(new.seal(b"state"))
