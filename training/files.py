"""Files of weights: NAME-train.npz keeps the batch norms, to train on; NAME.npz is folded, to ship."""

import os

import numpy as np
import torch

from network import MEAN, SCALE, Fire


def load(path, net, outputs=None):
    """
    Takes what fits from a -train.npz, leaves the rest as it is. -> tensors taken, tensors there are.

    outputs: for each class output of `net`, background first, the one of the file that means the same; None where there
    is none. Default: they are the same.
    """
    own = net.state_dict()
    with np.load(path) as file:
        fits = {name: torch.from_numpy(file[name]) for name in file.files if name in own}
    if outputs is not None:
        heads = [name for name in fits if ".conf." in name]
        fits |= {name: _chosen(fits[name], own[name], outputs) for name in heads}
    fits = {name: values.to(own[name].dtype) for name, values in fits.items() if values.shape == own[name].shape}
    net.load_state_dict({**own, **fits})
    return len(fits), len(own)


def _chosen(values, own, outputs):
    """A class head (priors x outputs, ...): the outputs that `values` has, the others as they are in `own`."""
    count = len(own) // len(outputs)
    chosen = own.clone().unflatten(0, (count, len(outputs)))
    file = values.unflatten(0, (count, -1)).to(own.dtype)
    for wanted, there in enumerate(outputs):
        if there is not None:
            chosen[:, wanted] = file[:, there]
    return chosen.flatten(0, 1)


def save(path, values):
    """Whole or not at all, also when the process is killed meanwhile."""
    part = f"{path}.part.npz"  # numpy insists on the ending
    np.savez(part, **values)
    os.replace(part, path)


def to_train_on(net):
    """-> name -> array, 16 bit where it is a fraction."""
    return {name: (v.half() if v.is_floating_point() else v).cpu().numpy() for name, v in net.state_dict().items()}


def _fold(block):
    convolution, norm = block[0], block[1]
    gain = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    return convolution.weight.double() * gain.view(-1, 1, 1, 1), norm.bias.double() - norm.running_mean.double() * gain


@torch.no_grad()
def to_ship(net):
    """-> {name.weight, name.bias} in float16, batch norms, mean and scale folded in: the input is RGB 0..255."""
    parts = {}
    for name, layer in net.layers.items():
        if isinstance(layer, Fire):
            parts |= {f"{name}.{part}": _fold(block) for part, block in layer.named_children()}
        elif list(layer.children()):
            parts[name] = _fold(layer)
    weight, bias = parts["conv1"]
    mean = torch.tensor(MEAN, dtype=torch.float64, device=weight.device).view(1, 3, 1, 1)
    parts["conv1"] = weight / SCALE, bias - (weight / SCALE * mean).sum((1, 2, 3))
    for name, head in net.heads.items():
        parts |= {f"{name}.{kind}": (part.weight, part.bias) for kind, part in head.named_children()}
    return {
        f"{name}.{kind}": values.half().cpu().numpy()
        for name, pair in parts.items()
        for kind, values in zip(("weight", "bias"), pair, strict=True)
    }
