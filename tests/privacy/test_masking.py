"""People's data: whole, masked or left out; ids and amounts stay, and how to pay where that is asked for."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import conekta_mcp.domains
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.privacy.masking import (
    PAYER_FIELDS,
    PAYER_TOOLS,
    has_masked_text,
    list_kept_fields,
    mask_answer,
    mask_text,
)
from conekta_mcp.privacy.masks import mask_email, mask_name, mask_number, mask_tax_id
from conekta_mcp.results.base import Result
from tests.domains import answers, bodies
from tests.domains.row import load_rows
from tests.one_test import all_in_one_test

ROWS = list(chain.from_iterable(load_rows().values()))

PERSON = {
    "name": "Zoraida Quetzal",
    "customer_name": "Xochitl Itzamna",
    "receiver": "Yaretzi Nayeli",
    "company_name": "Tonantzin Papalotl",
    "account_holder": "Citlali Huitzilin",
    "email": "zoraida.quetzal@example.com",
    "phone": "+525598761234",
    "tax_id": "QUZO850713AB9",
    "national_id": "QUZO850713MDFTRR07",
    "clabe": "646180999977776666",
    "reference": "93999977776666",
    "street1": "Calzada Jacarandas 4711",
    "street2": "Interior Bugambilias",
    "external_number": "4712-B",
    "between_streets": "Cedros y Nogales",
    "date_of_birth": "13/07/1985",
    "barcode_url": "https://barcodes.example.com/93999988886666.png",
}
"""What is planted, by the name of the field."""
TEXTS = {"description", "reason", "failure_message", "custom_reference", "canceled_reason", "value"}
NAMES_OF_THINGS = {
    "Plan", "PlanRow", "LineItem", "Product", "PaymentLink", "PaymentLinkRow", "Company", "Evidence",
    "FoundOperation", "DescribedOperation",
}  # fmt: skip
"""The models whose name is no person's."""
LEVELS = ["masked", "minimal"]


def subclasses(model: type[Any]) -> Iterator[type[Any]]:
    for one in model.__subclasses__():
        yield one
        yield from subclasses(one)


for file in sorted(Path(conekta_mcp.domains.__path__[0]).glob("*/*results.py")):
    import_module(f"conekta_mcp.domains.{file.parent.name}.{file.stem}")
MODELS = sorted(
    {
        model
        for model in subclasses(Result)
        if model.__module__.startswith("conekta_mcp.") and "[" not in model.__name__
    },
    key=lambda model: model.__name__,
)


def planted(model: type[BaseModel]) -> dict[str, Any]:
    """An answer of `model` with the person wherever a person can stand.

    The name stands in texts too where a field of the answer tells it.
    """
    text = f"{PERSON['email']}, tel. 55 9876 1234, {PERSON['national_id']}"
    answer = filled(model, text, 5)
    named = PERSON["name"] in json.dumps({**answer, "metadata": None})
    return filled(model, f"Para {PERSON['name']}, {text}", 5) if named else answer


def filled(model: type[BaseModel], text: str, deep: int) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inner = nested(field.annotation)
        if inner and deep:
            one = filled(inner, text, deep - 1)
            facts[name] = [one] if "list" in str(field.annotation) else one
        elif name == "name" and model.__name__ in NAMES_OF_THINGS:
            facts[name] = "Plan anual"
        elif name in PERSON:
            facts[name] = PERSON[name]
        elif name in TEXTS:
            facts[name] = text
        elif name == "metadata":
            facts[name] = {
                "nombre": PERSON["name"],
                "Correo": PERSON["email"],
                "nota": f"CLABE {PERSON['clabe']}",
            }
        elif name.endswith("_body") or name in {"previous_attributes", "query_string"}:
            facts[name] = {"customer_info": {"name": PERSON["name"], "email": PERSON["email"]}}
        elif "int" in str(field.annotation):
            facts[name] = 1_768_564_962
        elif name == "id" or name.endswith("_id"):
            facts[name] = "cus_2tXyZ1234567890ab"
    if model.__name__ in {"PlanRow", "Plan"}:
        facts["interval"] = "month"
    if model.__name__ == "Company":
        facts["account_status"] = "active"
    if model.__name__ == "Evidence":
        facts["evidence_type"] = "invoice"
    if model.__name__ == "AntifraudRule":
        facts |= {"field": "email", "value": PERSON["email"]}
    return facts


