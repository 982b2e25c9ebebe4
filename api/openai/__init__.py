"""The OpenAI-compatible interface: schemas, and the shapes of responses and stream chunks."""
