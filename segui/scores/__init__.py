"""Scores: what a classifier is shown of each segment, and what it said."""
