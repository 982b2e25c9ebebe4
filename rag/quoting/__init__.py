"""The answer without a language model: quotes, chosen and set out."""
