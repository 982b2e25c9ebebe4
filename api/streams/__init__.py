"""Answers on their way to clients, event by event."""
