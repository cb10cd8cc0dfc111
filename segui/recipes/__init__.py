"""Recipes: options and decisions as a file."""