def nested(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(nested, get_args(annotation))), None)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    else:
        yield ".".join(path), value


def survivors(answer: Mapping[str, Any], person: Mapping[str, str]) -> list[str]:
    text = json.dumps(answer, ensure_ascii=False).casefold()
    pieces = {*person.values(), *person["name"].split(), "9876 1234", "55987612"}
    return sorted(piece for piece in pieces if piece.casefold() in text)


def harmless(answer: Any) -> list[tuple[str, Any]]:
    return [
        (path, value)
        for path, value in leaves(answer)
        if not isinstance(value, str)
        or (re.search(r"\bid$|_id$", path) and not re.search("tax_id|national_id", path))
    ]


@pytest.mark.parametrize("level", LEVELS)
@all_in_one_test("model", MODELS)
def test_nothing_of_a_person_survives_in_any_curated_model(model: type[Any], level: str) -> None:
    answer = planted(model)
    seen = mask_answer(answer, level)
    assert survivors(seen, PERSON) == []
    assert set(harmless(answer)) == set(harmless(seen))
    assert mask_answer({"data": [answer]}, level) == {"data": [seen]}


@pytest.mark.parametrize("level", LEVELS)
@all_in_one_test("model", MODELS)
def test_what_a_payer_needs_survives_where_it_is_kept(model: type[Any], level: str) -> None:
    answer = planted(model)
    seen = mask_answer(answer, level, keeps=PAYER_FIELDS)
    kept = {path: value for path, value in leaves(answer) if path.rpartition(".")[2] in PAYER_FIELDS}
    assert {path: value for path, value in leaves(seen) if path in kept} == kept
    assert {"name", "email", "phone"}.isdisjoint(
        survivors({k: v for k, v in seen.items() if k != "metadata"}, PERSON)
    )


ANA = {
    "name": "Ana Ruiz",
    "name of another": "Eva Luna",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "clabe": "646180111802000138",
    "reference": "93000262276908",
    "street": "Calle Uno 1",
    "national_id": "RUAA901231MDFXXX09",
}


@pytest.mark.parametrize("level", LEVELS)
@all_in_one_test("row", ROWS)
def test_nobody_is_named_in_the_answer_of_any_operation_curated_or_raw(row: Any, level: str) -> None:
    for answer in (row.answer, {"conekta": row.conekta}):
        seen = mask_answer(answer, level)
        text = json.dumps(seen, ensure_ascii=False)
        assert [piece for piece in ANA.values() if piece in text] == []
        assert set(harmless(answer)) - set(harmless(seen)) <= without_personal_numbers(answer)


def without_personal_numbers(answer: Any) -> set[tuple[str, Any]]:
    """What has no text and is left out all the same: metadata, at minimal."""
    return {(path, value) for path, value in harmless(answer) if "metadata" in path.split(".")}


def test_the_tools_for_payers_exist() -> None:
    tools = {tool.name for tool in (*ALL_TOOLS, *SANDBOX_TOOLS)}
    assert {name for name in PAYER_TOOLS if "://" not in name} <= tools
    assert (list_kept_fields("get_order"), list_kept_fields("get_customer")) == (PAYER_FIELDS, frozenset())


def test_full_shows_the_answer_itself() -> None:
    answer = {"name": "Ana Ruiz"}
    assert mask_answer(answer, "full") is answer


