"""Previews: small pictures and layers for a page."""
