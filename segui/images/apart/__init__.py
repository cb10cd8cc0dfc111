"""Decoding in a process of its own, which can do nothing else: see ``decoder``."""
