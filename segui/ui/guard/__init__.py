"""What stands between the network and Gradio: requests looked at before anything works on them."""
