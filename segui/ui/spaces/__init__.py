"""Hugging Face Spaces: models where ZeroGPU lends a GPU."""
