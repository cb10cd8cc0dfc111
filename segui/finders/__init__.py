"""Finders: where the segments of a picture are."""
