"""A process that uses a store: `python store_worker.py WHERE JOB NAME`; it starts on a signal."""

import json
import sys
import time

import anyio

from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Cap, Claim

ROUNDS = 60


def say(text: object) -> None:
    """Tell the test."""
    print(text, flush=True)  # noqa: T201  what the test reads


def claim_of(name: str, number: int) -> Claim:
    """The claim that worker `name` makes in a round."""
    return Claim(
        account="a1b2", tool="refund_order", key=f"k-{number}", fingerprint="f", arguments="{}", owner=name,
        at=float(number), until=0.0,
    )  # fmt: skip


async def win_claims(store: Store, name: str) -> None:
    """Claim every place, and say which were won."""
    won = [number for number in range(ROUNDS) if await store.claim(claim_of(name, number)) is None]
    say(json.dumps(won))


async def spend(store: Store, name: str) -> None:
    """Reserve odd amounts under one cap, take every fifth back, and say what was spent."""
    kept = 0
    for number in range(ROUNDS):
        cap = Cap(counter="c", amount=101 + number, most=6_000)
        if await store.reserve(f"{name}-{number}", [cap, Cap(counter="all", amount=1)]) is None:
            if number % 5 == 0:
                await store.release(f"{name}-{number}")
            else:
                kept += cap.amount
    say(json.dumps(kept))


async def add_up(store: Store, name: str) -> None:
    """Add one to a number in a claim, by compare and set, as often as there are rounds."""
    place, added = claim_of("", 0).place, 0
    while added < ROUNDS:
        old = await store.find(place)
        assert old is not None
        values = {**json.loads(old.witness), "by": name}
        values["sum"] = values.get("sum", 0) + 1
        new = Claim(**{**vars(old), "witness": json.dumps(values)})
        added += await store.replace(old, new)
    say(json.dumps(added))


async def go_on(store: Store, name: str) -> None:
    """Write one of everything in each round, and say so after each, until killed."""
    for number in range(1_000_000):
        await store.claim(claim_of(name, number))
        await store.reserve(f"{name}-{number}", [Cap(counter="c", amount=100)])
        assert await store.use_token_once(f"{name}-{number}", time.time() + 3600)
        await store.append({"at": float(number), "number": number})
        say(number)


async def main(where: str, job: str, name: str) -> None:
    """Do a job."""
    store = open_store(where, sandbox_state=None, sandbox=False, clock=time.time)
    await {"win_claims": win_claims, "spend": spend, "add_up": add_up, "go_on": go_on}[job](store, name)
    await store.close()


if __name__ == "__main__":
    say("ready")
    sys.stdin.readline()
    anyio.run(main, sys.argv[1], sys.argv[2], sys.argv[3])
