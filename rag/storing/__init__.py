"""Conversations, answers and feedback, kept in a database."""