def test_a_customer_masked() -> None:
    raw = {**answers.CUSTOMER, "national_id": "RUAA901231MDFXXX09", "date_of_birth": "31/12/1990"}
    assert mask_answer(raw, "masked") == {
        **answers.CUSTOMER,
        "name": "A** R**",
        "email": "a**@example.com",
        "phone": "***5555",
        "national_id": "***X09",
        "date_of_birth": "***",
        "metadata": {"plan": "oro"},
        "payment_sources": [{**answers.SPEI_SOURCE, "clabe": "***0138"}],
        "shipping_contacts": [
            {
                **answers.SHIPPING_CONTACT,
                "receiver": "E** L**",
                "address": {**answers.SHIPPING_CONTACT["address"], "street1": "***"},
            }
        ],
        "fiscal_entities": [
            {
                **answers.FISCAL_ENTITY,
                "tax_id": "***000",
                "company_name": "E** S**",
                "address": {**answers.FISCAL_ENTITY["address"], "street1": "***"},
            }
        ],
    }


def test_a_customer_at_minimal_is_ids_kinds_and_moments() -> None:
    source = {name: value for name, value in answers.SPEI_SOURCE.items() if name != "clabe"}
    gone = {"name", "email", "phone", "metadata"}
    assert mask_answer(answers.CUSTOMER, "minimal") == {
        **{name: value for name, value in answers.CUSTOMER.items() if name not in gone},
        "payment_sources": [source],
        "shipping_contacts": [
            {
                "id": "ship_cont_1",
                "address": {"country": "mx", "residential": True},
                "default": True,
                "parent_id": "cus_1",
            }
        ],
        "fiscal_entities": [
            {
                "id": "fis_ent_1",
                "address": {"country": "mx"},
                "default": True,
                "parent_id": "cus_1",
                "created_at": bodies.NOW,
            }
        ],
    }


def test_an_order_masked_keeps_how_to_pay_it_in_the_tool_for_that() -> None:
    seen = mask_answer(answers.CASH_ORDER, "masked", keeps=list_kept_fields("get_order"))
    payer = {"customer_id": "cus_1", "name": "A** R**", "email": "a**@example.com", "phone": "***5555"}
    assert seen == {**answers.CASH_ORDER, "customer": payer}
    assert list(seen) == list(answers.CASH_ORDER)
    hidden = mask_answer(answers.CASH_ORDER, "masked")
    assert (hidden["reference"], hidden["barcode_url"]) == ("***6908", "***")


def test_conekta_s_own_object_is_masked_by_the_names_of_its_fields() -> None:
    method = {
        "clabe": "646180111802000138",
        "receiving_account_number": "646180111802000138",
        "issuing_account_number": "012180001234567891",
        "issuing_account_holder_name": "Ana Ruiz",
        "issuing_account_tax_id": "RUAA901231AB9",
        "tracking_code": "MBAN01002301100098765432",
        "expires_at": 1776340962,
    }
    raw = {"conekta": {"id": "ord_1", "charges": {"data": [{"payment_method": method}]}}, "livemode": False}
    masked = {
        **method,
        "issuing_account_number": "***7891",
        "issuing_account_holder_name": "A** R**",
        "issuing_account_tax_id": "***AB9",
    }
    seen = mask_answer(raw, "masked", keeps=PAYER_FIELDS)
    assert seen["conekta"]["charges"]["data"] == [{"payment_method": masked}]
    hidden = mask_answer(raw, "masked")["conekta"]["charges"]["data"][0]["payment_method"]
    assert (hidden["clabe"], hidden["receiving_account_number"]) == ("***0138", "***0138")


def test_the_digits_of_a_barcode_are_masked_but_for_who_pays_it() -> None:
    cash = {"barcode": "93000262276908", "phonenumber": "5512345678"}
    assert mask_answer(cash, "masked") == {"barcode": "***6908", "phonenumber": "***5678"}
    assert mask_answer(cash, "masked", keeps=PAYER_FIELDS) == {
        "barcode": "93000262276908",
        "phonenumber": "***5678",
    }


