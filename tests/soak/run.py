"""A run: many accounts, several at a time, on one sandbox; and its table."""

import collections
from collections.abc import Iterable, Iterator

import anyio

from tests.soak.episode import Verdict, account
from tests.soak.plan import Planning

ACCOUNTS_AT_ONCE = 3


async def run(url: str, stores: list[str], planned: Iterable[Planning]) -> list[Verdict]:
    """Play the accounts, each with a store that its two replicas share."""
    verdicts: list[Verdict] = []
    room = anyio.CapacityLimiter(ACCOUNTS_AT_ONCE)

    async def one(planning: Planning) -> None:
        async with room:
            store = stores[planning.number % len(stores)]
            verdicts.append(await account(url, store, planning))

    async with anyio.create_task_group() as accounts:
        for planning in planned:
            accounts.start_soon(one, planning)
    return verdicts


def faulted(verdicts: Iterable[Verdict]) -> int:
    """Count the requests that were struck."""
    return sum(len(names) for verdict in verdicts for names in verdict.struck.values())


def table(verdicts: list[Verdict]) -> Iterator[str]:
    """Write what happened by tool and by fault, and the sums."""
    yield "tool                              intents  struck  settled  in ledger"
    by_tool: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0, 0, 0])
    by_fault: collections.Counter[str] = collections.Counter()
    for verdict in verdicts:
        for intent in verdict.intents:
            names = verdict.struck[intent.plan.number]
            by_fault.update(names)
            row = by_tool[intent.plan.tool]
            unsure = any((one.get("error") or {}).get("outcome") == "unknown" for one in intent.answers)
            row[0] += 1
            row[1] += bool(names)
            row[2] += (
                unsure or any(one.get("settled") for one in intent.answers)
            ) and intent.told != "unknown"
            row[3] += (
                len(set(verdict.made[intent.plan.like])) if intent.plan.like == intent.plan.number else 0
            )
    for tool, row in sorted(by_tool.items()):
        yield f"{tool:32}  {row[0]:7}  {row[1]:6}  {row[2]:7}  {row[3]:9}"
    sums = [sum(row[place] for row in by_tool.values()) for place in range(4)]
    yield f"{'all':32}  {sums[0]:7}  {sums[1]:6}  {sums[2]:7}  {sums[3]:9}"
    yield "fault                             requests struck"
    yield from (f"{name:32}  {count:7}" for name, count in sorted(by_fault.items()))
    kinds = collections.Counter(one.kind for verdict in verdicts for one in verdict.findings)
    yield "; ".join(f"{kind}: {count}" for kind, count in sorted(kinds.items())) or "no promise was broken"
