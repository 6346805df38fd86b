"""Antifraud rules: added and deleted."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind, Operation, Sender
from conekta_mcp.domains.antifraud.tools import (
    create_blacklist_rule,
    create_whitelist_rule,
    delete_blacklist_rule,
    delete_whitelist_rule,
    list_blacklist_rules,
    list_whitelist_rules,
)
from conekta_mcp.effects.question_text import Both, Facts, asking
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    list_rows,
    looking,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import (
    gone,
)
from conekta_mcp.effects.write_plan import Handling, facts_only
from conekta_mcp.privacy.untrusted_text import quoted

LISTED_AS = {"phone": ("phone", "phone_number")}
"""How lists name the field of a rule (conekta-api.md 4.11)."""


def _rule_there(tool: Operation[Any]) -> Any:
    async def read(api: Sender, arguments: Any) -> Raw:  # noqa: ARG001 - a reading
        return await ask(api, tool)

    return read


def _rule(arguments: Any, page: Raw) -> Raw:
    return next((row for row in list_rows(page) if row.get("id") == arguments.rule_id), {})


def _of_rule(arguments: Any, page: Raw) -> Facts:
    rule = _rule(arguments, page)
    why = rule.get("description")
    reason = (f" (anotado: {quoted(str(why))})", f" (noted: {quoted(str(why))})") if why else ""
    return {"payer": quoted(str(rule.get("value") or "?")), "why": reason}


def _new_rule(rules: Operation[Any], text: Both) -> Handling:
    def wanted(arguments: Any) -> Mapping[str, Any]:
        return {"value": arguments.value, "description": arguments.description}

    return Handling(
        said=asking(*text),
        proof=new_row(rules, wanted, looking(rules), named=lambda *_: written(rules)),
    )


def _old_rule(rules: Operation[Any], text: Both) -> Handling:
    read = _rule_there(rules)
    return Handling(
        kind=Kind.REMOVAL,
        subject="rule_id",
        read=read,
        see=facts_only(_of_rule),
        said=asking(*text),
        proof=gone(read, "rule_id", looking(rules), _rule),
    )


HANDLINGS: Mapping[str, Handling] = {
    create_whitelist_rule.name: _new_rule(
        list_whitelist_rules,
        (
            "¿Dejar pasar siempre a {value}, aunque el antifraude lo detendría, por {description}?",
            "Always let {value} pass, even where antifraud would stop it, for {description}?",
        ),
    ),
    delete_whitelist_rule.name: _old_rule(
        list_whitelist_rules,
        ("¿Dejar de confiar en {payer}{why}?", "Stop trusting {payer}{why}?"),
    ),
    create_blacklist_rule.name: _new_rule(
        list_blacklist_rules,
        (
            "¿Rechazar desde ahora todo cobro a tarjeta de {value} por {description}?",
            "Decline every card charge of {value} from now on, for {description}?",
        ),
    ),
    delete_blacklist_rule.name: _old_rule(
        list_blacklist_rules,
        (
            "¿Desbloquear a {payer}{why}, para que se le pueda cobrar otra vez?",
            "Unblock {payer}{why}, so that they can be charged again?",
        ),
    ),
}
