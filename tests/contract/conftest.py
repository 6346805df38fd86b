"""Reads Conekta's OpenAPI file, an independent description of its API, and prepares the vendor's SDK."""

import platform
from pathlib import Path
from typing import Any

import pytest
import yaml

PLACE = Path(__file__).parents[3] / "shared" / "reference" / "conekta-openapi.yaml"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _machine() -> None:
    """Ask once what the vendor's SDK tells about this machine: Python starts `uname -p` for it."""
    platform.processor()


@pytest.fixture(scope="session")
def openapi() -> Any:
    """Conekta's own description of its API, where it is present; it is not copied into the project."""
    if not PLACE.exists():
        pytest.skip(f"there is no {PLACE}: nothing to compare with")
    return load_openapi()


def load_openapi() -> Any:
    """Read the file."""
    with PLACE.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)
