"""Flattened Markdown and eaten LaTeX made whole; nothing else changes."""
