"""Mask files: read, told apart, fitted."""
