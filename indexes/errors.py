"""What can go wrong with models and snapshots.

IndexesError                 the message names the thing, both values and the way out
├── ModelNotFound            no such embedding model on this machine
├── ModelCorrupt             the weights' SHA-256 is not the published one
├── SnapshotMissing          nothing was ingested yet, or no snapshot has that id
├── SnapshotCorrupt          a file is missing, truncated or changed, or the format is unknown
├── EmbedderMismatch         the snapshot was built by another model
├── IngestionRunning         another process holds the ingestion lock
└── HomeUnwritable           the home is read-only, full, or not permitted
"""


class IndexesError(Exception):
    """Base of every error of the indexes; its message is one line meant for the user."""


class ModelNotFound(IndexesError):
    """Raised when an embedding model is not on this machine."""


class ModelCorrupt(IndexesError):
    """Raised when weights do not have the SHA-256 they should have."""


class SnapshotMissing(IndexesError):
    """Raised when there is no live snapshot, or none with the given id."""


class SnapshotCorrupt(IndexesError):
    """Raised when a snapshot does not verify."""


class EmbedderMismatch(IndexesError):
    """Raised when a snapshot was built by another embedder than the one at hand."""


class IngestionRunning(IndexesError):
    """Raised when another ingestion holds the lock of the home."""


class HomeUnwritable(IndexesError):
    """Raised when the home cannot be written."""
