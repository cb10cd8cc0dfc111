"""What the colours of a mask mean."""
