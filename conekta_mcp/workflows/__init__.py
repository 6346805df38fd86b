"""What takes several requests, one file each."""

from conekta_mcp.catalog import Readable
from conekta_mcp.workflows.customer_profile import CUSTOMER
from conekta_mcp.workflows.order_reading import ORDER

READABLES: tuple[Readable, ...] = (CUSTOMER, ORDER)
