"""The sample newswire: an invented war in seeds/newswire/, and a loopback server that plays it (docs/newswire.md)."""
