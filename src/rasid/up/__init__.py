"""`rasid up`: the main job.

run.py         what both modes share: the feeds or the sample, the poller, the end, the summary
servers.py     the run on Kafka and Elasticsearch (started here, or running ones)
inprocess.py   the run without servers
supervisor.py  worker processes, kept alive
display.py     the live view, and plain lines where there is no terminal
"""
