"""The account of a call: a profile of the operator, or the key in the request."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.server.auth.middleware.auth_context import auth_context_var
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken

from conekta_mcp.accounts.active_account import Accounts, build_account_note
from conekta_mcp.accounts.identity import Identities, Identity
from conekta_mcp.accounts.modes import Modes
from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.app import App
from conekta_mcp.catalog import Request, Toolset, list_server_arguments
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains import all_tools as whole
from conekta_mcp.errors import (
    ConfigurationError,
    Detail,
    Failure,
    Forbidden,
    InvalidArguments,
    NotConfigured,
    RequestRefused,
    Unreachable,
)
from conekta_mcp.redaction import fingerprint_account, fingerprint_key
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.request_key import OPERATOR_SCOPE, read_request_key
from conekta_mcp.settings import Settings
from tests.conftest import Era
from tests.one_test import all_in_one_test
from tests.tables import EMPTY_CUSTOMERS, rows_of

pytestmark = pytest.mark.anyio
KEY, KEY_B, OTHER = "key_SECRETa", "key_SECRETb", "key_SECRETother"
COMPANY, HOLDING = "6a0000000000000000000009", "6a0000000000000000000001"
ENVIRONMENT = {"CONEKTA_API_KEY_STORE_B": KEY_B, "CONEKTA_API_KEY_TEST": OTHER}
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
CHOOSE = {"type": "string", "enum": ["default", "store-b"], "description": "Which account"}


class Senders:
    """Makes senders that answer with one order and one company, and remembers for whom."""

    def __init__(self, *, livemode: bool | None = False, company: str | Failure | None = None) -> None:
        self.livemode, self.company = livemode, company
        self.made: list[tuple[str, str | None]] = []

    def __call__(self, key: str, child_company_id: str | None = None) -> "Senders":
        self.made.append((key, child_company_id))
        return self

    async def send(self, request: Request) -> dict[str, Any]:
        if request.path == "/companies/current":
            if isinstance(self.company, Failure):
                raise self.company
            return {"id": self.company}
        return {"data": [] if self.livemode is None else [{"id": "ord_1", "livemode": self.livemode}]}


def accounts(senders: Senders | None = None, *, trusting: bool = True, **settings: Any) -> Accounts:
    chosen = Settings(**{"api_key": KEY, "profiles": ("default", "store-b"), **settings})
    return Accounts(
        senders or Senders(),
        Profiles.from_settings(chosen, ENVIRONMENT),
        Identities("https://conekta.example.com", Modes()),
        read_request_key,
        trusting=trusting,
        child_company_id=chosen.child_company_id,
    )


@contextmanager
def request_with(key: str, *scopes: str) -> Iterator[None]:
    """As behind the gate."""
    token = AccessToken(token=key, client_id="x", subject="x", scopes=list(scopes))
    before = auth_context_var.set(AuthenticatedUser(token))
    yield
    auth_context_var.reset(before)


def test_a_call_that_names_no_profile_acts_with_the_first() -> None:
    senders = Senders()
    acting = accounts(senders).resolve(None, writes=True)
    assert (acting.profile, acting.fingerprint, acting.has_other_profiles) == (
        "default",
        fingerprint_key(KEY),
        True,
    )
    assert senders.made == [(KEY, None)]


def test_a_call_acts_with_the_profile_that_it_names() -> None:
    senders = Senders()
    acting = accounts(senders).resolve("store-b", writes=False)
    assert (acting.profile, acting.fingerprint) == ("store-b", fingerprint_key(KEY_B))
    assert senders.made == [(KEY_B, None)]


def test_what_needs_no_profile_is_read_with_the_first() -> None:
    senders = Senders()
    accounts(senders).resolve(None, writes=False)
    assert senders.made == [(KEY, None)]


@pytest.mark.parametrize("name", ["store-c", "test", "key", "", KEY, "DEFAULT"])
@pytest.mark.parametrize(("writes", "outcome"), [(True, "not_applied"), (False, None)])
def test_another_profile_is_refused_by_naming_those_allowed_only(
    name: str, writes: bool, outcome: str | None
) -> None:
    with pytest.raises(InvalidArguments) as refused:
        accounts().resolve(name, writes=writes)
    (detail,) = refused.value.details
    assert (detail.code, detail.message, detail.param) == (
        "conekta_mcp.errors.unknown_profile",
        "profile: expected one of default, store-b.",
        "profile",
    )
    assert refused.value.outcome == outcome


def test_with_one_profile_there_is_nothing_to_choose() -> None:
    alone = accounts(profiles=())
    assert (alone.list_choices(), alone.resolve(None, writes=True).has_other_profiles) == ((), False)
    assert accounts().list_choices() == ("default", "store-b")


def test_a_profile_without_a_key_says_where_it_belongs() -> None:
    missing = accounts(profiles=("default", "store-c"))
    with pytest.raises(NotConfigured) as refused:
        missing.resolve("store-c", writes=True)
    assert str(refused.value) == (
        "The key of profile store-c cannot be used: there is none in CONEKTA_API_KEY_STORE_C."
    )
    assert (refused.value.details[0].code, refused.value.outcome) == (
        "conekta_mcp.errors.profile_without_key",
        "not_applied",
    )


def test_a_key_that_cannot_be_used_is_told_without_it(tmp_path: Path) -> None:
    (tmp_path / "b.key").write_text(KEY_B)
    (tmp_path / "b.key").chmod(0o644)
    (tmp_path / "p.toml").write_text("[store-b]\nkey_file='b.key'")
    with pytest.raises(NotConfigured) as refused:
        accounts(profiles=("store-b",), profiles_file=str(tmp_path / "p.toml")).resolve(None, writes=False)
    assert "others may read or write the file" in str(refused.value)
    assert "SECRET" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_each_child_company_is_an_account_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(f"[store-b]\nchild_company_id='{COMPANY}'\n[test]\n")
    senders = Senders()
    found = accounts(
        senders,
        profiles=("store-b", "test", "default"),
        profiles_file=str(tmp_path / "p.toml"),
        child_company_id=HOLDING,
    )
    names = [found.resolve(name, writes=False).fingerprint for name in ("store-b", "default")]
    assert senders.made == [(KEY_B, COMPANY), (KEY, HOLDING)]
    assert names == [fingerprint_account(KEY_B, COMPANY), fingerprint_account(KEY, HOLDING)]
    assert len({*names, fingerprint_key(KEY), fingerprint_key(KEY_B)}) == 4


@pytest.mark.parametrize(("livemode", "mode"), [(True, "live"), (False, "test"), (None, "unknown")])
async def test_the_mode_is_asked_of_conekta(livemode: bool | None, mode: str) -> None:
    acting = accounts(Senders(livemode=livemode)).resolve(None, writes=True)
    assert acting.known_mode == "unknown"
    assert (await acting.read_mode(), acting.known_mode) == (mode, mode)


async def test_what_passes_by_tells_the_mode_without_asking() -> None:
    acting = accounts(Senders(livemode=True)).resolve(None, writes=False)
    await acting.sender.send(Request("GET", "/orders"))
    assert acting.known_mode == "live"


async def test_a_key_of_another_mode_than_the_operator_says_writes_nothing() -> None:
    live = accounts(Senders(livemode=True), profiles=("test",))
    with pytest.raises(Forbidden) as refused:
        await live.resolve(None, writes=True).read_mode()
    assert str(refused.value) == "Profile test is said to be test, and its key is live: it writes nothing."
    assert (refused.value.type, refused.value.outcome) == ("policy_denied", "not_applied")
    assert await live.resolve(None, writes=False).read_mode() == "live"


async def test_a_key_of_the_mode_that_the_operator_says_writes() -> None:
    acting = accounts(Senders(livemode=False), profiles=("test",)).resolve(None, writes=True)
    assert await acting.read_mode() == "test"


async def test_a_key_whose_mode_cannot_be_read_does_not_write_for_a_profile_of_one_mode() -> None:
    unknown = accounts(Senders(livemode=None), profiles=("test",))
    with pytest.raises(Forbidden) as refused:
        await unknown.resolve(None, writes=True).read_mode()
    assert str(refused.value) == (
        "Profile test is said to be test, and the mode of its key could not be read (no order, customer, "
        "plan, event or API key that the key can read says it yet): it writes nothing."
    )
    assert (refused.value.type, refused.value.details[0].code, refused.value.outcome) == (
        "policy_denied",
        "conekta_mcp.errors.profile_mode",
        "not_applied",
    )
    assert (refused.value.hint or "").startswith(
        "Nothing was changed. Ask the person who runs this server to "
    )
    assert await unknown.resolve(None, writes=False).read_mode() == "unknown"


async def test_a_key_whose_mode_cannot_be_read_writes_for_a_profile_without_a_mode() -> None:
    acting = accounts(Senders(livemode=None), profiles=()).resolve(None, writes=True)
    assert await acting.read_mode() == "unknown"


async def test_two_keys_of_one_company_act_for_one_account() -> None:
    senders = Senders(company=COMPANY)
    found = accounts(senders)
    first, second = [found.resolve(name, writes=True) for name in ("default", "store-b")]
    assert (first.known_identity, second.known_identity) == (None, None)
    name = await first.read_identity()
    assert (await second.read_identity(), first.fingerprint != second.fingerprint) == (name, True)
    assert first.known_identity == second.known_identity == Identity(name=name, company=COMPANY)


async def test_a_key_that_names_no_company_stands_for_its_account() -> None:
    barred = RequestRefused(type="x", details=(Detail(message="No."),), http_status=403)
    acting = accounts(Senders(company=barred)).resolve(None, writes=True)
    assert await acting.read_identity() == acting.fingerprint
    assert acting.known_identity == Identity(name=acting.fingerprint, company=None)


@pytest.mark.parametrize(("writes", "outcome"), [(True, "not_applied"), (False, None)])
async def test_without_an_identity_nothing_is_written(writes: bool, outcome: str | None) -> None:
    lost = Unreachable(type="connection_error", details=(Detail(message="No answer."),), retryable=True)
    acting = accounts(Senders(company=lost)).resolve(None, writes=writes)
    with pytest.raises(Unreachable) as refused:
        await acting.read_identity()
    assert (str(refused.value), refused.value.outcome, refused.value.retryable) == (
        "No answer.",
        outcome,
        True,
    )
    assert (lost.outcome, acting.known_identity) == (None, None)
    # It is kept for a while: with its trace it would keep the request, and with that the key.
    assert lost.__traceback__ is None


def test_over_http_the_key_of_the_request_acts_and_no_profile() -> None:
    senders = Senders()
    found = accounts(senders, trusting=False)
    with request_with(OTHER):
        acting = found.resolve(None, writes=True)
        assert found.list_choices() == ()
        for name in ("default", "store-b", "test", "key"):
            with pytest.raises(InvalidArguments) as refused:
                found.resolve(name, writes=True)
            assert str(refused.value) == "profile: expected left out: the request acts with its own key."
    assert (acting.profile, acting.fingerprint, acting.has_other_profiles) == (
        "key",
        fingerprint_key(OTHER),
        False,
    )
    assert senders.made == [(OTHER, None)]


def test_over_http_the_operators_profiles_serve_who_came_without_a_key_on_loopback() -> None:
    senders = Senders()
    found = accounts(senders, trusting=False)
    with request_with(KEY, OPERATOR_SCOPE):
        assert found.list_choices() == ("default", "store-b")
        assert found.resolve("store-b", writes=True).profile == "store-b"
    assert senders.made == [(KEY_B, None)]


def test_over_http_what_no_gate_let_in_has_no_account() -> None:
    found = accounts(trusting=False)
    assert found.list_choices() == ()
    with pytest.raises(NotConfigured):
        found.resolve(None, writes=False)
    with pytest.raises(InvalidArguments):
        found.resolve("store-b", writes=False)


def test_no_key_is_shown() -> None:
    assert "SECRET" not in repr(accounts().resolve("store-b", writes=True))


@pytest.mark.parametrize(
    ("profiles", "writes", "answer", "told"),
    [
        (("default",), True, {"livemode": False}, {}),
        (("default",), False, {}, {}),
        (("default",), True, {}, {"account": {"mode": "unknown"}}),
        (("default", "store-b"), True, {"livemode": True}, {"account": {"profile": "default"}}),
        (("default", "store-b"), False, {}, {"account": {"profile": "default"}}),
        (("default", "store-b"), True, {}, {"account": {"profile": "default", "mode": "unknown"}}),
    ],
)
def test_an_answer_tells_what_it_does_not_tell_yet(
    profiles: tuple[str, ...], writes: bool, answer: dict[str, Any], told: dict[str, Any]
) -> None:
    assert build_account_note(accounts(profiles=profiles).resolve(None, writes=writes), answer) == told


async def test_an_answer_tells_the_mode_that_was_learnt() -> None:
    acting = accounts(Senders(livemode=True), profiles=()).resolve(None, writes=True)
    await acting.read_mode()
    assert build_account_note(acting, {"error": {}}) == {"account": {"mode": "live"}}


@all_in_one_test("tool", [*whole.ALL_TOOLS, *SANDBOX_TOOLS, *DISCOVERY_TOOLS])
def test_every_tool_that_reaches_conekta_takes_a_profile_where_there_is_a_choice(tool: Any) -> None:
    assert "profile" not in list_server_arguments(tool)
    assert ("profile" in list_server_arguments(tool, ("profile",))) is (tool.toolset is not Toolset.DISCOVERY)
    assert "profile" not in tool.input.model_fields


async def test_two_profiles_are_two_accounts_and_answers_say_which(era: Era) -> None:
    settings = {"sandbox": True, "profiles": ("default", "store-b")}
    app = App(Settings(**settings))
    async with Client(app.server, mode=era) as client:
        made = (
            await client.call_tool("create_customer", {**PERSON, "profile": "store-b"})
        ).structured_content
        mine, theirs, wrong = [
            (await client.call_tool("list_customers", {"profile": name})).structured_content
            for name in ("default", "store-b", "store-c")
        ]
        listed = {tool.name: tool.input_schema["properties"] for tool in (await client.list_tools()).tools}
        described = await client.call_tool("describe_operation", {"name": "refund_order"})
        found = await client.call_tool("search_operations", {"query": "refund", "limit": 1})
        called = await client.call_tool(
            "call_read_operation", {"name": "list_plans", "arguments": {"profile": "store-b"}}
        )
        failed = await client.call_tool("get_order", {"order_id": "ord_none", "profile": "store-b"})
        said = client.instructions or ""
    await app.close()
    account = {"account": {"profile": "store-b"}}
    assert made == {**made, "name": "Ana Ruiz", **account}
    assert mine == {
        "columns": [],
        "rows": [],
        "has_more": False,
        "empty": EMPTY_CUSTOMERS["es"],
        "livemode": False,
        "account": {"profile": "default"},
    }
    assert ([row["name"] for row in rows_of(theirs)], theirs["account"]) == (["Ana Ruiz"], account["account"])
    assert wrong["error"]["hint"] == (
        "Nothing was sent to Conekta. profile has to be one of default, store-b."
    )
    assert listed["list_customers"]["profile"] == listed["simulate_payment"]["profile"] == CHOOSE
    assert [name for name, shown in listed.items() if "profile" not in shown] == [
        tool.name for tool in DISCOVERY_TOOLS
    ]
    assert described.structured_content["input_schema"]["properties"]["profile"] == CHOOSE
    assert found.structured_content["operations"][0]["parameters"].endswith(", profile")
    assert called.structured_content["account"] == {"profile": "store-b"}
    assert failed.structured_content["account"] == {"profile": "store-b"}
    assert failed.content[0].text.endswith('\nlivemode: false\naccount: {"profile":"store-b"}')
    assert "by the argument profile: default, store-b; default if none is named." in said


async def test_with_one_profile_the_argument_is_unknown(client_for: Any, era: str) -> None:
    async with client_for(AssertionError("sent"), mode=era) as (client, sent):
        answer = await client.call_tool("list_customers", {"profile": "default"})
        listed = (await client.list_tools()).tools
        said = client.instructions
    assert sent == []
    assert answer.structured_content["error"]["code"] == (
        "conekta_mcp.errors.parameter_validation.profile.unknown_argument"
    )
    assert [tool.name for tool in listed if "profile" in tool.input_schema["properties"]] == []
    assert "Accounts to choose from" not in said
    assert "Its mode is asked of Conekta on first use" in said


async def test_a_profile_sends_its_own_key_and_company(
    client_for: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONEKTA_API_KEY_STORE_B", KEY_B)
    (tmp_path / "p.toml").write_text(f"[default]\n[store-b]\nchild_company_id='{COMPANY}'")
    monkeypatch.setenv("CONEKTA_API_KEY", KEY)
    settings = {"profiles": ("default", "store-b"), "profiles_file": str(tmp_path / "p.toml")}
    empty = httpx.Response(200, text=json.dumps({"object": "list", "has_more": False, "data": []}))
    async with client_for(empty, **settings) as (client, sent):
        for name in ("store-b", "default"):
            await client.call_tool("list_customers", {"profile": name})
    assert [(one.headers["authorization"], one.headers.get("x-child-company-id")) for one in sent] == [
        (f"Bearer {KEY_B}", COMPANY),
        (f"Bearer {KEY}", None),
    ]


@pytest.mark.parametrize("given", [{"profiles": ("test",)}, {"profiles_file": "p.toml"}])
def test_profiles_do_not_serve_where_everybody_can_knock(given: Any, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text("[test]")
    if "profiles_file" in given:
        given = {"profiles_file": str(tmp_path / "p.toml")}
    settings = {"transport": ("streamable-http",), "host": "0.0.0.0", **given}  # noqa: S104 - never bound
    with pytest.raises(ConfigurationError) as refused:
        App(Settings(**settings)).create_http_app()
    assert str(refused.value) == "--profile serves stdio and loopback only, not --host 0.0.0.0"


def test_files_of_the_operator_do_not_serve_where_everybody_can_knock(tmp_path: Path) -> None:
    shared: dict[str, Any] = {"transport": ("streamable-http",), "files_folder": str(tmp_path)}
    with pytest.raises(ConfigurationError) as refused:
        App(Settings(host="0.0.0.0", **shared)).create_http_app()  # noqa: S104 - never bound
    assert str(refused.value) == "--files serves stdio and loopback only, not --host 0.0.0.0"
    App(Settings(host="::1", **shared)).create_http_app()
