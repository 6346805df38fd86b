"""The differences between API versions in what they accept (conekta-api.md 1.3)."""

from collections.abc import Iterator
from typing import Any

from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid

NEWEST = "2.3.0"
OLD_NETWORKS = ("visa", "mastercard")
"""Since 2.3.0 they are named as one."""
NEEDED_BEFORE = ("cancel_url", "can_not_expire")
"""What pay later needs before 2.3.0."""


def check_version(body: dict[str, Any], version: str, place: str = "charges.{}.") -> None:
    """Refuse what the version that a request names does not take; the body is right otherwise.

    `place` is the path of a charge in the request.
    """
    details = list(_find_new_refusals(body) if version == NEWEST else _find_old_refusals(body, place))
    if details:
        raise Invalid(*details)


def _find_new_refusals(body: dict[str, Any]) -> Iterator[Detail]:
    if body.get("three_ds_mode", "") is None:
        yield reasons.invalid_datatype("three_ds_mode")
    for part, param in ((body, ""), (body.get("checkout", {}), "checkout.")):
        for place, network in enumerate(part.get("exclude_card_networks", [])):
            if network in OLD_NETWORKS:
                yield reasons.invalid_param(f"{param}exclude_card_networks.{place}")


def _find_old_refusals(body: dict[str, Any], place: str) -> Iterator[Detail]:
    for number, charge in enumerate(body.get("charges", [])):
        method = charge["payment_method"]
        for name in NEEDED_BEFORE if method["type"] == "bnpl" else ():
            if name not in method:
                yield reasons.missing_param(f"{place.format(number)}payment_method.{name}")
