"""The GPU backend: everything computed on pixels, on an accelerator or a CPU."""
