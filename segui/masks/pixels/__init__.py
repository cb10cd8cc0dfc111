"""What pixels are: their colours by number, flat ground, edges, and what lies between two."""
