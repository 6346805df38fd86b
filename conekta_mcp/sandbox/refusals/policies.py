"""The choices of this sandbox where the facts are inferred or conflict, one line each.

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

PAY_BY_BANK_LIFETIME: Final = 86_400
"""Seconds a charge by bank waits unless it says otherwise: a day, the plugin's longest (4.6, inferred)."""

CASH_LIFETIMES: Final = (86_400, 31_536_000)
"""Shortest and longest life of a recurrent cash reference in seconds: 1 and 365 days (4.2)."""

MAX_TIMESTAMP: Final = 4_102_444_800
"""Unix seconds of 2100-01-01: neither the clock nor an expiry goes past it (ours)."""

CANCELED_PRE_AUTHORIZATION: Final = "voided"
"""payment_status of a pre-authorized order after cancel (5.1, inferred)."""

BANK: Final = "STP"
"""Bank of every minted CLABE; Conekta also uses others (0.4)."""

MAX_KEPT_REQUESTS: Final = 500
"""API requests remembered per account (ours)."""

TOKEN_LIFETIME: Final = 600
"""Seconds a stored card token is valid after its card was entered: 10 minutes (4.11)."""

WHITELIST_SERVICE: Final[bool] = True
"""Whether accounts have the whitelist service; without it whitelists are a 403 (2.4, 4.11)."""

CHECKOUT_LIFETIMES: Final = (300, 31_536_000)
"""Shortest and longest life of a link in seconds: 5 minutes and 365 days (4.8; another source says 10)."""

MIN_CARD_AMOUNT: Final = 300
"""Centavos of the smallest card charge (14); in USD too (inferred). Of the other methods, and of the
largest amounts, no figure is known (13): nothing is refused there."""

OFFLINE_CURRENCY: Final = "MXN"
"""The only currency that can be paid by SPEI or in cash, both domestic (clients.md, inferred)."""

PHONE_DIGITS: Final = (7, 15)
"""Fewest and most digits of a phone: 15 is E.164's bound, 7 the shortest local number (1.4, inferred)."""

MIN_INSTALLMENT: Final = 10_000
"""Centavos of the smallest monthly instalment of an eligible card (inferred; the API only says what fits)."""

MAX_WEBHOOKS: Final = 10
"""Webhooks of one environment (4.10); the code of the refusal is inferred."""

MAX_DELIVERY_ATTEMPTS: Final = 18
"""Attempts to deliver an event to one webhook (6, a third party's figure; manual resending is extra)."""

FIRST_RETRY_DELAY: Final = 60
"""Seconds of sandbox time to the first retry; each further wait doubles (6, inferred)."""

MAX_RETRY_DELAY: Final = 18_000
"""Longest such wait in seconds; with the two above the tries span 48.5 hours (6, inferred)."""

DELIVERY_TIMEOUT: Final = 5.0
"""Real seconds a webhook may stay silent before the attempt counts as failed (ours)."""

MAX_RESPONSE_BYTES: Final = 65_536
"""Bytes of a webhook's answer that are read (ours)."""

MAX_RESPONSE_FIELDS: Final = 100
"""Fields of a webhook's answer that are kept as response_data; of a larger one none (4.10)."""

MAX_KEPT_ATTEMPTS: Final = 500
"""Attempts remembered per account until /_sandbox/webhooks/deliver is asked for them (ours)."""

MAX_LOGGED_BYTES: Final = 65_536
"""Bytes of an answer that its log keeps; of a longer one nothing (ours)."""

TIMER_INTERVAL: Final = 0.5
"""Real seconds between two checks for due records, while the sandbox is served (ours)."""

KEY_LIFETIME: Final = 86_400
"""Seconds an Idempotency-Key is remembered: a day (0.6, inferred)."""

CANCELED_BY_USER: Final = "user_cancelation"
"""canceled_reason of a subscription that somebody canceled (4.9)."""

CANCELED_UNPAID: Final = "max_retries_reached"
"""canceled_reason of a subscription that its card no longer pays (5.3, inferred)."""

CASH_REFUND_METHODS: Final = ("cash_payment", "bank_transfer_payment")
"""Charges whose refunds wait to be collected in cash; a card gets its money at once (4.7, inferred)."""

CASH_REFUND_LIFETIME: Final = 172_800
"""Seconds such a refund waits unless it says otherwise: 48 hours, as cash-outs do (4.11, inferred)."""

SETTLEMENT_DELAY: Final = 172_800
"""Seconds until a capture is available: 2 days (4.11, inferred)."""

TRANSFER_DURATION: Final = 86_400
"""Seconds until a transfer has reached the merchant's bank: a day (4.11, inferred)."""

MERCHANT_NAME: Final = "Comercio de Prueba"
"""Name of an account's own company (ours)."""

EVIDENCE_PERIOD: Final = 259_200
"""Seconds to answer a chargeback: 3 days, then it is lost (4.11; the only sample has 3.2 days)."""

REVIEW_DELAY: Final = 86_400
"""Seconds from the evidence to under_review: a day; the tester decides what follows (4.11, inferred)."""
