"""The messages about invalid arguments, in Spanish and English, which never quote the value."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import conekta_mcp
from conekta_mcp.server.rendering.argument_messages import SPANISH

pytestmark = pytest.mark.anyio
CODE = "conekta_mcp.errors.parameter_validation"
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
OF_CUS = {"customer_id": "cus_1", "line_items": LINES}
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
STATUSES = (
    "'pending_payment', 'paid', 'pre_authorized', 'declined', 'expired', 'canceled', 'voided', "
    "'partially_refunded', 'refunded' {} 'charged_back'"
)

CASES = [
    ("create_customer", {"name": "Ana", "email": "ana@example.com"}, "phone", "missing",
     "es obligatorio", "is required"),
    ("create_customer", {**ANA, "name": "\t \n"}, "name", "invalid",
     "se esperaba un nombre, no espacios", "expected a name, not blanks"),
    ("create_customer", {**ANA, "name": "echo" * 63}, "name", "too_long",
     "se esperaban como máximo 249 caracteres", "expected at most 249 characters"),
    ("create_customer", {**ANA, "email": "echo"}, "email", "invalid",
     "se esperaba un correo como ana@example.com", "expected an e-mail such as ana@example.com"),
    ("create_customer", {**ANA, "phone": "echo-echo"}, "phone", "invalid",
     "se esperaba un teléfono como +525555555555", "expected a phone such as +525555555555"),
    ("create_customer", {**ANA, "date_of_birth": "31 dic 90"}, "date_of_birth", "invalid",
     "se esperaba DD/MM/AAAA", "expected DD/MM/YYYY"),
    ("create_customer", {**ANA, "date_of_birth": "٣١/١٢/١٩٩٠"}, "date_of_birth", "invalid",
     "se esperaba DD/MM/AAAA", "expected DD/MM/YYYY"),
    ("create_customer", {**ANA, "corporate": "echo"}, "corporate", "invalid_datatype",
     "se esperaba true o false", "expected true or false"),
    ("add_shipping_contact", {"customer_id": "cus_1", "address": {**ADDRESS, "street1": "x"}},
     "address.street1", "too_short",
     "se esperaban al menos 2 caracteres", "expected at least 2 characters"),
    ("create_customer", {**ANA, "custom_reference": 7}, "custom_reference", "invalid_datatype",
     "se esperaba un texto", "expected a text"),
    ("create_customer", {**ANA, "name": None}, "name", "missing", "es obligatorio", "is required"),
    ("create_customer", {**ANA, "name": ""}, "name", "missing", "es obligatorio", "is required"),
    ("create_customer", {**ANA, "metadata": ["echo"]}, "metadata", "invalid_datatype",
     "se esperaba un objeto", "expected an object"),
    ("create_customer", {**ANA, "metadata": {"a": {"b": "echo"}}}, "metadata.a", "invalid_datatype",
     "se esperaba un texto de hasta 249 caracteres, un número, true o false",
     "expected a text up to 249 characters, a number, true or false"),
    ("create_customer", {**ANA, "metadata": {"a": None}}, "metadata.a", "invalid_datatype",
     "se esperaba un texto de hasta 249 caracteres, un número, true o false",
     "expected a text up to 249 characters, a number, true or false"),
    ("create_customer", {**ANA, "metadata": {"a": "echo" * 63}}, "metadata.a", "invalid_datatype",
     "se esperaba un texto de hasta 249 caracteres, un número, true o false",
     "expected a text up to 249 characters, a number, true or false"),
    ("create_customer", {**ANA, "metadata": {"a": float("inf")}}, "metadata.a", "invalid_datatype",
     "se esperaba un texto de hasta 249 caracteres, un número, true o false",
     "expected a text up to 249 characters, a number, true or false"),
    ("create_customer", {**ANA, "metadata": {str(n): n for n in range(101)}}, "metadata", "too_long",
     "se esperaban como máximo 100", "expected at most 100"),
    ("create_order", {**OF_CUS, "line_items": []}, "line_items", "too_short",
     "se esperaba al menos 1", "expected at least 1"),
    ("create_customer", {**ANA, "payment_sources": [{"type": "echo"}]}, "payment_sources.0.type", "invalid",
     "se esperaba 'card', 'spei_recurrent' o 'cash_recurrent'",
     "expected 'card', 'spei_recurrent' or 'cash_recurrent'"),
    ("create_customer", {**ANA, "payment_sources": [{"type": "card"}]}, "payment_sources.0", "missing",
     "una tarjeta necesita su token_id", "a card needs its token_id"),
    ("create_customer", {**ANA, "payment_sources": [{"type": "spei_recurrent", "token_id": "tok_1"}]},
     "payment_sources.0", "invalid", "token_id no va junto con type spei_recurrent",
     "token_id cannot go together with type spei_recurrent"),
    ("create_customer", {**ANA, "shipping_contacts": ["echo"]}, "shipping_contacts.0", "invalid_datatype",
     "se esperaba un objeto", "expected an object"),
    ("add_shipping_contact", {"customer_id": "cus_1", "address": {**ADDRESS, "city": "1 2 3"}},
     "address.city", "invalid", "se esperaban dos letras de la A a la Z seguidas",
     "expected two letters of A-Z in a row somewhere"),
    ("add_shipping_contact", {"customer_id": "cus_1", "address": {**ADDRESS, "country": "1!"}},
     "address.country", "invalid", "se esperaban dos letras como MX", "expected two letters such as MX"),
    ("add_shipping_contact", {"customer_id": "cus_1", "address": {**ADDRESS, "zip": "echo"}},
     "address.zip", "unknown_argument",
     "no es un argumento de esta herramienta", "is not an argument of this tool"),
    ("list_orders", {"payment_status": "echo"}, "payment_status", "invalid",
     f"se esperaba {STATUSES.format('o')}", f"expected {STATUSES.format('or')}"),
    ("list_orders", {"limit": 251}, "limit", "invalid", "se esperaba 250 o menos", "expected 250 or less"),
    ("get_order", {"order_id": "echo"}, "order_id", "invalid",
     "se esperaba un id que empieza con ord_", "expected an id that starts with ord_"),
    ("get_order", {"order_id": "ord_echo!"}, "order_id", "invalid",
     "se esperaba un id que empieza con ord_", "expected an id that starts with ord_"),
    ("get_order", {"order_id": "ord_1", "detail": "echo"}, "detail", "invalid",
     "se esperaba 'lean' o 'full'", "expected 'lean' or 'full'"),
    ("create_order", {**OF_CUS, "line_items": "echo"}, "line_items", "invalid_datatype",
     "se esperaba una lista", "expected a list"),
    ("create_order", {**OF_CUS, "reuse_customer_clabe": "true"}, "reuse_customer_clabe", "invalid_datatype",
     "se esperaba true o false", "expected true or false"),
    ("create_order", {"line_items": LINES, "name": "Ana"}, None, "missing",
     "hace falta customer_id, o name, email y phone; falta: email, phone",
     "customer_id, or name, email and phone, are needed; missing: email, phone"),
    ("create_order", {**OF_CUS, "email": "echo@example.com"}, None, "invalid",
     "customer_id no va junto con email", "customer_id cannot go together with email"),
    ("create_card_order", OF_CUS, None, "missing",
     "hace falta token_id o payment_source_id", "token_id or payment_source_id is needed"),
    ("create_card_order", {**OF_CUS, "token_id": "tok_1", "payment_source_id": "src_1"}, None, "invalid",
     "payment_source_id no va junto con token_id", "payment_source_id cannot go together with token_id"),
    ("create_card_order", {**ANA, "line_items": LINES, "payment_source_id": "src_1"}, None, "missing",
     "payment_source_id necesita el customer_id de su dueño",
     "payment_source_id needs the customer_id that it belongs to"),
    ("create_card_order", {**OF_CUS, "token_id": "tok_1", "monthly_installments": 5},
     "monthly_installments", "invalid",
     "se esperaba 3, 6, 9, 12, 18 o 24", "expected 3, 6, 9, 12, 18 or 24"),
    ("create_card_order", {**OF_CUS, "token_id": "tok_1", "return_url": "http://echo.example.com"},
     "return_url", "invalid",
     r"se esperaba un texto con la forma ^https://[^\s\\/?#@]+([/?#][^\s\\]*)?$",
     r"expected a text that matches ^https://[^\s\\/?#@]+([/?#][^\s\\]*)?$"),
    ("simulate_payment", {}, None, "missing",
     "hace falta reference u order_id", "reference or order_id is needed"),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "given", "param", "code", "es", "en"), CASES)
async def test_a_problem_is_told_in_spanish_and_in_english(
    tool: str, given: Any, param: str | None, code: str, es: str, en: str, client_for: Any
) -> None:
    place = [step for step in (param or "").split(".") if step and not step.isdigit()]
    told = {}
    for language in ("es", "en"):
        async with client_for(AssertionError("sent"), sandbox=True, language=language) as (client, sent):
            result = await client.call_tool(tool, given)
        told[language] = result.structured_content["error"]
        assert (sent, result.is_error, "details" in told[language]) == ([], True, False)
        assert told[language].get("param") == param
        assert told[language]["code"] == ".".join([CODE, *place, code])
        assert "echo" not in json.dumps(result.structured_content)
    name = param or "arguments"
    assert (told["es"]["message"], told["en"]["message"]) == (f"{name}: {es}.", f"{name}: {en}.")
    assert told["es"]["debug_message"] == told["en"]["debug_message"] == f"{name}: {en}."


def test_every_check_of_an_argument_has_its_words_in_spanish() -> None:
    package = Path(conekta_mcp.__file__).parent
    checks: set[str] = set()
    for file in (*package.glob("catalog/**/*.py"), *package.glob("domains/**/*.py")):
        code = file.read_text(encoding="utf-8")
        checks |= {
            f"{name}_shape" for name in re.findall(r'(?:require_shape|_describe_id)\(\s*"(\w+)",', code)
        }
        checks |= set(re.findall(r'PydanticCustomError\(\s*"(\w+)"', code))
    assert {"clabe_shape", "payable_id_shape", "clue_missing"} <= checks
    prefixes = re.compile(r"(?:src|off_ref|[a-z_]+_)_shape")  # ids of which the check has one name for all
    assert {one for one in checks - SPANISH.keys() if not prefixes.fullmatch(one)} == set()
