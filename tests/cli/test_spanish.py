"""Errors of commands in Spanish, the default language."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

TOLD = {
    "call list_orders {": "conekta-mcp call: los argumentos no son JSON: ",
    "call list_orders []": "conekta-mcp call: los argumentos son un objeto JSON, como ",
    "approvals approve": "conekta-mcp: approvals: show, approve y decline llevan el ID de una pregunta",
    "approvals list --sandbox": "conekta-mcp: --store: memory es de un solo proceso",
    "approvals watch --store STORE": "conekta-mcp: approvals watch: una persona tiene que responder en una",
    "approvals show f --store STORE": "conekta-mcp approvals: ninguna pregunta tiene ese id; ",
    "approvals watch --store STORE --approval-channels browser": (
        "conekta-mcp: --approval-channels: el operador no acepta respuestas de una terminal"
    ),
    "listen --sandbox": "conekta-mcp: --store: memory no le dice nada a otro proceso; ",
    "logs --sandbox": "conekta-mcp: --store: memory es de un solo proceso; ",
    "logs --audit off": "conekta-mcp: --audit: off, así que nada se registra; ",
    "settle --sandbox": "conekta-mcp: --store: memory es de un solo proceso; ",
    "settle --as applied --key k": "conekta-mcp: --as: nombra la escritura con --key y di con --why ",
    "settle --key k": "conekta-mcp: --key y --why van con --as applied o --as not_applied",
    "settle --as applied --key k --why w --store STORE": "conekta-mcp: --key: 0 escrituras perdidas ",
    "demo --json --approve": "conekta-mcp: --json: no va con --approve, ",
    "tour": "conekta-mcp: tour: hace preguntas, y aquí la entrada o la salida es un archivo",
    "policy check": "conekta-mcp policy check: ¿qué llamada? ",
}


@pytest.mark.parametrize("words", TOLD)
def test_what_is_wrong_is_told_in_spanish(words: str, run: Run, tmp_path: Path) -> None:
    # Only listen asks for a key, before it looks at the store; the others would ask Conekta whose it is.
    key = {"CONEKTA_API_KEY": "key_a"} if words.startswith("listen") else {}
    said = run(*words.replace("STORE", str(tmp_path / "store.sqlite3")).split(), **key)
    assert (said.out, said.err.startswith(TOLD[words])) == ("", True), said.err
    assert said.code in {1, 2}


TYPED = {
    "sevre": "argumento COMANDO: 'sevre' no es ninguna de las opciones (",
    "tools --jsno": "argumentos que no existen: --jsno; ¿quisiste decir --json? (conekta-mcp tools --help)",
    "serve --api-key key_a": "argumentos que no existen: --api-key; otros ven lo que hay en una ",
    "tools --toolsets": "argumento --toolsets: le falta su valor",
    "tour --chapter 9": "argumento --chapter: 9 no es ninguna de las opciones (1, 2, 3, ",
    "tour --chapter dos": "argumento --chapter: se esperaba 1-8",
    "call": "faltan: TOOL",
    "sandbox --latency ya": (
        "argumento --latency: se esperaba un tiempo de hasta 60s, como 200ms o 1.5s, lognormal, o "
        "lognormal:7 con una semilla"
    ),
    "audit --limit 0": "argumento --limit: se esperaba 1-100000",
    "audit --since ayer": "argumento --since: se esperaba una fecha como 2026-11-01, o 30m, 12h, 7d",
    "audit --head --verify": "argumento --verify: no va con --head",
    "audit --json=1": "argumento --json: no lleva valor, y se le dio '1'",
    "policy check refund_order {} --amount 5,00": "argumento --amount: se esperaba un monto en MXN como 5000",
}


@pytest.mark.parametrize("words", TYPED)
def test_what_is_mistyped_is_told_in_spanish(words: str, run: Run) -> None:
    said = run(*words.split(), CONEKTA_LANGUAGE="es")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.partition(": ")[2].startswith(TYPED[words]), said.err
    assert "key_a" not in said.err
