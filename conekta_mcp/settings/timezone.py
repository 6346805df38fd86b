"""The time zone of the merchant."""

MEXICO_CITY = "America/Mexico_City"


def parse_timezone(text: str) -> str:
    """Read the name of a time zone, such as America/Tijuana."""
    import zoneinfo  # only where a zone is named: the default one is not read at the start

    try:
        return zoneinfo.ZoneInfo(text.strip()).key
    # ZoneInfoNotFoundError is a KeyError; a name that is a folder of zones, or a path, ends otherwise.
    except (KeyError, ValueError, OSError):
        raise ValueError("expected a time zone such as America/Mexico_City or America/Tijuana") from None
