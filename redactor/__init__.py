"""Survivor-safe publication: a bundle of documents in, publishable copies and a public audit log out."""