def test_a_shops_own_reference_of_a_charge_is_no_id_of_conektas_and_searched() -> None:
    charge = {"id": "6a0000000000000000000001", "reference_id": "tel 55 1234 5678", "code": "ana@example.com"}
    assert mask_answer(charge, "masked") == {
        "id": "6a0000000000000000000001",
        "reference_id": "tel ***5678",
        "code": "a**@example.com",
    }


def test_a_name_is_found_in_the_other_texts_of_its_own_row_only() -> None:
    rows = [
        {"id": "ord_1", "customer_name": "Ana Ruiz", "description": "Para ANA RUIZ, anual"},
        {"id": "ord_2", "customer_name": "Eva", "description": "Para Ana Ruiz; Eva"},
    ]
    assert mask_answer({"data": rows, "has_more": False}, "masked") == {
        "data": [
            {"id": "ord_1", "customer_name": "A** R**", "description": "Para ***, anual"},
            {"id": "ord_2", "customer_name": "E**", "description": "Para Ana Ruiz; Eva"},
        ],
        "has_more": False,
    }


@pytest.mark.parametrize(
    ("holder", "masked"),
    [
        ({"object": "plan", "name": "Plan Oro"}, "Plan Oro"),
        ({"object": "customer", "name": "Plan Oro"}, "P** O**"),
        ({"name": "Plan Oro", "unit_price": 5}, "Plan Oro"),
        ({"name": "Plan Oro"}, "P** O**"),
    ],
)
def test_the_name_of_a_thing_stays_and_whatever_may_be_a_person_does_not(
    holder: dict[str, Any], masked: str
) -> None:
    assert mask_answer(holder, "masked")["name"] == masked


def test_metadata_cannot_pass_a_person_off_as_a_thing() -> None:
    seen = mask_answer({"metadata": {"name": "Ana Ruiz", "unit_price": 5, "object": "plan"}}, "masked")
    assert seen == {"metadata": {"name": "A** R**", "unit_price": 5, "object": "plan"}}


def test_metadata_is_masked_by_the_names_and_the_shapes_in_it() -> None:
    metadata = {
        "Nombre": "Ana Ruiz",
        "telefono": 5512345678,
        "reference": "A-17",
        "ana@example.com": "x",
        "deep": {"rfc": "RUAA901231AB9", "seats": 3, "vip": True, "none": None, "empty": ""},
        "id": "tel 55 1234 5678",
    }
    assert mask_answer({"metadata": metadata}, "masked") == {
        "metadata": {
            "Nombre": "A** R**",
            "telefono": "***5678",
            "reference": "A-17",
            "a**@example.com": "x",
            "deep": {"rfc": "***AB9", "seats": 3, "vip": True, "none": None, "empty": ""},
            "id": "tel ***5678",
        }
    }
    assert mask_answer({"id": "cus_1", "metadata": metadata}, "minimal") == {"id": "cus_1"}


@pytest.mark.parametrize(
    ("text", "masked", "minimal"),
    [
        ("ana.ruiz+x@mail.example.com no", "a**@mail.example.com no", "*** no"),
        ("tel. +52 (55) 1234-5678, ya", "tel. ***5678, ya", "tel. ***, ya"),
        ("5512345678", "***5678", "***"),
        ("55 1234 5678 o 521 55 1234 5678", "***5678 o ***5678", "*** o ***"),
        ("664 123 4567", "***4567", "***"),
        ("CLABE 646180111802000138.", "CLABE ***0138.", "CLABE ***."),
        ("RFC ruaa901231ab9 y CURP RUAA901231MDFXXX09", "RFC ***ab9 y CURP ***X09", "RFC *** y CURP ***"),
        (
            "/customers?limit=5&search=Ana%20Ruiz",
            "/customers?limit=5&search=***",
            "/customers?limit=5&search=***",
        ),
        ("5\u200b512345678", "***5678", "***"),
    ],
)
def test_a_text_is_masked_by_pattern(text: str, masked: str, minimal: str) -> None:
    assert (mask_text(text, "full"), mask_text(text, "masked"), mask_text(text, "minimal")) == (
        text,
        masked,
        minimal,
    )


