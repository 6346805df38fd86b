"""Documents: named texts in folders, changed by compare-and-set, for approvals, approvers and sessions."""

from typing import Protocol


class Documents(Protocol):
    """The documents of a store; every change is atomic across processes and replicas."""

    async def change(
        self,
        folder: str,
        name: str,
        old: str | None,
        new: str | None,
        seconds: float,
        *,
        durable: bool = True,
    ) -> bool:
        """Put `new` in the place of `old` for `seconds`; None is no document, and no text is empty.

        Returns False, and changes nothing, if something else stands there. What is not `durable` reaches the
        disk with the next durable change at the latest: until then a crash of the machine loses it.
        """
        ...

    async def find(self, folder: str, name: str) -> str | None: ...

    async def list_all(self, folder: str) -> dict[str, str]:
        """Return the documents of a folder by name, without expired ones."""
        ...
