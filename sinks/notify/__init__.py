"""Where alerts go.

channels.py   what a channel is
terminal.py   a block on the terminal
jsonl.py      a line in the alerts file
"""
