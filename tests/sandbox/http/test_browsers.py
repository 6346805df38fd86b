"""Pages of any origin send cards to /tokens, as Conekta lets them; no other path is open to them."""

from starlette.testclient import TestClient

from conekta_mcp.sandbox import Ledger, create_sandbox

ASKING = {
    "Origin": "https://shop.example.com",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


def test_a_page_may_send_a_card_and_read_the_answer() -> None:
    ledger = Ledger()
    client = TestClient(create_sandbox(ledger))
    asked = client.options("/tokens", headers=ASKING)
    sent = client.post("/tokens", json={}, headers={"Origin": ASKING["Origin"]})
    other = client.options("/customers", headers=ASKING)
    ledger.close()
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "POST")
    assert asked.headers["access-control-allow-headers"] == "authorization,content-type"
    origins = [one.headers.get("access-control-allow-origin") for one in (asked, sent, other)]
    assert origins == ["*", "*", None]
