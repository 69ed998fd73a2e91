"""The packages `search` and `web` beside this one, whatever else has these common names.

A folder of PYTHONPATH may hold another project's `search`, which Python would find first:

    import_siblings()    # sys.modules["search"] is the package beside indexer
"""

import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

SIBLINGS = ("search", "web")


def import_siblings() -> None:
    """Changes nothing if Python finds them anyway."""
    for name in SIBLINGS:
        beside = Path(__file__).parents[1] / name / "__init__.py"
        found = sys.modules[name].__spec__ if name in sys.modules else find_spec(name)
        if beside.exists() and not (found and found.origin and Path(found.origin).resolve() == beside.resolve()):
            spec = spec_from_file_location(name, beside)
            assert spec is not None
            assert spec.loader is not None
            sys.modules[name] = module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
