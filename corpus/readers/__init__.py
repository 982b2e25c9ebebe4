"""One module per source format, each with the same `read` signature."""
