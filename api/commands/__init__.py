"""One module per command of `aifactory`; each imports what it needs when it runs."""
