"""`python -m indexer` is `broadsheet`, wherever the command itself is not on the path."""

from indexer.cli.commands import main

if __name__ == "__main__":  # not in worker processes, which import the main module too
    main(prog_name="broadsheet")
