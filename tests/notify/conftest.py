"""A web server and a mail server on this machine, and an environment without secrets."""

import pytest

from tests.notify.servers import Post, Web, serving


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch):
    for name in ("MPR_WEBHOOK_URL", "MPR_WEBHOOK_TOKEN", "MPR_SMTP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def web():
    with serving(Web()) as server:
        yield server


@pytest.fixture
def post():
    with serving(Post()) as server:
        yield server
