"""/antifraud: whitelist and blacklist rules that clear or stop card payers (conekta-api.md 4.11).

Ids have 24 hexadecimal digits in lists and in answers: the sources show two forms (1.5), and one must work in
both.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import Choice, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals import links, policies
from conekta_mcp.sandbox.refusals.envelope import Forbidden

WHITELIST = "whitelist_rule"
BLACKLIST = "blacklist_rule"
RULE = Shape(
    required={
        "field": Choice(("email", "phone", "card_token")),
        "value": Text(),
        "description": Text(),
    },
    closed=True,
)
# In lists the phone field has another name than in requests.
LISTED_FIELD_NAMES = {"phone": "phone_number"}
ANSWERED_FIELDS = ("id", "field", "value", "description")


def _make_list_handler(kind: str) -> Callable[[Call], Json]:
    def list_rules(call: Call) -> Json:
        _refuse_missing_service(kind)
        rows = [_render_rule(rule) for rule in call.account.list_records(kind)[::-1]]
        return {
            "next_page_url": None,
            "previous_page_url": None,
            "has_more": False,
            "object": "list",
            "data": rows,
        }

    return list_rules


def _make_create_handler(kind: str) -> Callable[[Call], Json]:
    def create_rule(call: Call) -> Json:
        """Create a rule; the same rule sent twice makes two (inferred)."""
        _refuse_missing_service(kind)
        check(RULE, call.body)
        rule = {"id": call.account.make_object_id(), **call.body, "created_at": call.account.now()}
        call.account.add(kind, rule)
        return {name: rule[name] for name in ANSWERED_FIELDS}

    return create_rule


def _make_delete_handler(kind: str) -> Callable[[Call], Json]:
    def delete_rule(call: Call) -> Json:
        """Return the deleted rule, without a `deleted` flag (1.2)."""
        _refuse_missing_service(kind)
        rule = load_record(call.account, kind, call.path["id"], "Rule")
        call.account.remove(kind, rule["id"])
        return {name: rule[name] for name in ANSWERED_FIELDS}

    return delete_rule


def _refuse_missing_service(kind: str) -> None:
    if kind == WHITELIST and not policies.WHITELIST_SERVICE:
        raise Forbidden(links.no_whitelist_access())


def _render_rule(rule: Json) -> Json:
    made = datetime.fromtimestamp(rule["created_at"], UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00:00")
    field = LISTED_FIELD_NAMES.get(rule["field"], rule["field"])
    return {**rule, "field": field, "created_at": made, "is_global": False, "is_test": True}


ENDPOINTS = tuple(
    endpoint
    for path, kind in (("/antifraud/whitelists", WHITELIST), ("/antifraud/blacklists", BLACKLIST))
    for endpoint in (
        Endpoint("GET", path, _make_list_handler(kind)),
        Endpoint("POST", path, _make_create_handler(kind)),
        Endpoint("DELETE", path + "/{id}", _make_delete_handler(kind)),
    )
)
