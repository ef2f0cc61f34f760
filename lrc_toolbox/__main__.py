"""`python -m lrc_toolbox` is `lrc`."""

import sys

from lrc_toolbox.cli.main import main

sys.exit(main())
