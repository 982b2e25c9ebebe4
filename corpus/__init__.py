"""Floor 0: sources become entries, entries become passages; the bundled glossary."""
