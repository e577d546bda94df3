"""A copy of the council's workspace for each test that writes: the council's own is never touched."""

import pytest

from mpr_lib.desk.desk import Desk


@pytest.fixture
def place(tmp_path, workspace_copy):
    """A copied workspace's root."""
    return workspace_copy(tmp_path / "workspace")


@pytest.fixture
def desk(place):
    return Desk(place, "2018-05", name="mine")
