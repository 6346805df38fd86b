"""Times: for people in the merchant's zone and language, for programs as ISO with the zone's offset."""

import re
import subprocess
import sys
import zoneinfo
from datetime import date, datetime, timedelta, timezone
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.results.times import (
    MONTHS,
    LocalTimes,
    format_iso,
    format_moment,
    get_times,
    to_local_iso,
    use_times,
)
from tests.depth import tries

CASH_ENDS = 1_798_416_000  # 2026-12-28T00:00:00Z
NUMBERS = re.compile(
    r"(\d{1,2}) (\w{3}) (\d{4}), (\d\d):(\d\d)(?::(\d\d))?(?: ([+-]\d\d:\d\d(?::\d\d)?))? \(([^()]+)\)"
)


def parse(text: str, zone: str, language: str) -> float:
    """Read what a person reads: the hour is of the zone, unless an offset tells two such hours apart."""
    found = NUMBERS.fullmatch(text)
    assert found, text
    day, month, year, hour, minute, second, offset, _ = found.groups()
    naive = datetime(
        int(year), MONTHS[language].index(month) + 1, int(day), int(hour), int(minute), int(second or 0)
    )
    if offset is None:
        return naive.replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp()
    parts = [int(part) for part in offset[1:].split(":")]
    away = timedelta(**dict(zip(("hours", "minutes", "seconds"), parts, strict=False)))
    return naive.replace(tzinfo=timezone(-away if offset[0] == "-" else away)).timestamp()


def test_a_zone_with_a_turned_sign_is_named_by_its_offset() -> None:
    """Etc/GMT+6 is behind UTC: its own name says the contrary to people."""
    assert LocalTimes("Etc/GMT+6").format_minute(CASH_ENDS, "es") == "27 dic 2026, 18:00 (UTC-06:00)"
    assert LocalTimes("Etc/GMT-14").format_minute(CASH_ENDS, "en") == "28 Dec 2026, 14:00 (UTC+14:00)"
    assert LocalTimes("UTC").format_minute(CASH_ENDS, "en") == "28 Dec 2026, 00:00 (UTC)"


def test_a_cash_order_ends_when_the_shops_in_mexico_city_say() -> None:
    times = LocalTimes()
    assert times.format_minute(CASH_ENDS, "es") == "27 dic 2026, 18:00 (Ciudad de México)"
    assert times.format_minute(CASH_ENDS, "en") == "27 Dec 2026, 18:00 (Mexico City)"
    assert times.format_second(CASH_ENDS + 5, "en") == "27 Dec 2026, 18:00:05 (Mexico City)"
    assert times.format_day(CASH_ENDS, "es") == "27 dic"
    assert times.format_iso(CASH_ENDS) == "2026-12-27T18:00:00-06:00"


@pytest.mark.parametrize(
    ("zone", "text", "iso"),
    [
        ("America/Tijuana", "8 jul 2026, 23:30 (Tijuana)", "2026-07-08T23:30:00-07:00"),
        ("America/Cancun", "9 jul 2026, 01:30 (Cancún)", "2026-07-09T01:30:00-05:00"),
        ("America/Ciudad_Juarez", "9 jul 2026, 00:30 (Ciudad Juárez)", "2026-07-09T00:30:00-06:00"),
        ("America/New_York", "9 jul 2026, 02:30 (New York)", "2026-07-09T02:30:00-04:00"),
        ("Asia/Kathmandu", "9 jul 2026, 12:15 (Kathmandu)", "2026-07-09T12:15:00+05:45"),
        ("UTC", "9 jul 2026, 06:30 (UTC)", "2026-07-09T06:30:00+00:00"),
    ],
)
def test_each_zone_has_its_hour_its_offset_and_its_name(zone: str, text: str, iso: str) -> None:
    moment = 1_783_578_600  # in summer, when some of them have another offset than in winter
    assert (LocalTimes(zone).format_minute(moment, "es"), LocalTimes(zone).format_iso(moment)) == (text, iso)


