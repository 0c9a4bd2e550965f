"""Elasticsearch: templates, documents, the bulk writer and search.

client.py     the connection
letters.py    which Arabic letters and marks are one and the same for search
templates/    component templates (JSON); templates.py puts them on the server
documents.py  messages → documents with their index, id and version
bulk.py       documents → outcomes, with retries; nothing is lost on the way
search.py     queries → hits
"""
