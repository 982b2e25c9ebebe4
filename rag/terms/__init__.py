"""Which entry a question names, however it spells the name."""
