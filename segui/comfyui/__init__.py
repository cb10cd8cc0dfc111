"""ComfyUI: workflows read for the options that they hold."""
