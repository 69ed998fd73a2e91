"""The engines: each module holds one, behind the protocol of search/engine.py."""
