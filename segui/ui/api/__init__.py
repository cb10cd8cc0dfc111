"""Endpoints and tools for other programs."""
