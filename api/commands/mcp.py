"""`aifactory mcp`: the glossary as tools for a desktop client, over stdin and stdout."""

from __future__ import annotations

from api.commands.options import Home, settings


def mcp(home: Home = None) -> None:
    """Serve the tools of `/mcp` on stdin and stdout, until stdin ends."""
    import asyncio

    from api.mcp_stdio import serve_stdio

    asyncio.run(serve_stdio(settings(home)))
