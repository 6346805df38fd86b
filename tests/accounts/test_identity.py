"""The account of a key is its company, so that a rotated key finds the writes of the old one."""

import json
import logging
from typing import Any

import anyio
import pytest

from conekta_mcp.accounts.company import Company, read_company
from conekta_mcp.accounts.identity import FRESH_SECONDS, Identities, Identity
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.memory import KEPT_SECONDS, AgreeingMemory, StoreMemory
from conekta_mcp.accounts.modes import ModeObservingSender, Modes
from conekta_mcp.catalog import Request
from conekta_mcp.errors import Detail, Failure, RequestRefused, StoreUnavailable, Unreachable
from conekta_mcp.redaction import fingerprint_key

pytestmark = pytest.mark.anyio
URL = "https://conekta.example.com"
SHOP, OTHER_SHOP, CHILD = "6a0000000000000000000001", "6a0000000000000000000002", "6a0000000000000000000009"
FIRST_READS = ["/companies/current", "/orders"]
UNREACHABLE = Unreachable(type="connection_error", details=(Detail(message="No answer."),))


def refused(status: int) -> RequestRefused:
    return RequestRefused(type="x", details=(Detail(message=f"HTTP {status}"),), http_status=status)


class Conekta:
    """Answers with a company and with one order; remembers what was asked."""

    def __init__(
        self, company: Any = SHOP, *, live: bool | Failure | None = False, child: Any = None
    ) -> None:
        self.company, self.live, self.child, self.named = company, live, child, True
        self.asked: list[str] = []

    async def send(self, request: Request) -> dict[str, Any]:
        self.asked.append(request.path)
        await anyio.lowlevel.checkpoint()
        if request.path == "/companies/current":
            if isinstance(self.company, Failure):
                raise self.company
            name = {"name": f"Shop {self.company}"} if self.named else {}
            return {"object": "company", "id": self.company, **name}
        if request.path.startswith("/companies/"):
            if self.child is None or isinstance(self.child, Failure):
                raise self.child or refused(404)
            return self.child  # type: ignore[no-any-return]  # Any
        if isinstance(self.live, Failure):
            raise self.live
        return {"data": [] if self.live is None else [{"id": "ord_1", "livemode": self.live}]}


class Store:
    """The part of the store that keeps named values; `broken` fails."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.terms: set[float] = set()
        self.broken = False
        self.documents: Any = self

    async def change(self, folder: str, name: str, old: str | None, new: str, seconds: float) -> bool:
        if await self.find(folder, name) != old:
            return False
        await self.remember(name, new, seconds)
        return True

    async def find(self, _: str, name: str) -> str | None:
        return await self.recall(name)

    async def remember(self, name: str, value: str, seconds: float) -> None:
        self._fail_if_broken()
        self.values[name] = value
        self.terms.add(seconds)

    async def recall(self, name: str) -> str | None:
        self._fail_if_broken()
        return self.values.get(name)

    def _fail_if_broken(self) -> None:
        if self.broken:
            raise StoreUnavailable(type="store_unavailable", details=(Detail(message="gone"),))


class Clock:
    """A clock that is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def key(text: str, conekta: Conekta, child: str | None = None) -> KeyInUse:
    return KeyInUse.from_key(text, conekta, child)


def identities(clock: Clock, memory: AgreeingMemory | None = None, url: str = URL) -> Identities:
    return Identities(url, Modes(clock, memory=memory), memory, clock)


def processes(clock: Clock, store: Store, url: str = URL) -> Identities:
    """What a new process with the same store knows."""
    return identities(clock, StoreMemory(url, lambda: store), url)


def name_of(company: str, mode: str, child: str | None = None, url: str = URL) -> str:
    return fingerprint_key(json.dumps([url, company, child, mode]))


async def test_two_keys_of_one_company_have_one_name_and_no_key_is_in_it(clock: Clock) -> None:
    found = identities(clock)
    names = [await found.read_identity(key(text, Conekta())) for text in ("key_old", "key_new")]
    assert names == [Identity(name=name_of(SHOP, "test"), company=SHOP)] * 2
    assert len(names[0].name) == len(fingerprint_key("key_old"))


