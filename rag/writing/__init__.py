"""The answer that a language model writes, verified while it is written."""
