"""What a tool can do to money or records; hints and safeguards are derived from it."""

from enum import Enum


class Risk(Enum):
    """The worst that a call can do (conekta-api.md 9)."""

    READ = "read"
    WRITE = "write"
    MONEY = "money"
    DESTRUCTIVE = "destructive"
    SECRET = "secret"  # noqa: S105 - the name of a class of risk

    @property
    def read_only(self) -> bool:
        """Whether a call changes nothing."""
        return self is Risk.READ

    @property
    def destructive(self) -> bool:
        """Whether a call can remove something or cannot be undone."""
        return self in {Risk.DESTRUCTIVE, Risk.SECRET}
