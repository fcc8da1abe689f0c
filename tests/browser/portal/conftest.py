"""A server on the sample world with its cases, and a walker that opens its pages as anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.portal.walking import Walker
from tests.support import portal_world


@pytest.fixture(scope="module")
def portal(cluster: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Its address, and the numbers of the sample cases by state; a clone for each file of tests."""
    with portal_world.served(cluster) as found:
        yield found


@pytest.fixture(scope="module")
def _walker(browser: Browser, portal: tuple[str, Mapping[str, str]]) -> Walker:
    return Walker(browser, *portal)


@pytest.fixture
def walk(_walker: Walker) -> Iterator[Walker]:
    """Opens pages; they are closed after the test."""
    yield _walker
    _walker.close_pages()
