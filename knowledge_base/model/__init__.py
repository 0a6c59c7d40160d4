"""Makes the embedding model, once, in set-up."""
