"""How a request is read before it is compared with the examples."""

import pytest

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.features import list_tokens
from conekta_mcp.server.discovery.ranking import Finder


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("xq no paso", "por que no paso"),
        ("q tarjetas tiene", "que tarjetas tiene"),
        ("did you get $1,234.50", "did you get $98,000"),
        ("what is in ord_2abc", "what is in order id"),
        ("can u find it pls", "can you find it please"),
    ],
)
def test_short_forms_numbers_and_ids_are_read_as_what_they_stand_for(written: str, meant: str) -> None:
    assert list_tokens(written) == list_tokens(meant)


def test_small_numbers_keep_their_meaning() -> None:
    assert {"12", "16"} <= set(list_tokens("12 meses, 16%"))


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("que Brenda vuelva a pagar a partir de hoy", "resume_subscription"),
        ("ventas de mayo contra abril", "summarize_sales"),
        ("put them on the quarterly plan", "update_subscription"),
    ],
)
def test_a_whole_sentence_is_understood(asked: str, right: str) -> None:
    assert right in [tool.name for tool in Finder(ALL_TOOLS).find(asked, 3)]