def test_an_hour_that_comes_twice_is_told_apart_by_its_offset() -> None:
    times, first = LocalTimes("America/Tijuana"), 1_793_521_800
    assert [times.format_minute(first + 3600 * hours, "en") for hours in range(-1, 3)] == [
        "1 Nov 2026, 00:30 (Tijuana)",
        "1 Nov 2026, 01:30 -07:00 (Tijuana)",
        "1 Nov 2026, 01:30 -08:00 (Tijuana)",
        "1 Nov 2026, 02:30 (Tijuana)",
    ]


ZONES = st.sampled_from(sorted(zoneinfo.available_timezones()))


@tries(300)
@given(st.integers(1, 4_102_444_800), ZONES, st.sampled_from(["es", "en"]))
def test_what_people_read_is_the_same_minute(moment: int, zone: str, language: str) -> None:
    times = LocalTimes(zone)
    text, record = times.format_minute(moment, language), times.format_second(moment, language)
    assert text is not None
    assert record is not None
    assert 0 <= moment - parse(text, zone, language) < 60
    assert parse(record, zone, language) == moment


@tries(300)
@given(st.integers(1, 4_102_444_800), ZONES)
def test_what_programs_read_is_the_same_second(moment: int, zone: str) -> None:
    iso = LocalTimes(zone).format_iso(moment)
    assert iso is not None
    assert datetime.fromisoformat(iso).timestamp() == moment
    assert LocalTimes(zone).parse(iso) == moment


@tries(100)
@given(st.dates(date(1971, 1, 1), date(2099, 12, 31)), ZONES)
def test_a_day_starts_on_that_day_and_ends_with_the_next(day: date, zone: str) -> None:
    times = LocalTimes(zone)
    start = times.find_start(day)
    if times.find_day(start) != day:  # an island that changed sides of the date line has no such day
        assert times.find_day(start + 86_400) > day
        return
    assert times.find_day(start - 1) < day


@pytest.mark.parametrize("moment", [0, None, 10**20, 2**63])
def test_no_moment_has_no_text(moment: int | None) -> None:
    assert (format_moment(moment), format_iso(moment)) == (None, None)


def test_what_is_made_inside_has_the_times_of_its_caller() -> None:
    with use_times("America/Tijuana", "en"):
        assert get_times().zone == "America/Tijuana"
        assert format_moment(CASH_ENDS) == "27 Dec 2026, 16:00 (Tijuana)"
        assert format_iso(CASH_ENDS) == "2026-12-27T16:00:00-08:00"
    assert format_moment(CASH_ENDS) == "27 dic 2026, 18:00 (Ciudad de México)"


def test_mexico_city_needs_no_time_zones_from_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_none(name: str) -> NoReturn:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(zoneinfo, "ZoneInfo", find_none)
    assert LocalTimes().format_iso(CASH_ENDS) == "2026-12-27T18:00:00-06:00"
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        LocalTimes("America/Tijuana").format_iso(CASH_ENDS)


@pytest.mark.system
def test_a_start_reads_no_time_zone() -> None:
    code = (
        "import sys; opened = []; "
        "sys.addaudithook(lambda event, told: event == 'open' and opened.append(str(told[0]))); "
        "import conekta_mcp.cli.commands.serve; from conekta_mcp.app import App; "
        "from conekta_mcp.settings import read_settings; App(read_settings({'sandbox': True}, {})); "
        "import zoneinfo; before = len(opened); zoneinfo.ZoneInfo('America/Mexico_City'); "
        "print(['Mexico_City' in ' '.join(part) for part in (opened[:before], opened[before:])])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[False, True]\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-12-28T00:00:00Z", "2026-12-27T18:00:00-06:00"),
        ("2026-12-28 00:00:00.000000+00:00", "2026-12-27T18:00:00-06:00"),
        ("2026-12-27T18:00:00-06:00", "2026-12-27T18:00:00-06:00"),
        ("2026-12-28T00:00:00", "2026-12-28T00:00:00"),
        ("yesterday", "yesterday"),
        ("", ""),
        (None, None),
        (7, 7),
    ],
)
def test_a_moment_that_came_as_text_is_told_in_the_zone(text: object, shown: object) -> None:
    assert to_local_iso(text) == shown
