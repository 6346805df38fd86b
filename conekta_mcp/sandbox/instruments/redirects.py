"""Charges that are paid on a page of their own: pay later and pay by bank (conekta-api.md 4.6, 5.5)."""

from random import Random

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.instruments.cash import add_month
from conekta_mcp.sandbox.refusals.policies import PAY_BY_BANK_LIFETIME

DAY = 86_400
RETURN_PAGES = ("success_url", "failure_url", "cancel_url")


def make_bnpl_method(account: Account, asked: Json, _reused: str | None) -> Json:
    """Return a charge that lasts a month, to the second, unless it is asked otherwise."""
    now = account.now()
    return {
        **_build_page(account, asked, "bnpl"),
        "expires_at": asked.get("expires_at", add_month(now) + now % DAY),
        **{name: asked[name] for name in RETURN_PAGES if name in asked},
    }


def make_pay_by_bank_method(account: Account, asked: Json, _reused: str | None) -> Json:
    page = _build_page(account, asked, "pay_by_bank")
    reference = account.ledger.mint_reference(_draw_reference)
    return {
        **page,
        "reference": reference,
        "deep_link": f"{page['redirect_url']}?reference={reference}",
        "expires_at": asked.get("expires_at", account.now() + PAY_BY_BANK_LIFETIME),
    }


def _build_page(account: Account, asked: Json, kind: str) -> Json:
    return {
        "object": f"{kind}_payment",
        "type": kind,
        "product_type": asked["product_type"],
        "redirect_url": f"https://pay.example.com/{asked['product_type']}/{account.make_object_id()}",
    }


def _draw_reference(chance: Random) -> str:
    return f"{chance.randrange(10**19, 10**20)}"
