"""The built site, once per worker, and a Chromium."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.blocks import ROOT
from tests.pages.browser.conftest import anyio_backend as anyio_backend
from tests.pages.browser.conftest import browser as browser
from tests.pages.browser.conftest import chromium as chromium


@pytest.fixture(scope="session")
def script() -> Iterator[ModuleType]:
    """scripts/build_site.py."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(ROOT / "scripts"))
        yield importlib.import_module("build_site")


@pytest.fixture(scope="session")
def site(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; MkDocs fails for a link that leads nowhere."""
    target = tmp_path_factory.mktemp("built") / "site"
    assert script.main([str(target)]) == 0
    return target
