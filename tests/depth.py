"""The number of examples of a property test: few by default, many with HYPOTHESIS_PROFILE=deep."""

import os
from typing import Any

from hypothesis import HealthCheck, settings

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
TIMES_DEEPER = 20


def tries(examples: int, **more: Any) -> settings:
    """Give the settings of a property test that tries `examples`, and twenty times as many in depth."""
    return settings(
        max_examples=examples * (TIMES_DEEPER if DEEP else 1),
        deadline=None,
        derandomize=not DEEP,
        database=None,
        print_blob=DEEP,
        # Machines differ in speed, and examples of a shop or a body are large: neither is a failure.
        suppress_health_check=[
            HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example
        ],
        **more,
    )  # fmt: skip
