"""``python -m demandsim``: the command line."""

from demandsim.cli import main

if __name__ == "__main__":
    main()
