"""Classifiers: each scores the crops of segments, label by label."""
