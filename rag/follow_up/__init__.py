"""Follow-up questions made complete, without a language model."""
