"""`python -m happytalk_mock`: the command where its script is not on the path."""

from .cli.commands import main

main(prog_name="happytalk-mock")
