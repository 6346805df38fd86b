"""Reads what was spent today of each limit, without reserving anything."""

from collections.abc import Sequence

from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Cap, LimitExceeded


async def read_counter(store: Store, cap: Cap) -> LimitExceeded:
    """Read a counter without changing it, by a reservation that is always refused."""
    nothing = Cap(counter=cap.counter, amount=0, most=-1, most_calls=-1)
    found = await store.reserve("reading", [nothing])
    return LimitExceeded(cap=cap, spent=found.spent if found else 0, calls=found.calls if found else 0)


def is_exceeded(passed: LimitExceeded) -> bool:
    cap = passed.cap
    too_much = cap.most is not None and passed.spent + cap.amount > cap.most
    return too_much or (cap.most_calls is not None and passed.calls + 1 > cap.most_calls)


async def find_exceeded_cap(store: Store, caps: Sequence[Cap]) -> LimitExceeded | None:
    """Return the first cap that a call would exceed now; only its claim decides for certain."""
    for cap in caps:
        if cap.most is None and cap.most_calls is None:
            continue
        if is_exceeded(counted := await read_counter(store, cap)):
            return counted
    return None
