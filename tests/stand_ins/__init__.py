"""What stands in, in tests, for what only runs elsewhere."""
