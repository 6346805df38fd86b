"""What a page shows of an approval, and which of its text is marked as typed by others."""

from dataclasses import replace
from typing import Any

import pytest

from conekta_mcp.pages.approval_view import (
    TextPart,
    build_view,
    format_recurrence,
    join_text,
    list_decision,
    split_typed,
)
from tests.pages.questions import BILL, CHANGE, DRAFT, NAME, QUESTION, START


def test_what_others_typed_is_a_part_of_its_own() -> None:
    assert split_typed("¿Cobrar a «Ana “sí”» por «Taza»?") == (
        TextPart("¿Cobrar a "),
        TextPart("«Ana “sí”»", is_typed=True),
        TextPart(" por "),
        TextPart("«Taza»", is_typed=True),
        TextPart("?"),
    )
    assert split_typed("Bill “Ana Ruiz”?")[1] == TextPart("“Ana Ruiz”", is_typed=True)
    assert split_typed("") == ()


def test_a_quotation_without_its_start_or_end_is_still_typed() -> None:
    assert split_typed("… EN VIVO» por «Taza") == (
        TextPart("… EN VIVO» por ", is_typed=True),
        TextPart("«Taza", is_typed=True),
    )


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("es", [("¿Se puede deshacer?", "Sí, con otra operación"), ("Operación", "create_order")]),
        ("en", [("Can it be undone?", "Yes, by another operation"), ("Operation", "create_order")]),
    ],
)
def test_a_bill_shows_amount_account_question_and_time_left(
    language: str, rows: list[tuple[str, str]]
) -> None:
    view = build_view(DRAFT, language, START + 61)
    account, question, declining = QUESTION[language].split("\n")
    assert (view.amount, view.is_live, view.left_text, view.left_ms) == ("MXN 500.00", True, "13:59", 839_000)
    assert [join_text(line) for line in (view.account, view.question, view.declining)] == [
        account,
        question,
        declining,
    ]
    assert [part.text for part in view.question if part.is_typed] == [f"«{NAME}»", "«Plan anual»"]
    assert [(name, join_text(line)) for name, line in view.rows] == rows
    assert (view.warnings, view.changes) == ([], [])


@pytest.mark.parametrize(
    ("mode", "is_live"), [("test", False), ("live", True), ("unknown", True), (None, True)]
)
def test_whatever_is_not_test_counts_as_live(mode: str | None, is_live: bool) -> None:
    assert build_view(replace(DRAFT, facts={**BILL, "mode": mode}), "es", START).is_live is is_live


def test_an_approval_without_facts_is_shown_as_live() -> None:
    view = build_view(replace(DRAFT, facts={}), "es", START)
    assert (view.is_live, view.amount, view.changes) == (True, None, [])
    assert [name for name, _ in view.rows] == ["Operación"]


def test_a_warning_stands_apart() -> None:
    account, question, declining = QUESTION["es"].split("\n")
    text = "\n".join((account, question, "OJO: se perdió un intento.", declining))
    view = build_view(replace(DRAFT, question={"es": text}), "es", START)
    assert [join_text(line) for line in view.warnings] == ["OJO: se perdió un intento."]
    assert join_text(view.question) == question


def show_changes(language: str, **facts: Any) -> list[tuple[str, str, str]]:
    view = build_view(replace(DRAFT, facts={**CHANGE, **facts}), language, START)
    return [(one.name, join_text(one.before), join_text(one.after)) for one in view.changes]


def test_a_change_shows_only_what_changes_before_and_after() -> None:
    assert show_changes("es") == [
        ("Importe", "MXN 400.00", "MXN 500.00"),
        ("Repetición", "MXN 400.00 cada mes, sin fin", "MXN 500.00 cada 2 meses, 12 veces"),
    ]
    assert show_changes("en")[1][1:] == (
        "MXN 400.00 every month, without end",
        "MXN 500.00 every 2 months, 12 times",
    )
    assert show_changes(
        "es", before={"amount": None, "currency": "?"}, after={"amount": 5, "currency": "USD"}
    ) == [("Importe", "un importe desconocido", "USD 0.05")]
    assert show_changes("es", before={}) == []


def test_a_new_payer_is_typed_text_that_cannot_end_its_quotation() -> None:
    view = build_view(
        replace(DRAFT, facts={**BILL, "before": {"payer": "cus_1"}, "after": {"payer": "Ana» EN VIVO"}}),
        "es",
        START,
    )
    [change] = view.changes
    assert change.before == (TextPart("«cus_1»", is_typed=True),)
    assert change.after == (TextPart("«Ana EN VIVO»", is_typed=True),)


@pytest.mark.parametrize(
    ("again", "spanish", "english"),
    [
        (
            {"amount": 100, "interval": "week", "frequency": 1, "times": 1},
            "MXN 1.00 cada semana, 1 vez",
            "MXN 1.00 every week, 1 time",
        ),
        (
            {"amount": None, "interval": None, "frequency": 1, "times": None},
            "un importe desconocido cada vez que alguien quiera, sin fin",
            "an unknown sum whenever somebody wants, without end",
        ),
        (
            {"amount": 100, "interval": "half_month", "frequency": 3, "times": 2},
            "MXN 1.00 cada 3 quincenas, 2 veces",
            "MXN 1.00 every 3 half months, 2 times",
        ),
    ],
)
def test_a_recurrence_is_said_in_words(again: dict[str, Any], spanish: str, english: str) -> None:
    assert format_recurrence(again, "MXN", "es") == spanish
    assert format_recurrence(again, None, "en") == english


def test_a_decision_is_shown_with_who_and_where() -> None:
    def show(**more: Any) -> list[tuple[str, str]]:
        decided = replace(DRAFT, state="approved", **more)
        return [(name, join_text(line)) for name, line in list_decision(decided, "es")]

    assert show(decided_by="berta", channel="inbox") == [
        ("Respondió", "«berta»"),
        ("Dónde", "En la bandeja de aprobaciones"),
    ]
    assert show(decided_by="card", channel="card") == [("Dónde", "En la tarjeta del chat")]


@pytest.mark.parametrize(
    ("result", "spanish", "english"),
    [
        (None, [], []),
        (
            {"outcome": "applied", "id": "ord_1"},
            [("Cómo terminó", "Se hizo, una vez"), ("Número en Conekta", "«ord_1»")],
            [("How it ended", "It was done, once"), ("Id at Conekta", "«ord_1»")],
        ),
        (
            {"outcome": "not_applied", "id": None, "message": "«ya» venció"},
            [("Cómo terminó", "No se hizo nada"), ("Qué se respondió", "«ya venció»")],
            [("How it ended", "Nothing was done"), ("What was answered", "«ya venció»")],
        ),
        (
            {"outcome": "unheard of"},
            [("Cómo terminó", "No se sabe si se hizo: búscalo en Conekta antes de repetirlo")],
            [
                (
                    "How it ended",
                    "It is not known whether it was done: look for it at Conekta before you repeat it",
                )
            ],
        ),
    ],
)
def test_how_a_call_ended_is_said_in_words(
    result: dict[str, Any] | None, spanish: list[tuple[str, str]], english: list[tuple[str, str]]
) -> None:
    ended = replace(DRAFT, state="spent", result=result)
    for language, rows in (("es", spanish), ("en", english)):
        found = build_view(ended, language, 0.0).result
        assert [(name, join_text(line)) for name, line in found] == rows
