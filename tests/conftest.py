"""Quick tests first: those that drive a browser come last, so that a plain fault is said early."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
