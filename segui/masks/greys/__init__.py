"""What the grey values of a mask mean."""
