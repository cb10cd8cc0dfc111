"""Families of models that find: what one puts out becomes areas."""
