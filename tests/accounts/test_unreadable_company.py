"""An answer that names no company is not taken for none: under another name nothing of before is known."""

from typing import Any

import httpx
import pytest

from conekta_mcp.accounts.identity import FRESH_SECONDS, LASTING_SECONDS, Identity
from conekta_mcp.errors import Detail, Failure, ForeignRefusal, UnreadableAnswer
from conekta_mcp.redaction import fingerprint_key
from tests.accounts.test_identity import CHILD, SHOP, Clock, Conekta, Store, key, name_of, processes
from tests.writes.wire import ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
TEXT = (Detail(message="Forbidden"),)


def foreign(status: int) -> Failure:
    return ForeignRefusal(type="processing_error", details=TEXT, http_status=status)


def page(status: int) -> Failure:
    return UnreadableAnswer(type="processing_error", details=TEXT, http_status=status)


class Named(Conekta):
    """Answers the first reading of the company with `shown`."""

    def __init__(self, shown: Any) -> None:
        super().__init__()
        self.shown = shown

    async def send(self, request: Any) -> dict[str, Any]:
        answer = await super().send(request)
        if request.path != "/companies/current" or self.shown is None:
            return answer
        shown, self.shown = self.shown, None
        return dict(shown)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(
    "shown",
    [
        {"object": "error"},
        {"object": "company", "id": 7},
        {"object": "company", "id": ""},
        {"object": "order", "id": "ord_1"},
        {"object": "list", "data": []},
    ],
    ids=str,
)
async def test_an_answer_without_a_company_names_nobody_and_is_asked_again(shown: Any, clock: Clock) -> None:
    found, asked = processes(clock, Store()), key("key_1", Named(shown))
    with pytest.raises(UnreadableAnswer) as refusal:
        await found.read_identity(asked)
    assert refusal.value.retryable
    clock.now += 2
    assert (await found.read_identity(asked)).name == name_of(SHOP, "test")


@pytest.mark.parametrize("failure", [foreign(403), foreign(404), page(403), page(404)], ids=repr)
@pytest.mark.parametrize("of_mode", [False, True])
async def test_one_refusal_in_nobodys_words_is_not_believed(
    clock: Clock, failure: Failure, of_mode: bool
) -> None:
    conekta = Conekta(live=failure) if of_mode else Conekta(failure)
    found, asked = processes(clock, Store()), key("key_1", conekta)
    with pytest.raises(type(failure)):
        await found.read_identity(asked)
    clock.now += 2
    conekta.company, conekta.live = SHOP, False
    assert (await found.read_identity(asked)).name == name_of(SHOP, "test")


class Unnamed(Conekta):
    """Never answers with a company."""

    async def send(self, request: Any) -> dict[str, Any]:
        answer = await super().send(request)
        return {"whoami": SHOP} if request.path == "/companies/current" else answer


@pytest.mark.parametrize("conekta", [Conekta(foreign(403)), Unnamed()], ids=["refused", "unnamed"])
@pytest.mark.parametrize("starts_anew", [False, True])
async def test_an_unclear_answer_that_lasts_is_believed(
    clock: Clock, conekta: Conekta, starts_anew: bool
) -> None:
    store = Store()
    found, asked = processes(clock, store), key("key_1", conekta)
    for seconds in (0.0, 2.0, LASTING_SECONDS - 3):
        clock.now += seconds
        found = processes(clock, store) if starts_anew else found
        with pytest.raises(Failure):
            await found.read_identity(asked)
    clock.now += 2
    found = processes(clock, store) if starts_anew else found
    assert await found.read_identity(asked) == Identity(name=fingerprint_key("key_1"), company=None)


async def test_two_unclear_answers_days_apart_are_two_accidents(clock: Clock) -> None:
    found, asked = processes(clock, Store()), key("key_1", Unnamed())
    for _ in range(2):
        with pytest.raises(UnreadableAnswer):
            await found.read_identity(asked)
        clock.now += 2 * FRESH_SECONDS


@pytest.mark.parametrize("failure", [page(200), page(502)], ids=repr)
async def test_a_page_is_never_taken_for_no_company(clock: Clock, failure: Failure) -> None:
    found, asked = processes(clock, Store()), key("key_1", Conekta(failure))
    for _ in range(4):
        with pytest.raises(UnreadableAnswer):
            await found.read_identity(asked)
        clock.now += LASTING_SECONDS


async def test_whose_child_a_company_is_is_not_told_by_an_answer_without_one(clock: Clock) -> None:
    conekta = Conekta(child={"object": "list", "data": []})
    with pytest.raises(UnreadableAnswer):
        await processes(clock, Store()).read_identity(key("key_holding", conekta, CHILD))


async def test_a_rotated_key_that_meets_a_page_first_finds_what_was_done_with_the_old_one(
    shared: str,
) -> None:
    """The page would have given the new key a name of its own, under which the refund is not known."""
    async with scene(shared) as one:
        old = one.server()
        order_id = await paid_order(old)
        call = refund(order_id, idempotency_key="ticket-812")
        assert (await ask(old, "refund_order", call))["amount_refunded"] == 50000
        answer, pages = one.wire.handle_async_request, []

        async def rotate(request: httpx.Request) -> httpx.Response:
            if request.headers["Authorization"].endswith("key_rotated0000000001"):
                if request.url.path == "/companies/current" and not pages:
                    pages.append(request)
                    return httpx.Response(200, json={"status": "ok"})
                headers = {**request.headers, "authorization": f"Bearer {old.settings.api_key}"}
                request = httpx.Request(
                    request.method, request.url, headers=headers, content=request.content,
                    extensions=request.extensions,
                )  # fmt: skip
            return await answer(request)

        one.wire.handle_async_request = rotate  # type: ignore[method-assign]  # as long as the test lasts
        first = await ask(one.server(api_key="key_rotated0000000001"), "refund_order", call)
        assert (first["error"]["type"], first["error"]["outcome"]) == ("unreadable_answer", "not_applied")
        again = await ask(one.server(api_key="key_rotated0000000001"), "refund_order", call)
        assert (again.get("repeated"), await refunded(old, order_id)) == (True, 50000)
