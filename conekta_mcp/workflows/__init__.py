"""What takes several requests, one file each.

What reads is imported when somebody reads, so that start-up does not wait for it.
"""

from conekta_mcp.catalog import Readable
from conekta_mcp.workflows.charge_reading import CHARGE
from conekta_mcp.workflows.customer_reading import CUSTOMER
from conekta_mcp.workflows.order_reading import ORDER
from conekta_mcp.workflows.payment_link_reading import PAYMENT_LINK
from conekta_mcp.workflows.subscription_reading import SUBSCRIPTION

READABLES: tuple[Readable, ...] = (CUSTOMER, ORDER, SUBSCRIPTION, PAYMENT_LINK, CHARGE)
