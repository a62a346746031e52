import pytest

from common import tailing


@pytest.fixture(autouse=True)
def nobody_else_writes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is one transaction, which would wait for its own end; those with transactions of their own wait truly."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        monkeypatch.setattr(tailing, "is_over", lambda _those: True)
