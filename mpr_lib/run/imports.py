"""Imports that cost seconds and are never used are put off until something uses them."""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def import_when_used(name: str) -> None:
    """Have a module that others import as a whole load when the first of its names is asked for.

    Nothing changes for whoever uses it; a module that is loaded already, or not installed, is left alone.
    """
    if name in sys.modules:
        return
    parent, _, child = name.rpartition(".")
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    if parent:
        setattr(sys.modules[parent], child, module)
