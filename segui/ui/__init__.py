"""The web page: the only part that knows Gradio."""
