"""What the page shows of a session, as HTML and messages."""
