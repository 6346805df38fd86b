"""Pages of named origins can call the server from a browser; pages of others cannot."""

from typing import Any

import pytest

from tests.server.http.test_gate import ACCEPT, START, Served, keys, served  # noqa: F401 - fixtures

PAGE = "https://agent.example.com"
PATHS = ("/mcp", "/sse", "/messages/", "/.well-known/oauth-protected-resource")
ASKING = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,mcp-session-id",
}


@pytest.fixture
def client(served: Served) -> Any:  # noqa: F811 - the fixture
    return served(transport=("streamable-http", "sse"), allowed_origins=(PAGE, "http://localhost:6274"))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", [PAGE, f"{PAGE}:8443", "http://localhost:6274"])
def test_a_browser_is_told_what_a_named_page_may_send(path: str, origin: str, client: Any) -> None:
    answer = client.options(path, headers={**ASKING, "Origin": origin})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-allow-methods"] == "GET, POST, DELETE"
    allowed = answer.headers["access-control-allow-headers"].split(", ")
    assert {
        "content-type", "accept", "authorization", "mcp-protocol-version", "mcp-session-id", "mcp-method",
        "mcp-name", "last-event-id",
    } <= set(allowed)  # fmt: skip
    assert "mcp-session-id" not in answer.headers
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example.com", "http://localhost:3000", "null", f"{PAGE}.evil.com", f"{PAGE}:1@evil.com"],
)
def test_other_pages_are_told_nothing_but_which_flag_names_them(origin: str, client: Any) -> None:
    answer = client.options("/mcp", headers={**ASKING, "Origin": origin})
    assert (answer.status_code, "--allowed-origin" in answer.json()["error_description"]) == (403, True)
    assert "access-control-allow-origin" not in answer.headers


def test_a_named_page_reads_its_session_and_its_refusals(client: Any) -> None:
    sent = {**ACCEPT, "Origin": PAGE}
    opened = client.post("/mcp", json=START, headers={**sent, "Authorization": "Bearer key_a"})
    assert opened.headers["mcp-session-id"]
    refused = client.post("/mcp", json=START, headers=sent)
    unknown = client.get("/.well-known/oauth-authorization-server", headers=sent)
    assert [one.status_code for one in (opened, refused, unknown)] == [200, 401, 404]
    for answer in (opened, refused, unknown):
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert answer.headers["access-control-expose-headers"] == "Mcp-Session-Id"
        assert "Origin" in answer.headers["vary"]


def test_a_program_that_is_no_page_gets_no_such_headers(client: Any) -> None:
    answer = client.post("/mcp", json=START, headers={**ACCEPT, "Authorization": "Bearer key_a"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert client.options("/mcp").status_code == 405


def test_the_inbox_is_for_its_own_pages_only(client: Any) -> None:
    answer = client.options("/approvals", headers={**ASKING, "Origin": PAGE})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-authorization-server/mcp",
        "/register",
        "/",
        "/mcpx",
        "/messages/other",
        "/approvalsx",
    ],
)
def test_where_nothing_is_it_is_404_and_no_key_is_asked_for(path: str, client: Any) -> None:
    for method in ("GET", "POST"):
        answer = client.request(method, path)
        assert (answer.status_code, "www-authenticate" in answer.headers) == (404, False)


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        (
            [("Authorization", "Bearer key_a1"), ("Authorization", "Bearer key_b1")],
            "header authorization is there twice",
        ),
        (
            [("X-Api-Key", "key_b1")],
            "the key is not read from x-api-key: send it as Authorization: Bearer key_...",
        ),
        *(
            (
                [(name, "key_b1")],
                f"the key is not read from {name.lower()}: send it as Authorization: Bearer key_...",
            )
            for name in ("X-Key", "Private-Key", "Subscription-Key", "Client-Secret")
        ),
        (
            [("Authorization", "Bearer key_a1"), ("X-Authorization", "Bearer key_b1")],
            "the key is not read from x-authorization: send it as Authorization: Bearer key_...",
        ),
    ],
)
def test_a_second_key_is_not_left_aside_in_silence(
    headers: list[tuple[str, str]], problem: str, served: Served, keys: list[str]  # noqa: F811 - fixtures
) -> None:  # fmt: skip
    answer = served(api_key="key_of_the_server").post("/mcp", json=START, headers=[*ACCEPT.items(), *headers])
    assert (answer.status_code, answer.json()["error_description"]) == (400, problem)
    assert keys == []


@pytest.mark.parametrize("path", ["/mcp", "/shop/conekta/mcp"])
def test_a_prefix_is_taken_off_where_the_proxy_left_it(path: str, served: Served) -> None:  # noqa: F811
    client = served(root_path="/shop/conekta")
    answer = client.post(path, json=START, headers={**ACCEPT, "Authorization": "Bearer key_a"})
    assert answer.status_code == 200
