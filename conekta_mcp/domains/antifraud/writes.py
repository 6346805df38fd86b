"""Plans of the writes on antifraud rules."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Operation, Sender
from conekta_mcp.domains.antifraud.tools import (
    create_blacklist_rule,
    create_whitelist_rule,
    delete_blacklist_rule,
    delete_whitelist_rule,
    list_blacklist_rules,
    list_whitelist_rules,
)
from conekta_mcp.effects.answer_check import PRESENT, IfShown, expect_answer
from conekta_mcp.effects.comparison import OneOf
from conekta_mcp.effects.new_row import NewRow, ShownDifferently
from conekta_mcp.effects.question_text import BilingualText, Facts, build_question
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    create_lookup,
    format_call,
    list_rows,
)
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import (
    verify_removal,
)
from conekta_mcp.effects.write_plan import WritePlan, observe_facts
from conekta_mcp.privacy.untrusted_text import quote_text

RULE_FIELDS = {
    "field": ShownDifferently(
        why="lists say phone_number for phone (conekta-api.md 4.11)",
        convert=lambda kind: {"field": OneOf((kind, "phone_number")) if kind == "phone" else kind},
    )
}


def _create_rules_reader(tool: Operation[Any]) -> Any:
    async def read(api: Sender, arguments: Any) -> Raw:  # noqa: ARG001 - a reading
        return await call_read_tool(api, tool)

    return read


def _find_rule(arguments: Any, page: Raw) -> Raw:
    return next((row for row in list_rows(page) if row.get("id") == arguments.rule_id), {})


def _describe_rule(arguments: Any, page: Raw) -> Facts:
    rule = _find_rule(arguments, page)
    why = rule.get("description")
    reason = (f" (anotado: {quote_text(str(why))})", f" (noted: {quote_text(str(why))})") if why else ""
    return {"payer": quote_text(str(rule.get("value") or "?")), "why": reason}


def _plan_new_rule(tool: Operation[Any], rules: Operation[Any], text: BilingualText) -> WritePlan:
    return WritePlan(
        decides_destination=True,
        question=build_question(*text),
        verifier=verify_new_row(
            rules,
            NewRow(tool=tool, shown=RULE_FIELDS),
            create_lookup(rules),
            row_lookup=lambda *_: format_call(rules),
        ),
        expect_answer=expect_answer(
            tool,
            NewRow(tool=tool, shown=RULE_FIELDS),
            more=lambda arguments, _: {"field": PRESENT, "value": IfShown(arguments.value)},
        ),
    )


def _plan_rule_removal(rules: Operation[Any], text: BilingualText) -> WritePlan:
    read = _create_rules_reader(rules)
    return WritePlan(
        kind=EffectKind.REMOVAL,
        decides_destination=True,
        subject="rule_id",
        read=read,
        observe=observe_facts(_describe_rule),
        question=build_question(*text),
        verifier=verify_removal(
            read, "rule_id", create_lookup(rules), _find_rule, lambda _, page: list_rows(page)
        ),
        # The id is not compared: a rule has one in lists and another where it is created (1.5).
        expect_answer=lambda _, __: {"id": PRESENT, "field": PRESENT},
    )


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_whitelist_rule.name: _plan_new_rule(
        create_whitelist_rule,
        list_whitelist_rules,
        (
            "¿Dejar pasar siempre a {value}, aunque el antifraude lo detendría, por {description}?",
            "Always let {value} pass, even where antifraud would stop it, for {description}?",
        ),
    ),
    delete_whitelist_rule.name: _plan_rule_removal(
        list_whitelist_rules,
        ("¿Dejar de confiar en {payer}{why}?", "Stop trusting {payer}{why}?"),
    ),
    create_blacklist_rule.name: _plan_new_rule(
        create_blacklist_rule,
        list_blacklist_rules,
        (
            "¿Rechazar desde ahora todo cobro a tarjeta de {value} por {description}?",
            "Decline every card charge of {value} from now on, for {description}?",
        ),
    ),
    delete_blacklist_rule.name: _plan_rule_removal(
        list_blacklist_rules,
        (
            "¿Desbloquear a {payer}{why}, para que se le pueda cobrar otra vez?",
            "Unblock {payer}{why}, so that they can be charged again?",
        ),
    ),
}