async def test_company_child_mode_and_address_make_accounts_apart(clock: Clock) -> None:
    asks = [
        (identities(clock), key("key_1", Conekta())),
        (identities(clock), key("key_2", Conekta(OTHER_SHOP))),
        (identities(clock), key("key_3", Conekta(), CHILD)),
        (identities(clock), key("key_4", Conekta(live=True))),
        (identities(clock, url="https://other.example.com"), key("key_5", Conekta())),
    ]
    assert len({(await known.read_identity(asked)).name for known, asked in asks}) == len(asks)


IS_CHILD = {"object": "company", "id": CHILD, "parent_company_id": SHOP}


@pytest.mark.parametrize("acting", [Conekta(child=IS_CHILD), Conekta(CHILD)], ids=["shown", "answered as it"])
async def test_a_child_is_one_account_for_its_own_key_and_for_its_holdings(
    acting: Conekta, clock: Clock
) -> None:
    found = identities(clock)
    own = await found.read_identity(key("key_child", Conekta(CHILD)))
    assert await found.read_identity(key("key_holding", acting, CHILD)) == own
    assert own == Identity(name=name_of(CHILD, "test"), company=CHILD)


async def test_a_company_that_says_no_name_does_not_keep_that_of_another(clock: Clock) -> None:
    upstream = Conekta()
    acting, known = key("key_1", upstream), identities(clock)
    assert (await known.read_identity(acting)).company_name == f"Shop {SHOP}"
    upstream.company, upstream.named = OTHER_SHOP, False
    clock.now += FRESH_SECONDS
    found = await known.read_identity(acting)
    assert (found.company, found.company_name) == (OTHER_SHOP, None)


async def test_the_name_of_the_company_that_is_acted_for_is_kept_for_people(clock: Clock) -> None:
    store = Store()
    known = processes(clock, store)
    own = await known.read_identity(key("key_1", Conekta()))
    child = await known.read_identity(key("key_2", Conekta(child={**IS_CHILD, "name": "Branch"}), CHILD))
    hidden = await known.read_identity(key("key_3", Conekta(), CHILD))
    # Who acts for a child company is not told the name of the holding.
    assert [one.company_name for one in (own, child, hidden)] == [f"Shop {SHOP}", "Branch", None]
    again = await processes(clock, store).recall_identity(key("key_1", Conekta()))
    assert again is not None
    assert again.company_name == f"Shop {SHOP}"


@pytest.mark.parametrize(
    "shown",
    [
        refused(403),
        refused(404),
        {**IS_CHILD, "parent_company_id": OTHER_SHOP},
        {**IS_CHILD, "parent_company_id": None},
        {**IS_CHILD, "id": OTHER_SHOP},
    ],
    ids=str,
)
async def test_who_only_names_a_company_shares_nothing_with_it(shown: Any, clock: Clock) -> None:
    stranger = key("key_stranger", Conekta(child=shown), CHILD)
    assert await identities(clock).read_identity(stranger) == Identity(
        name=name_of(SHOP, "test", CHILD), company=SHOP
    )


async def test_whose_child_it_is_has_to_be_known_and_stays_as_it_was_found(clock: Clock) -> None:
    store, conekta = Store(), Conekta(child=UNREACHABLE)
    asked = key("key_holding", conekta, CHILD)
    with pytest.raises(Unreachable):
        await processes(clock, store).read_identity(asked)
    clock.now += 60
    conekta.child = IS_CHILD
    first = await processes(clock, store).read_identity(asked)
    assert first.company == CHILD
    clock.now += FRESH_SECONDS + 1
    conekta.child = refused(404)
    assert await processes(clock, store).read_identity(asked) == first


async def test_a_mode_that_is_not_known_counts_as_live(clock: Clock) -> None:
    assert (await identities(clock).read_identity(key("key_1", Conekta(live=None)))).name == name_of(
        SHOP, "live"
    )


