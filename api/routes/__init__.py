"""One module per group of HTTP routes; no retrieval logic lives here."""
