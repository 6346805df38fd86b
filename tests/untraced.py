"""Tests, and their processes, that run without coverage's tracer."""

import importlib
import os
import pkgutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import conekta_mcp

UNTRACED = (
    "tests/client_calls/",
    "tests/contract/",
    "tests/docs/",
    "tests/evals/",
    "tests/journeys/",
    "tests/packaging/",
    "tests/pages/browser/",
    "tests/server/cards/browser/",
    "tests/soak/",
    "tests/api/test_retries.py::test_the_library_is_not_imported",
    "tests/api/test_secrets.py",
    "tests/api/test_statuses.py",
    "tests/audit/test_chain.py::test_two_processes",
    "tests/audit/test_file.py::test_processes_never",
    "tests/catalog/test_inputs.py",
    "tests/cli/test_call.py::test_at_a_terminal",
    "tests/cli/test_help.py",
    "tests/cli/test_secrets.py",
    "tests/cli/test_serve.py::test_a_port_that_is_taken",
    "tests/cli/test_serve.py::test_it_ends_with_0",
    "tests/cli/test_serve.py::test_over_http_it_can_be_started_again",
    "tests/domains/test_all_tools.py",
    "tests/effects/test_all_writes.py",
    "tests/effects/test_answer_check.py",
    "tests/effects/test_changes.py",
    "tests/effects/test_effects.py",
    "tests/effects/test_new_rows.py",
    "tests/pages/inbox/test_sign_in.py",
    "tests/server/cards/test_app_tools.py",
    "tests/server/discovery/test_discovery.py",
    "tests/server/discovery/test_routes.py",
    "tests/server/discovery/test_search_requests.py",
    "tests/server/rendering/test_titles.py::test_listing_the_default_tools",
    "tests/server/tools/test_calls.py",
    "tests/server/tools/test_published_schemas.py",
    "tests/settings/test_settings.py::test_an_audit_that_cannot_be_kept",
    "tests/storage/test_stores_model.py",
    "tests/storage/test_stores_shared.py",
    "tests/writes/test_intents_model.py",
)
"""What the names of these tests begin with; tests of hypothesis are untraced too."""
FOR_CHILDREN = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
"""A process that is started with one of these traces itself."""


@contextmanager
def paused_tracer() -> Iterator[None]:
    """Trace neither this thread, nor threads and processes that are started meanwhile."""
    here, of_threads = sys.gettrace(), threading.gettrace()
    children = {name: os.environ.pop(name) for name in FOR_CHILDREN if name in os.environ}
    _trace_by(None, None)
    try:
        yield
    finally:
        _trace_by(here, of_threads)
        os.environ.update(children)


def _trace_by(here: object, of_threads: object) -> None:
    sys.settrace(here)  # type: ignore[arg-type]  # what gettrace gave
    threading.settrace(of_threads)  # type: ignore[arg-type]  # what gettrace gave


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Import the whole package before: the first run of a module's lines is traced, or none is."""
    for module in pkgutil.walk_packages(conekta_mcp.__path__, f"{conekta_mcp.__name__}."):
        importlib.import_module(module.name)
    with paused_tracer():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if item.nodeid.startswith(UNTRACED) or item.get_closest_marker("hypothesis"):
        with paused_tracer():
            return (yield)
    return (yield)
