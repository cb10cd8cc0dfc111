"""Areas that programs for labelling write as text."""