@pytest.mark.parametrize(
    "text",
    [
        "ord_2tXyZ1234567890ab", "6a0000000000000000000001", "00000000-0000-4000-8000-000000000001",
        "MXN 12,345,678.90", "expires_at 1768564962", "2026-04-16T11:00:33Z", "2026-12-27T18:00:00-06:00",
        "27 dic 2026, 18:00 (Ciudad de México)", "1 Nov 2026, 01:30 -07:00 (Tijuana)", "MXN 5512345678.00",
        "SKU-2234567890", "line_item_2234567890", "The amount of the order must be 50000.", "abc123456xyz",
        "$5512345678",
    ],
)  # fmt: skip
def test_ids_amounts_and_moments_are_no_person(text: str) -> None:
    assert mask_text(text, "minimal") == text


def test_an_error_is_masked_in_its_messages_and_keeps_what_helps() -> None:
    error = {
        "type": "parameter_validation_error",
        "code": "conekta.errors.parameter_validation.phone.invalid",
        "message": "El teléfono 55 1234 5678 de ana@example.com no es válido.",
        "details": [{"message": "ana@example.com", "param": "customer_info.email"}],
        "log_id": "6a0000000000000000000001",
        "created": {"id": "ord_1", "amount": 5512345678},
        "retryable": False,
    }
    assert mask_answer(error, "masked") == {
        **error,
        "message": "El teléfono ***5678 de a**@example.com no es válido.",
        "details": [{"message": "a**@example.com", "param": "customer_info.email"}],
    }


def test_a_body_that_was_cut_is_hidden_since_no_field_can_be_found_in_it() -> None:
    answer = {"request_body": '{"name":"Ana Ruiz","email":"ana@exa…', "response_body": "[redacted] ok"}
    assert mask_answer(answer, "masked") == {"request_body": "***", "response_body": "[redacted] ok"}


def test_lists_of_texts_and_objects_under_a_personal_name_are_masked_too() -> None:
    answer = {
        "searchable_tags": ["Ana", None],
        "contact": {"name": "Ana Ruiz", "age": 7},
        "address": "Calle 1",
    }
    assert mask_answer(answer, "masked") == {
        "searchable_tags": ["***", None],
        "contact": {"name": "A** R**", "age": 7},
        "address": "***",
    }
    assert mask_answer(answer, "minimal") == {"contact": {"age": 7}}
    assert mask_answer({"contact": {"name": "Ana"}, "metadata": {}, "a": {}}, "minimal") == {"a": {}}


def test_a_rule_against_fraud_is_masked_by_what_its_value_is() -> None:
    rule = {"id": "rule_1", "field": "phone", "value": "+525555555555"}
    assert mask_answer(rule, "masked") == {"id": "rule_1", "field": "phone", "value": "***5555"}
    card = {"field": "card_token", "value": "tok_1"}
    assert mask_answer(card, "masked") == card


def test_what_is_too_short_to_mask_is_hidden() -> None:
    assert [mask_name("  "), mask_email("ana"), mask_number("5555"), mask_tax_id("ABC")] == ["***"] * 4


@pytest.mark.parametrize(
    "value",
    ["A** R**", "a**@example.com", "***5555", "***", {"a": [{"b": "E**"}]}, ("***AB9",)],
)
def test_what_was_masked_is_known_again(value: Any) -> None:
    assert has_masked_text(value)


@pytest.mark.parametrize("value", ["Ana Ruiz", "**Oferta** 2x1", "5 * 3", "a***b", 7, None, {"a": ["x"]}])
def test_what_was_not_masked_is_not_taken_for_it(value: Any) -> None:
    assert not has_masked_text(value)
