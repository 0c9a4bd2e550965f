"""Entry of `./rasid` and `python -m rasid`: the command line lives in rasid.cli."""

from rasid.cli import main

if __name__ == "__main__":
    main()
