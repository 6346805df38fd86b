"""The choices this sandbox makes where the facts are inferred or conflict: one line each.

References are sections of conekta-api.md.
"""

from typing import Final, Literal

DEFAULT_VERSION: Final = "2.2.0"
"""Media type version answered when the caller names none; the seeds send 2.2.0 (0.2)."""

SUPPORTED_VERSIONS: Final = ("2.0.0", "2.1.0", "2.2.0", "2.3.0")
"""Any other Conekta version is a 409 conflict_error (2.2; its code is inferred)."""

SHIPPING_CONTACT_RULE: Final[Literal["never", "with_shipping_lines", "always"]] = "with_shipping_lines"
"""When an order needs a shipping contact, its own or the customer's default (4.5, inferred)."""

SPEI_LIFETIME: Final = 7_776_000
"""Seconds a SPEI charge waits for its transfer: 90 days (5.5)."""

LAST_MOMENT: Final = 4_102_444_800
"""Unix seconds of 2100-01-01: neither the clock nor an expiry goes past it (ours)."""

CANCELED_PRE_AUTHORIZATION: Final = "voided"
"""payment_status of a pre-authorized order after cancel (5.1, inferred)."""

BANK: Final = "STP"
"""Bank of every minted CLABE; Conekta also uses others (0.4)."""

REQUESTS_KEPT: Final = 500
"""API requests remembered per account (ours)."""