async def test_the_first_write_reads_company_and_mode_at_the_same_time_and_later_ones_nothing(
    clock: Clock,
) -> None:
    under_way: list[int] = []

    class Slow(Conekta):
        at_work = 0

        async def send(self, request: Request) -> dict[str, Any]:
            self.at_work += 1
            under_way.append(self.at_work)
            for _ in range(5):
                await anyio.lowlevel.checkpoint()
            answer = await super().send(request)
            self.at_work -= 1
            return answer

    found, conekta = identities(clock), Slow()
    for _ in range(3):
        await found.read_identity(key("key_1", conekta))
    assert (sorted(conekta.asked), under_way) == (FIRST_READS, [1, 2])


async def test_many_first_writes_at_once_ask_once(clock: Clock) -> None:
    found, conekta = identities(clock), Conekta()
    with anyio.fail_after(60):
        async with anyio.create_task_group() as writes:
            for _ in range(32):
                writes.start_soon(found.read_identity, key("key_1", conekta))
    assert sorted(conekta.asked) == FIRST_READS


async def test_the_next_process_asks_nothing_for_a_day_and_then_the_company(clock: Clock) -> None:
    store, conekta = Store(), Conekta()
    first = await processes(clock, store).read_identity(key("key_1", conekta))
    clock.now += FRESH_SECONDS - 1
    assert await processes(clock, store).read_identity(key("key_1", conekta)) == first
    assert sorted(conekta.asked) == FIRST_READS
    clock.now += 1
    assert await processes(clock, store).read_identity(key("key_1", conekta)) == first
    assert (conekta.asked[2:], store.terms) == (["/companies/current"], {KEPT_SECONDS})


async def test_a_process_that_lives_long_asks_again_each_day(clock: Clock) -> None:
    found, conekta = identities(clock), Conekta()
    for _ in range(3):
        await found.read_identity(key("key_1", conekta))
        clock.now += FRESH_SECONDS
    assert conekta.asked.count("/companies/current") == 3


async def test_what_is_known_is_told_without_asking(clock: Clock) -> None:
    store, conekta = Store(), Conekta()
    asked = key("key_1", conekta)
    known = processes(clock, store)
    assert (known.get_known_identity(asked), await known.recall_identity(asked)) == (None, None)
    found = await known.read_identity(asked)
    later = processes(clock, store)
    assert (known.get_known_identity(asked), later.get_known_identity(asked)) == (found, None)
    assert (await later.recall_identity(asked), len(conekta.asked)) == (found, 2)


async def test_what_was_learnt_at_one_address_says_nothing_at_another(clock: Clock) -> None:
    store = Store()
    await processes(clock, store).read_identity(key("key_1", Conekta(live=False)))
    elsewhere = processes(clock, store, "https://other.example.com")
    found = await elsewhere.read_identity(key("key_1", Conekta(live=True)))
    assert found.name == name_of(SHOP, "live", url="https://other.example.com")


@pytest.mark.parametrize("company", [refused(403), refused(404)])
async def test_a_key_that_cannot_read_its_company_stands_for_it_and_goes_on_doing_so(
    clock: Clock, company: Any, caplog: pytest.LogCaptureFixture
) -> None:
    store, conekta = Store(), Conekta(company)
    asked = key("key_1", conekta)
    alone = Identity(name=fingerprint_key("key_1"), company=None)
    assert await processes(clock, store).read_identity(asked) == alone
    conekta.company = SHOP
    for _ in range(3):
        clock.now += FRESH_SECONDS
        assert await processes(clock, store).read_identity(asked) == alone
    assert sorted(conekta.asked) == FIRST_READS
    assert [record.getMessage() for record in caplog.records] == [
        f"account {asked.fingerprint}: its company cannot be read, so the key alone stands for it"
    ]


@pytest.mark.parametrize("failure", [refused(401), refused(429), refused(500), UNREACHABLE])
@pytest.mark.parametrize("of_mode", [False, True])
async def test_where_conekta_does_not_answer_there_is_no_name_and_it_is_asked_again(
    clock: Clock, failure: Failure, of_mode: bool
) -> None:
    store = Store()
    conekta = Conekta(live=failure) if of_mode else Conekta(failure)
    found = processes(clock, store)
    for _ in range(2):
        with pytest.raises(type(failure)) as refusal:
            await found.read_identity(key("key_1", conekta))
        assert refusal.value is failure
    assert sorted(conekta.asked) == FIRST_READS
    clock.now += 1
    conekta.company, conekta.live = SHOP, False
    assert (await found.read_identity(key("key_1", conekta))).name == name_of(SHOP, "test")


