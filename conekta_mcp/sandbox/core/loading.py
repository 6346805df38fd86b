"""Loading a record that a request names; one that is not there is refused as Conekta does."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound


def load_record(account: Account, kind: str, record_id: str, name: str, *, parent: str = "") -> Json:
    """Return a record; raise NotFound, which calls it by `name`, if the account has none with this id."""
    record = account.find(kind, record_id, parent=parent)
    if record is None:
        raise NotFound(reasons.entity_not_found(name, record_id))
    return record
