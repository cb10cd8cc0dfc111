"""One choice of device for everything that is computed."""

import torch

from segui.errors import InputError

DEVICES = ("auto", "gpu", "cpu")


def choose_device(name: str = "auto") -> torch.device:
    """The device that a name stands for.

    Args:
        name: ``auto`` or ``gpu`` take CUDA, else Apple's MPS, else the CPU; ``cpu`` is the CPU.

    Raises:
        InputError: Another name.
    """
    if name not in DEVICES:
        raise InputError(f"the device is {name!r}: expected one of {', '.join(DEVICES)}")
    if name != "cpu" and torch.cuda.is_available():
        return torch.device("cuda")
    if name != "cpu" and torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")
