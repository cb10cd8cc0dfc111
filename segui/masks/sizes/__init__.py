"""Masks of another size than their photo."""
