"""Segments: what they are, how they are stored, cut and reshaped."""
