"""riskcalc: the exact-theory calculator for the scaling laws of one-pass SGD on sketched regression.

The public names stand in `__init__.pyi`; the module behind a name is loaded when the name is first used. Until then
nothing at all is loaded, so that the command line can end quietly when it is interrupted at its start.
"""

__version__ = "0.2.0"


def __getattr__(name: str) -> object:
    import copyreg

    import lazy_loader

    attribute, listing, names = lazy_loader.attach_stub(__name__, __file__)
    # where a file has the name of what it holds, the loader gives a room a class of modules that has no pickle:
    # functions of a script that know the room could not be sent to a worker
    if guard := getattr(lazy_loader, "_ShadowGuardModule", None):
        copyreg.pickle(guard, _by_name)
    globals().update(__getattr__=attribute, __dir__=listing, __all__=names)
    return names if name == "__all__" else attribute(name)


def _by_name(module: object) -> tuple[object, tuple[str]]:
    import importlib

    return importlib.import_module, (module.__name__,)  # type: ignore[attr-defined]


def __dir__() -> list[str]:
    return list(__getattr__("__all__"))  # type: ignore[call-overload]
