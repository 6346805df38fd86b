"""Generates answers of a Conekta that behaves well, badly, or not at all."""

import json
from typing import Any

import httpx
from hypothesis import strategies as st

from conekta_mcp.domains.orders.results import Order

Upstream = httpx.Response | Exception

WORDS = st.text(max_size=30) | st.sampled_from(
    ["", "none", "key_SECRET", "4242424242424242", "\ud800", "‮evil\x00"]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, -1, 2**63, 10**400])
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)
NAMES = sorted(
    {*Order.model_fields, "data", "has_more", "next_page_url", "customer_info", "payment_method", "reference",
     "object", "address", "next_action", "redirect_to_url", "name", "email", "type", "deleted", "last4"}
)  # fmt: skip


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    return value


DEEP = st.sampled_from([100, 190, 199, 250, 900]).map(nested)
CHARGE = st.fixed_dictionaries(
    {"payment_method": JSON | st.fixed_dictionaries({"clabe": JSON, "object": JSON, "expires_at": JSON})},
    optional={"status": JSON, "failure_code": JSON, "paid_at": JSON},
)
LISTED = st.fixed_dictionaries(
    {"data": st.lists(CHARGE | JSON, max_size=2) | JSON},
    optional={"has_more": JSON, "next_page_url": WORDS | st.just("https://x/?next=a&next=b") | JSON},
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES) | WORDS, JSON | LISTED | DEEP, max_size=8)
DETAIL = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("code", "message", "debug_message", "param", "details"), JSON)
)
ENVELOPES = st.fixed_dictionaries(
    {"details": st.lists(DETAIL | JSON, max_size=3) | JSON, "type": WORDS | JSON},
    optional={"log_id": JSON, "data": OBJECTS | JSON, "object": JSON, "message": JSON, "code": JSON},
)
GARBAGE = st.sampled_from(
    [b"", b"{", b"null", b"[]", b'"text"', b"<html><body>502</body></html>", b"\xff\xfe\x00", b"NaN",
     b"[" * 5000, b'{"a":' * 3000]
) | st.binary(max_size=40)  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(["Retry-After", "Content-Type", "Location", "Content-Encoding"]),
    st.sampled_from(
        [
            "5",
            "-1",
            "soon",
            "1e400",
            "nan",
            "text/html",
            "application/json",
            "https://evil.example.com/",
            "gzip",
        ]
    ),
    max_size=2,
)
STATUSES = st.sampled_from(
    [200, 200, 200, 201, 204, 301, 304, 400, 401, 402, 404, 408, 409, 422, 428, 429, 500, 502, 503, 599]
)
BREAKS: st.SearchStrategy[Upstream] = st.sampled_from(
    [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.ReadError("x"), httpx.PoolTimeout("x"),
     httpx.RemoteProtocolError("x"), httpx.WriteError("x")]
)  # fmt: skip


def answered(status: int, content: bytes, headers: dict[str, str]) -> Upstream:
    return httpx.Response(status, stream=Raw(content), headers=headers)


class Raw(httpx.AsyncByteStream):
    """A body as it is on the wire, whatever the headers say of it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> Any:
        yield self._content


BODIES = (OBJECTS | ENVELOPES | LISTED | JSON).map(lambda value: json.dumps(value).encode()) | GARBAGE
UPSTREAMS = (
    st.builds(answered, STATUSES, BODIES, HEADERS)
    | st.builds(answered, st.just(200), OBJECTS.map(lambda value: json.dumps(value).encode()), st.just({}))
    | BREAKS
)
