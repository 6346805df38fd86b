"""An agent that works on one account, while faults happen."""

import random
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import anyio
import anyio.abc
import anyio.to_thread
from mcp import Client

from tests.soak.clocks import Clock
from tests.soak.judge import Answer, Intent, Json, Loss, is_held_back
from tests.soak.line import Freeze, Strikes
from tests.soak.plan import ALTERED, FAULTS, FOREIGN, INVENTED, QUIET, SLOW, SLOWED, Planning
from tests.soak.replicas import Replica
from tests.soak.shops import Soaked

AT_ONCE = 4
SETTLINGS = 4
PATIENCE = 120.0
"""Seconds until a late request must have reached the ledger."""
UNDER_WAY = 0.1
"""Seconds after which a caller loses patience, while the answer takes longer."""
ASLEEP_SECONDS = 400.0
"""Seconds that pass for a frozen process: more than the lease of its claim."""
STEPS = (-3600.0, -90.0, 45.0, 700.0, 3000.0)
"""Seconds by which a wall clock is off after it was set; a limit's day does not change by them."""


class Play:
    """An agent at work on one account."""

    def __init__(self, planning: Planning, shop: Soaked, clock: Clock, intents: list[Intent]) -> None:
        self.planning, self.shop, self.clock, self.intents = planning, shop, clock, intents
        self.strikes = Strikes(intents)
        self.sleeper: Replica | None = None
        self.names: dict[str, str] = {}
        self._replicas: list[Replica] = []
        self._placed = 0
        self._requests: dict[str, Json] = {}
        self._chosen = random.Random(f"{planning.seed} {planning.number}")

    async def act(self, replicas: list[Replica], keep_copy: Callable[[], Awaitable[None]]) -> None:
        """Make every intent once, some twice at the same moment, a few at a time."""
        self._replicas = replicas[:2]
        awake = [one for one in self.intents if not one.plan.frozen]
        half = len(awake) // 2
        await self._act_on(awake[:half])
        await keep_copy()
        for one in awake if self.planning.fate == "lost" else awake[half:]:
            one.forgotten = self.planning.fate != "kept"
        async with anyio.create_task_group() as calls:
            calls.start_soon(self._act_on, awake[half:])
            if self.planning.rotates:
                # The first replica is started anew with the new key while calls of the old one are under way.
                await anyio.sleep(UNDER_WAY)
                self._replicas = [replicas[2], replicas[1]]
        if self.planning.rotates:
            self._note_all("API key replaced")
        if self.planning.steps:
            self._note_all("wall clock stepped")
        if self.planning.fate != "kept":
            self._note_all(f"store {self.planning.fate}")

    async def settle(self, replicas: list[Replica]) -> None:
        """Let time pass and repeat what is not known, first amid what faults are left, then without."""
        self._replicas = [replicas[2], replicas[2]] if self.planning.rotates else replicas[:2]
        async with anyio.create_task_group() as sleeping:
            await self._fall_asleep(sleeping)
            if self.planning.rotates:
                await anyio.to_thread.run_sync(self.shop.shut_old_key, self._new_key(replicas))
            for attempt in range(SETTLINGS):
                await self._settle_once(attempt, replicas)
            for freeze in self.strikes.frozen.values():
                freeze.wakes.set()
        # Whoever woke up does not know what others found meanwhile, and asks.
        for intent in list(self._list_open(SETTLINGS)):
            await self._repeat(intent)

    async def _settle_once(self, attempt: int, replicas: list[Replica]) -> None:
        await self._await_arrivals()
        if not attempt:
            await self._note_loss()
        if attempt:
            await anyio.to_thread.run_sync(self.shop.delete, "/_sandbox/faults")
            for replica in replicas:
                replica.line.see()
            self._placed = -1
        self._step_clocks()
        # Long once: Conekta bills subscriptions again when much time passes.
        await self._pass_time(QUIET if attempt else self.planning.passes)
        for intent in list(self._list_open(attempt)):
            await self._repeat(intent)

    async def _note_loss(self) -> None:
        """Note of what the store forgot where it ends, and where what it knows anew begins."""
        newest = await anyio.to_thread.run_sync(self._read_newest_log)
        if self.planning.fate != "kept":
            for intent in self.intents:
                intent.lost_store = Loss(answers=len(intent.answers), after=newest)

    async def _act_on(self, intents: list[Intent]) -> None:
        room = anyio.CapacityLimiter(AT_ONCE)

        async def begin(intent: Intent) -> None:
            async with room:
                self._step_clocks()
                await self._begin(intent)

        async with anyio.create_task_group() as calls:
            for intent in intents:
                calls.start_soon(begin, intent)

    def _note_all(self, strike: str) -> None:
        for intent in self.intents:
            intent.strikes.append(strike)

    def _new_key(self, replicas: list[Replica]) -> str:
        key = replicas[2].app.settings.api_key
        assert key
        return key

    def _step_clocks(self) -> None:
        """Set the wall clock of one replica, forwards or backwards; time itself goes on."""
        if self.planning.steps and self._replicas:
            self._chosen.choice(self._replicas).wall.step = self._chosen.choice(STEPS)

    async def _pass_time(self, seconds: float) -> None:
        self.clock.ahead += seconds
        await anyio.to_thread.run_sync(self.shop.pass_time, seconds)

    def _list_open(self, attempt: int) -> Iterable[Intent]:
        for intent in self.intents:
            told, plan = intent.told, intent.plan
            again = not attempt and (
                (told == "not_applied" and plan.stubborn) or (told == "applied" and plan.anxious)
            )
            if told == "unknown" or again:
                yield intent

    async def _begin(self, intent: Intent) -> None:
        plan = intent.plan
        await self._place_fault(intent)
        given = {**intent.arguments, **self._name_key(intent)}
        if plan.leaving:
            await self._begin_and_leave(intent, given)
        else:
            clients = self._replicas if plan.twice else self._replicas[plan.number % 2 :][:1]
            async with anyio.create_task_group() as calls:
                for replica in clients:
                    calls.start_soon(self._call, replica.client, intent, given)
        if plan.foreign:
            await self._make_foreign(intent)
        if (plan.eager or plan.leaving) and intent.told == "unknown":
            await self._repeat(intent)

    async def _place_fault(self, intent: Intent) -> None:
        plan = intent.plan
        if plan.fault in (ALTERED, INVENTED):
            self.strikes.left[plan.number] = plan.times
            return
        fault = SLOW if plan.fault == SLOWED else FAULTS[plan.fault]
        placed = {**fault, "method": intent.method, "path_prefix": intent.path, "count": plan.times}
        made = await anyio.to_thread.run_sync(self.shop.post, "/_sandbox/faults", placed)
        self.names[made["id"]] = plan.fault
        self._placed += plan.times

    async def _begin_and_leave(self, intent: Intent, given: Json) -> None:
        """Cancel the call while it is under way, or close the client with all it has under way."""
        intent.strikes.append("call cancelled" if intent.plan.leaving == "cancels" else "client gone")
        replica = self._replicas[intent.plan.number % 2]
        if intent.plan.leaving == "cancels":
            with anyio.move_on_after(UNDER_WAY):
                await self._call(replica.client, intent, given)
            return
        async with Client(replica.app.server) as leaving, anyio.create_task_group() as calls:
            calls.start_soon(self._call, leaving, intent, given)
            await anyio.sleep(UNDER_WAY)
            calls.cancel_scope.cancel()

    async def _make_foreign(self, intent: Intent) -> None:
        """Make, as somebody else, a row that is not this intent's, though much like it."""
        body: dict[str, Any] = dict(intent.body)
        for name in FOREIGN[intent.plan.tool]:
            body[name] = body[name] + 1 if isinstance(body[name], int) else f"{body[name]}-otro"
        intent.strikes.append("somebody else's row")
        await anyio.to_thread.run_sync(self.shop.make_as_somebody, intent.method, intent.path, body)

    async def _fall_asleep(self, sleeping: anyio.abc.TaskGroup) -> None:
        """Let a process freeze with its requests about to leave, until its claims are over."""
        frozen = [one for one in self.intents if one.plan.frozen]
        if not (frozen and self.sleeper):
            return
        for intent in frozen:
            freeze = self.strikes.frozen[intent.plan.number] = Freeze()
            intent.strikes.append("process frozen")
            given = {**intent.arguments, **self._name_key(intent)}
            sleeping.start_soon(self._call_frozen, self.sleeper.client, intent, given, freeze)
        for freeze in self.strikes.frozen.values():
            await freeze.reached.wait()
        await self._await_arrivals()
        await self._pass_time(ASLEEP_SECONDS)

    async def _call_frozen(self, client: Client, intent: Intent, given: Json, freeze: Freeze) -> None:
        await self._call(client, intent, given)
        freeze.reached.set()  # it was refused before

    def _name_key(self, intent: Intent) -> Json:
        return {"idempotency_key": f"soak-{intent.plan.number}"} if intent.plan.own_key else {}

    async def _repeat(self, intent: Intent) -> None:
        """Repeat a call as its error says, or without the key where the agent forgot it."""
        told = [one.told["error"] for one in intent.answers if one.outcome == "unknown"]
        keys = [
            error["idempotency_key"]
            for error in told
            if "idempotency_key" in error and not is_held_back(error)
        ]
        key = {"idempotency_key": keys[0]} if keys and not intent.plan.forgets else self._name_key(intent)
        client = self._replicas[(intent.plan.number + 1) % 2].client
        await self._call(client, intent, {**intent.arguments, **key})

    async def _call(self, client: Client, intent: Intent, given: Json) -> None:
        result = await client.call_tool(intent.plan.tool, given)
        told = result.structured_content or {"error": {"type": "no structure"}}
        answer = Answer(told=told)
        # Of two calls at once the other may have been made since.
        if answer.outcome == "not_applied" and not intent.plan.twice:
            answer = Answer(told=told, after=await anyio.to_thread.run_sync(self._read_newest_log))
        intent.answers.append(answer)

    def _read_newest_log(self) -> str:
        newest: str = self.shop.get("/logs", limit=1)["data"][0]["id"]
        return newest

    async def _await_arrivals(self) -> None:
        """Wait until every request that a fault holds back has reached the ledger."""
        with anyio.move_on_after(PATIENCE):
            while await anyio.to_thread.run_sync(self._is_under_way):  # noqa: ASYNC110  another process
                await anyio.sleep(0.05)
            return
        raise AssertionError(f"requests of {self.planning} did not reach the ledger in {PATIENCE:g} s")

    def _is_under_way(self) -> bool:
        if self._placed < 0:
            return False
        pending = sum(one["count"] for one in self.shop.get("/_sandbox/faults")["data"])
        return bool(self._placed - pending > sum("fault" in entry for entry in self.look_at_requests()))

    def look_at_requests(self) -> list[Json]:
        """Return every request that was seen so far; the sandbox shows the newest only."""
        for entry in self.shop.get("/_sandbox/requests", limit=250)["data"]:
            self._requests[entry["log_id"]] = entry
        return list(self._requests.values())
