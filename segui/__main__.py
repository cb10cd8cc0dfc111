"""``python -m segui``, which is the command ``segui``."""

from segui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
