"""The least that Gradio can serve, started beside the app: what the app itself adds shows."""

import os

import gradio as gr

with gr.Blocks(analytics_enabled=False) as demo:
    gr.Textbox()

if __name__ == "__main__":
    demo.launch(
        server_name=os.environ["HOST"],
        server_port=int(os.environ["PORT"]),
        share=False,
        ssr_mode=False,
        mcp_server=False,
        show_error=False,
        enable_monitoring=False,
    )
