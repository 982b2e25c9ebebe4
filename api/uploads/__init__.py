"""From an uploaded file to a new snapshot."""
