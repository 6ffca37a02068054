"""`python -m happytalk_contract`: the command where its script is not on the path."""

import sys

from happytalk_contract.cli.commands import main

sys.exit(main())