async def test_what_is_kept_serves_while_conekta_does_not_say_it(clock: Clock) -> None:
    store = Store()
    await processes(clock, store).read_identity(key("key_1", Conekta()))
    for company in (UNREACHABLE, refused(500), refused(403), None):
        clock.now += FRESH_SECONDS
        found = await processes(clock, store).read_identity(key("key_1", Conekta(company)))
        assert found == Identity(name=name_of(SHOP, "test"), company=SHOP)


async def test_a_key_that_shows_another_company_acts_for_that_one_and_it_is_logged(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store()
    asked = key("key_1", Conekta())
    await processes(clock, store).read_identity(asked)
    clock.now += FRESH_SECONDS
    moved = key("key_1", Conekta(OTHER_SHOP))
    with caplog.at_level(logging.INFO):
        found = [await processes(clock, store).read_identity(moved) for _ in range(2)]
    assert found == [Identity(name=name_of(OTHER_SHOP, "test"), company=OTHER_SHOP)] * 2
    assert [record.getMessage() for record in caplog.records] == [
        f"account {asked.fingerprint} is company {OTHER_SHOP}, and was {SHOP} until now: Conekta says so"
    ]


async def test_a_key_that_turns_out_to_be_live_is_a_live_account_at_once(clock: Clock) -> None:
    store = Store()
    found, conekta = processes(clock, store), Conekta()
    asked = key("key_1", conekta)
    await found.read_identity(asked)
    conekta.live = True
    await ModeObservingSender(conekta, found.modes, asked.fingerprint).send(Request("GET", "/orders"))
    assert (await found.read_identity(asked)).name == name_of(SHOP, "live")
    assert (await processes(clock, store).read_identity(asked)).name == name_of(SHOP, "live")


async def test_an_account_whose_first_write_shows_test_keeps_its_name_for_the_day(clock: Clock) -> None:
    store, conekta = Store(), Conekta(live=None)
    found = processes(clock, store)
    asked = key("key_1", conekta)
    await found.read_identity(asked)
    found.modes.observe_answer(asked.fingerprint, Request("POST", "/orders"), {"livemode": False})
    assert (await found.read_identity(asked)).name == name_of(SHOP, "live")
    conekta.live = False
    assert (await processes(clock, store).read_identity(asked)).name == name_of(SHOP, "live")
    clock.now += FRESH_SECONDS
    assert (await processes(clock, store).read_identity(asked)).name == name_of(SHOP, "test")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "7",
        "null",
        "{}",
        '{"company": 7, "live": true, "at": 1}',
        '{"company": "x", "live": 1, "at": 1}',
    ],
)
async def test_a_kept_text_that_is_no_identity_is_not_believed(clock: Clock, text: str) -> None:
    store, conekta = Store(), Conekta()
    await processes(clock, store).read_identity(key("key_1", conekta))
    store.values = {
        name: text if name.startswith("identity:") else kept for name, kept in store.values.items()
    }
    assert (await processes(clock, store).read_identity(key("key_1", conekta))).company == SHOP
    assert conekta.asked.count("/companies/current") == 2


async def test_a_store_that_fails_is_passed_over_and_conekta_is_asked(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    store, conekta = Store(), Conekta()
    store.broken = True
    assert (await processes(clock, store).read_identity(key("key_1", conekta))).company == SHOP
    assert {record.getMessage() for record in caplog.records} == {
        "what was learnt of the account cannot be read or kept: gone"
    }


async def test_a_company_has_an_id_and_perhaps_a_name() -> None:
    class Named(Conekta):
        async def send(self, _: Request) -> dict[str, Any]:
            return {"id": SHOP, "name": self.company}

    assert [await read_company(key("key_1", Named(name))) for name in ("Tienda", 7)] == [
        Company(id=SHOP, name="Tienda"),
        Company(id=SHOP),
    ]
