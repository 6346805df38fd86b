"""A run: many accounts, several at a time, on one sandbox; and its table."""

import collections
from collections.abc import Iterable, Iterator

import anyio

from tests.soak.episode import Verdict, play_account
from tests.soak.judge import Answer, count_again, is_promised
from tests.soak.plan import Planning

ACCOUNTS_AT_ONCE = 3


async def run(
    url: str, stores: list[str], planned: Iterable[Planning], at_once: int = ACCOUNTS_AT_ONCE
) -> list[Verdict]:
    """Play the accounts, each with a store that its two replicas share."""
    verdicts: list[Verdict] = []
    room = anyio.CapacityLimiter(at_once)

    async def play(planning: Planning) -> None:
        async with room:
            store = stores[planning.number % len(stores)]
            verdicts.append(await play_account(url, store, planning))

    async with anyio.create_task_group() as accounts:
        for planning in planned:
            accounts.start_soon(play, planning)
    return verdicts


def count_struck(verdicts: Iterable[Verdict]) -> int:
    """Count the intents whose calls were struck."""
    return sum(bool(names) for verdict in verdicts for names in verdict.struck.values())


def count_missed(verdicts: Iterable[Verdict]) -> int:
    """Count the intents that nothing struck, besides those that a limit held back: which ones is chance."""
    missed = [one for verdict in verdicts for one in verdict.intents if not verdict.struck[one.plan.number]]
    return sum(not (one.answers and all(map(is_over_limit, one.answers))) for one in missed)


def is_over_limit(answer: Answer) -> bool:
    return ".limit_exceeded." in answer.told.get("error", {}).get("code", "")


def write_table(verdicts: list[Verdict]) -> Iterator[str]:
    """Write what happened by tool and by strike, and the sums."""
    yield "tool                              intents  struck  settled  in ledger"
    by_tool: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0, 0, 0])
    by_strike: collections.Counter[str] = collections.Counter()
    for verdict in verdicts:
        for intent in verdict.intents:
            names = verdict.struck[intent.plan.number]
            by_strike.update(set(names))
            row = by_tool[intent.plan.tool]
            row[0] += 1
            row[1] += bool(names)
            row[2] += intent.was_unsure and intent.told != "unknown"
            row[3] += (
                len(verdict.ledger.made(intent.plan.like)) if intent.plan.like == intent.plan.number else 0
            )
    for tool, row in sorted(by_tool.items()):
        yield f"{tool:32}  {row[0]:7}  {row[1]:6}  {row[2]:7}  {row[3]:9}"
    sums = [sum(row[place] for row in by_tool.values()) for place in range(4)]
    yield f"{'all':32}  {sums[0]:7}  {sums[1]:6}  {sums[2]:7}  {sums[3]:9}"
    yield "strike                            calls struck"
    yield from (f"{name:32}  {count:7}" for name, count in sorted(by_strike.items()))
    yield from _sum_up(verdicts)


def _sum_up(verdicts: list[Verdict]) -> Iterator[str]:
    found = [one for verdict in verdicts for one in verdict.findings]
    kinds = collections.Counter(one.kind for one in found)
    intents = [intent for verdict in verdicts for intent in verdict.intents]
    left = [one for one in intents if one.told == "unknown"]
    limits = sum(verdict.planning.limit is not None for verdict in verdicts)
    yield (
        f"struck calls {count_struck(verdicts)}; duplicates {kinds['duplicate']}; lies {kinds['lie']}; "
        f"limits passed by {sum(one.centavos for one in found)} centavos in {limits} accounts with one; "
        f"unknowns settled {sum(one.was_unsure for one in intents) - len(left)}, left unknown {len(left)}, "
        f"of these against a promise {kinds['never settled']}"
    )
    yield (
        f"not promised: made again and said so {sum(count_again([one]) for one in intents)}, "
        f"made again after the store was lost {sum(map(_count_made_again, verdicts))}"
    )


def _count_made_again(verdict: Verdict) -> int:
    likes = {one.plan.like for one in verdict.intents if not one.idempotent and not is_promised([one])}
    equal = collections.Counter(one.plan.like for one in verdict.intents)
    return sum(max(0, len(verdict.ledger.made(like)) - equal[like]) for like in likes)
