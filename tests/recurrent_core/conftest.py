"""Fixtures that run a test for every cell, in both forms, with and without clamps."""

import pytest
from samples import TABLE, clamps_of


@pytest.fixture(params=TABLE)
def cell(request):
    """Each cell in its turn."""
    return TABLE[request.param]


@pytest.fixture(params=["fast", "plain"])
def either(request, cell):
    """Each cell in its fast form and as the plain step and its backward."""
    return cell if request.param == "fast" else cell._replace(fast=None)


@pytest.fixture(params=["free", "clamped"])
def clamps(request, cell):
    """No clamps, and clamps of every vector."""
    return clamps_of(cell) if request.param == "clamped" else ()
