"""Parts of make-sample.py: text, request bodies, identities, populations, log."""
