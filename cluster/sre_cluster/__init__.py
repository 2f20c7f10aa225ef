"""Runs the long jobs of `sre` in shards on a Dask cluster. See ../README.md."""
