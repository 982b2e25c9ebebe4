"""Markdown as HTML that is safe to show."""
