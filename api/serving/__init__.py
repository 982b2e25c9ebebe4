"""The processes that answer requests, and the snapshot they answer from."""
