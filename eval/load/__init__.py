"""Load over HTTP: what the server bears, and how fast it answers under it."""
