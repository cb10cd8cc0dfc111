"""One visitor's work: what was given, what follows from it, and who computes that. No Gradio."""
