"""`rasid replay`: the articles of a file through the whole pipeline, in order of publication.

source.py     rows of a file → raw articles in order
inprocess.py  the run in one process
servers.py    the run through Kafka, under a topic prefix of its own with one partition a topic: one order, like in process
output.py     articles.jsonl, changes.jsonl, alerts.jsonl; figures by stage
"""
