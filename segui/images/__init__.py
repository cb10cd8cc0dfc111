"""Pictures: opened safely, read as they are meant, written."""
