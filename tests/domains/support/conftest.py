"""The fixtures of tests/effects, which read a shop as the resources do."""

from tests.effects.conftest import order, shop

__all__ = ["order", "shop"]
