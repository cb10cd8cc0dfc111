"""Which label of a label map has which name."""
