"""What the first page weighs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.chat.conftest import OpenChat

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

MOST_BYTES = 60 * 1024


def test_the_first_page_is_light(open_chat: OpenChat) -> None:
    chat = open_chat()
    client = chat.page.context.new_cdp_session(chat.page)
    sizes: list[int] = []

    def note(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    client.on("Network.loadingFinished", note)
    chat.page.reload(wait_until="networkidle")
    assert len(sizes) > 10
    assert sum(sizes) <= MOST_BYTES
