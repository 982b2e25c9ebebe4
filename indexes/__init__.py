"""Floor 1: passages become vectors and postings, kept in immutable, searchable snapshots."""
