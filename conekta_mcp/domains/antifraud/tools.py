"""Tools for the antifraud lists: payers that always pass, payers that never do (conekta-api.md 4.11, 9)."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    Input,
    Operation,
    Risk,
    Toolset,
    echo_deletion,
)
from conekta_mcp.catalog.fields import RuleId, Text, require_shape
from conekta_mcp.domains.antifraud.results import AntifraudRule
from conekta_mcp.results.page import Page

WHITELIST_HINTS = {
    "invalid_whitelist_access": "Whitelists are not enabled for this account; the merchant can ask Conekta."
}


class ListRulesInput(Input):
    """No arguments: Conekta returns all rules at once."""


list_whitelist_rules = Operation(
    name="list_whitelist_rules",
    title="List trusted payers",
    title_es="Listar pagadores de confianza",
    endpoint=GET("/antifraud/whitelists"),
    risk=Risk.READ,
    toolset=Toolset.ANTIFRAUD,
    description=(
        "List every whitelist rule: e-mails, phones and card tokens that antifraud lets pass. Who is "
        "stopped is in list_blacklist_rules. The account needs the service."
    ),
    input=ListRulesInput,
    example={},
    output=Page[AntifraudRule],
    card="table",
    hints=WHITELIST_HINTS,
)

list_blacklist_rules = Operation(
    name="list_blacklist_rules",
    title="List blocked payers",
    title_es="Listar pagadores bloqueados",
    endpoint=GET("/antifraud/blacklists"),
    risk=Risk.READ,
    toolset=Toolset.ANTIFRAUD,
    description=(
        "List every blacklist rule: e-mails, phones and card tokens whose card charges are declined. Look "
        "here when a good payer gets suspicious_behaviour; then delete_blacklist_rule."
    ),
    input=ListRulesInput,
    example={},
    output=Page[AntifraudRule],
    card="table",
)


class CreateRuleInput(Input):
    field: Annotated[Literal["email", "phone", "card_token"], Field(description="What value is")]
    value: Annotated[Text, Field(description="The e-mail, phone or tok_ id")]
    description: Annotated[Text, Field(description="Why")]

    @field_validator("value")
    @classmethod
    def _check_value_shape(cls, value: str, info: ValidationInfo) -> str:
        check = VALUE_CHECKS.get(info.data.get("field", ""))
        return check(value) if check else value


VALUE_CHECKS = {
    "email": require_shape("email", r"[^@\s]+@[^@\s]+\.[^@\s.]+", "an e-mail such as ana@example.com"),
    "phone": require_shape("phone", r"\+?[0-9 ()-]{8,20}", "a phone such as +525555555555"),
    "card_token": require_shape("id_start", r"tok_[a-zA-Z0-9_]{1,60}", "tok_"),
}

create_whitelist_rule = Operation(
    name="create_whitelist_rule",
    title="Trust a payer",
    title_es="Confiar en un pagador",
    endpoint=POST("/antifraud/whitelists"),
    risk=Risk.WRITE,
    toolset=Toolset.ANTIFRAUD,
    description=(
        "Let an e-mail, phone or card token bypass antifraud; fraud by them is then not stopped, so make "
        "sure first. To stop a payer use create_blacklist_rule."
    ),
    input=CreateRuleInput,
    example={"field": "email", "value": "ana@example.com", "description": "Cliente"},
    output=AntifraudRule,
    settled_by="list_whitelist_rules",
    hints=WHITELIST_HINTS,
)

create_blacklist_rule = Operation(
    name="create_blacklist_rule",
    title="Block a payer",
    title_es="Bloquear a un pagador",
    endpoint=POST("/antifraud/blacklists"),
    risk=Risk.WRITE,
    toolset=Toolset.ANTIFRAUD,
    description=(
        "Decline every card charge of an e-mail, phone or card token from now on; what is paid stays paid. "
        "Undo with delete_blacklist_rule."
    ),
    input=CreateRuleInput,
    example={"field": "email", "value": "ana@example.com", "description": "Cliente"},
    output=AntifraudRule,
    settled_by="list_blacklist_rules",
)


class DeleteRuleInput(Input):
    rule_id: RuleId


delete_whitelist_rule = Operation(
    name="delete_whitelist_rule",
    title="Stop trusting a payer",
    title_es="Dejar de confiar en un pagador",
    endpoint=DELETE("/antifraud/whitelists/{rule_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.ANTIFRAUD,
    description=(
        "Delete a whitelist rule, so that antifraud judges the payer again; ids are in "
        "list_whitelist_rules. It blocks nobody: that is create_blacklist_rule."
    ),
    input=DeleteRuleInput,
    example={"rule_id": "6a0000000000000000000001"},
    output=AntifraudRule,
    echo=echo_deletion,
    settled_by="list_whitelist_rules",
    hints=WHITELIST_HINTS,
    idempotent=True,
)

delete_blacklist_rule = Operation(
    name="delete_blacklist_rule",
    title="Unblock a payer",
    title_es="Desbloquear a un pagador",
    endpoint=DELETE("/antifraud/blacklists/{rule_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.ANTIFRAUD,
    description=(
        "Delete a blacklist rule, so that the payer's cards can be charged again; ids are in "
        "list_blacklist_rules. Why it was there is lost: read it first."
    ),
    input=DeleteRuleInput,
    example={"rule_id": "6a0000000000000000000001"},
    output=AntifraudRule,
    echo=echo_deletion,
    settled_by="list_blacklist_rules",
    idempotent=True,
)

TOOLS = (
    list_whitelist_rules,
    create_whitelist_rule,
    delete_whitelist_rule,
    list_blacklist_rules,
    create_blacklist_rule,
    delete_blacklist_rule,
)
