"""A row: one call, the request it sends, and the answer to what Conekta returns."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

API = "https://api.conekta.io"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A call, its one request and its answer."""

    tool: str
    given: dict[str, Any]
    request: str
    body: dict[str, Any] | None = None
    conekta: Any
    answer: dict[str, Any]
    about: str = "plain"

    @property
    def router(self) -> respx.MockRouter:
        """Conekta, that knows this one request only."""
        method, address = self.request.split(" ")
        router = respx.MockRouter(base_url=API)
        router.route(method=method, url=API + address).respond(json=self.conekta)
        return router


WITHOUT_ROW = {
    "submit_chargeback_evidence": "sends a form, which a row has no word for: test_chargebacks reads it",
    **dict.fromkeys(
        (
            "find_payment", "explain_payment", "get_customer_profile", "summarize_sales", "wait_for_payment",
            "check_subscription",
        ),
        "sends several requests: tests/domains/support reads them",
    ),
}  # fmt: skip


def load_rows() -> Mapping[str, list[Row]]:
    """Give the ROWS of every module beside this one, by its name."""
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    names = [f"{__package__}.{path.stem}" for path in files if "\nROWS = " in path.read_text("utf-8")]
    return {name: importlib.import_module(name).ROWS for name in names}


def each(rows: list[Row]) -> pytest.MarkDecorator:
    """Run a test once for each row."""
    return pytest.mark.parametrize("row", rows, ids=[f"{row.tool}-{row.about}" for row in rows])


def told(request: httpx.Request) -> tuple[str, Any]:
    """Give method and address, and the body, of what left."""
    return f"{request.method} {str(request.url).removeprefix(API)}", json.loads(request.content or "null")
