"""Writes the question for a person in the operator's language, and defines what an approval allows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conekta_mcp.accounts.profile import DEFAULT_PROFILE, REQUEST_PROFILE
from conekta_mcp.consent.approvals import ApprovalScope
from conekta_mcp.privacy.untrusted_text import clean_text, cut_middle, quote_text
from conekta_mcp.redaction import redact

MAX_SENTENCE = 6000
"""Longer than any question: ids are never cut, and other texts are short."""


@dataclass(frozen=True, kw_only=True)
class ApprovalRequest:
    """What a person is asked to approve."""

    tool: str
    arguments: str
    """The tool's own arguments as canonical JSON."""
    amount: int | None
    """Centavos."""
    currency: str
    account: str
    """The account at Conekta, by its name in the store."""
    caller: str = ""
    """The fingerprint of the acting key."""
    caller_key: str = ""
    """The fingerprint of the key without the child company."""
    key: str = ""
    """The call's idempotency key; another key is another intent."""
    profile: str
    company: str = ""
    """The name of the company at Conekta; "" if it is not known."""
    mode: str
    """"test" or "live"; any other value counts as live."""
    question: Mapping[str, str]
    """What will happen, by language."""
    rests_on: str = ""
    """A digest of other state that the approval covers; another digest needs another approval."""
    warning: Mapping[str, str] = field(default_factory=dict)
    """A warning for the person, by language."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Figures for a page: kind, amount, currency, recurrence, before, after, account, mode."""


def build_scope(asked: ApprovalRequest, question: str) -> ApprovalScope:
    # The mode counts as well: a yes to test money is no yes to live money.
    call = [asked.tool, asked.arguments, asked.account, asked.profile, get_money_mode(asked)]
    shown = [question, asked.amount, asked.currency, asked.rests_on]
    return ApprovalScope(call=json.dumps(call), question=json.dumps(shown))


def write_question(asked: ApprovalRequest, language: str) -> str:
    """Write the question. The account comes first and in our words, so that no name can imitate it."""
    words = WORDS[language]
    text = asked.question.get(language) or words["run"].format(tool=asked.tool, arguments=asked.arguments)
    sentence = cut_middle(redact(clean_text(" ".join(text.split()))), MAX_SENTENCE) or asked.tool
    account = words["account"].format(name=_name_account(asked), mode=words[get_money_mode(asked)])
    warning = asked.warning.get(language)
    return "\n".join(line for line in (account, sentence, warning, words["declining"]) if line)


def _name_account(asked: ApprovalRequest) -> str:
    """Return the account's name: the operator's profile and the company at Conekta."""
    company = quote_text(asked.company) if asked.company.strip() else ""
    if asked.profile in ("", REQUEST_PROFILE):
        return company or asked.account
    if asked.profile == DEFAULT_PROFILE:
        return company or asked.profile
    return f"{asked.profile} {company}".rstrip()


def write_questions(asked: ApprovalRequest) -> dict[str, str]:
    """Write the question in each language, for a page in the language of its reader."""
    return {language: write_question(asked, language) for language in WORDS}


def get_money_mode(asked: ApprovalRequest) -> str:
    """Return "test" or "live"; an unknown mode counts as live."""
    return "test" if asked.mode == "test" else "live"


def build_answer_form(language: str) -> dict[str, Any]:
    """Return the JSON schema of the answer: a boolean without a default, so sending the form is no yes."""
    words = WORDS[language]
    approve = {"type": "boolean", "title": words["approve"], "description": words["approving"]}
    return {"type": "object", "properties": {"approve": approve}, "required": ["approve"]}


WORDS: dict[str, dict[str, str]] = {
    "es": {
        "account": "Cuenta {name}, {mode}",
        "live": "dinero REAL",
        "test": "modo de prueba",
        "run": "¿Ejecutar {tool} con {arguments}?",
        "declining": "Si dices que no, no se hace nada.",
        "approve": "Aprobar",
        "approving": "Sí: hazlo una vez, tal como se muestra.",
        "weaker": (
            "Más débil que preguntar: el modelo entrega el código, y nada prueba que una persona lo vio."
        ),
    },
    "en": {
        "account": "Account {name}, {mode}",
        "live": "LIVE money",
        "test": "test mode",
        "run": "Run {tool} with {arguments}?",
        "declining": "If you decline, nothing is done.",
        "approve": "Approve",
        "approving": "Yes: do it once, as shown.",
        "weaker": (
            "Weaker than asking: the model hands over the token, and nothing proves that a person saw it."
        ),
    },
}
