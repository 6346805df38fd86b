"""Callers whose key Conekta has not accepted fill the audit log up to a bound, all others without one."""

import logging

import httpx
import pytest

from conekta_mcp.app import App
from conekta_mcp.audit.unproven import MAX_RECORDS, PERIOD_SECONDS, UnprovenRecords
from conekta_mcp.errors import Detail, InvalidArguments
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
REFUSED = InvalidArguments(type="parameter_validation_error", details=(Detail(message="No."),))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_thousand_an_hour_are_recorded_of_unknown_keys_and_all_of_known_ones(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, proven = Clock(), {"known"}
    records = UnprovenRecords(proven, clock)
    taken = [records.may_record(f"invented-{number}") for number in range(MAX_RECORDS + 5)]
    assert (taken.count(True), taken[-5:]) == (MAX_RECORDS, [False] * 5)
    assert records.may_record("known")
    assert not records.may_record("")
    clock.now += PERIOD_SECONDS
    assert records.may_record("invented")
    assert [record.getMessage() for record in caplog.records] == [
        f"the audit log leaves out refusals of unknown keys: {MAX_RECORDS} this hour",
        "the audit log left out 6 refusals of unknown keys",
    ]
    clock.now += PERIOD_SECONDS
    with caplog.at_level(logging.WARNING):
        assert records.may_record("invented")
    assert len(caplog.records) == 2


@pytest.mark.parametrize(("transport", "bounded"), [(("streamable-http",), True), (("stdio",), False)])
async def test_only_over_http_anybody_can_bring_a_key(transport: tuple[str, ...], bounded: bool) -> None:
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": []}))
    app = App(Settings(transport=transport, store="memory"), transport=lambda: answer)
    safeguards = app._create_safety()
    for _ in range(MAX_RECORDS + 2):
        await safeguards.record_early_refusal("refund_order", {}, None, None, REFUSED)
    kept = await app.store.read_records(limit=2 * MAX_RECORDS)
    assert len(kept) == MAX_RECORDS + (0 if bounded else 2)
    await app.close()
