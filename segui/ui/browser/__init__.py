"""What runs in the browser: scripts and style sheets."""
