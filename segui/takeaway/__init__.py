"""What is taken away besides the picture: report, table, cut-outs."""
