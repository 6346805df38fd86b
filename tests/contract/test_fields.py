"""Each text field of each result is in the table that says whether it is personal, typed or secret."""

from itertools import chain
from typing import Any, Literal

import pytest
from conekta import models as vendor
from pydantic import BaseModel, computed_field

from conekta_mcp.privacy.field_lookup import ENDINGS, OBJECTS, OTHER_NAMES, TRAITS
from conekta_mcp.privacy.field_rules import Personal, Secret, TypedBy
from conekta_mcp.privacy.fields import FIELDS
from conekta_mcp.privacy.untrusted_text import SHORTEST_LIMIT
from tests.contract.result_fields import (
    LOOKUP,
    TABLE,
    missing_in_sandbox,
    missing_rows,
    names_in,
    result_models,
    unused_rows,
)
from tests.domains.row import load_rows

ROWS = list(chain.from_iterable(load_rows().values()))

OURS = {"cut", "settled"}
"""What rendering adds to an answer."""
HEADERS = {"authorization"}
"""In the headers of a logged request, which are spelled in many ways."""
CARDS = {"cvv"}
"""What a shop may call the code of a card in metadata."""


def raw_names() -> set[str]:
    """The names of fields in the objects that our tests answer with, and in those of the vendor's SDK."""
    kinds = [one for one in vars(vendor).values() if isinstance(one, type) and issubclass(one, BaseModel)]
    theirs = {field.alias or name for kind in kinds for name, field in kind.model_fields.items()}
    return theirs | {name for row in ROWS for name in names_in(row.conekta)}


def test_every_text_of_every_result_is_in_a_row() -> None:
    missing = missing_rows(result_models())
    assert not missing, "Say what these fields are (personal, typed by whom, secret, longest):\n" + "\n".join(
        missing
    )


def test_the_sandbox_answers_every_field_of_conektas_objects() -> None:
    missing = missing_in_sandbox(result_models())
    assert not missing, "\n".join(missing)


def test_every_row_is_of_a_result_or_of_an_object_of_conektas() -> None:
    unused = unused_rows(result_models(), raw_names() | OURS | HEADERS | CARDS)
    assert not unused, f"No result and no object of Conekta's has these rows of {TABLE}: {', '.join(unused)}"


class Inner(BaseModel):
    whisper: str | None = None


class MadeUp(BaseModel):
    id: str
    amount: int | None = None
    kind: Literal["a", "b"] | None = None
    remark: str | None = None
    remarks: list[str] | None = None
    extra: dict[str, object] | None = None
    anything: Any = None
    inner: list[Inner] | None = None

    @computed_field
    def summary(self) -> str | None:
        return None


def test_a_new_text_is_named_with_the_file_to_edit() -> None:
    assert missing_rows([MadeUp, Inner]) == [
        f"MadeUp.remark: a row in FIELDS of {TABLE}",
        f"MadeUp.remarks: a row in FIELDS of {TABLE}",
        f"MadeUp.extra: a row in FIELDS of {TABLE}",
        f"MadeUp.anything: a row in FIELDS of {TABLE}",
        f"MadeUp.inner: its name in OBJECTS of {LOOKUP}",
        f"MadeUp.summary: a row in FIELDS of {TABLE}",
        f"Inner.whisper: a row in FIELDS of {TABLE}",
    ]


def test_a_row_that_nobody_has_a_field_for_is_named() -> None:
    assert set(unused_rows([MadeUp], set(FIELDS) - {"carrier"})) == {"carrier"} | {
        row for row in FIELDS if "." in row
    }


def test_a_model_with_rows_of_its_own_can_be_recognised() -> None:
    assert {row.partition(".")[0] for row in FIELDS if "." in row} == TRAITS.keys()


@pytest.mark.parametrize("names", [OTHER_NAMES, ENDINGS], ids=["other names", "endings"])
def test_other_names_and_endings_lead_to_rows_and_are_none_themselves(names: dict[str, str]) -> None:
    assert set(names.values()) <= FIELDS.keys()
    assert names.keys().isdisjoint(FIELDS)


def test_what_is_typed_is_capped_but_objects_of_any_shape_and_what_is_hidden() -> None:
    endless = {
        name
        for name, rule in FIELDS.items()
        if rule.typed_by is TypedBy.OTHERS and rule.longest is None and rule.secret is Secret.NO
    }
    assert endless == {
        "previous_attributes", "query_string", "request_body", "request_headers", "response_body",
        "response_data", "response_from_client", "response_headers",
    }  # fmt: skip


def test_no_cap_is_shorter_than_what_is_looked_for() -> None:
    assert min(rule.longest for rule in FIELDS.values() if rule.longest) == SHORTEST_LIMIT


def test_no_person_is_in_a_word_of_conektas() -> None:
    assert [
        name
        for name, rule in FIELDS.items()
        if rule.typed_by is TypedBy.WORD and rule.personal is not Personal.NO
    ] == []


def test_objects_have_no_row_but_where_they_may_be_a_text() -> None:
    assert OBJECTS & FIELDS.keys() == {"address", "method", "object"}
