"""The mean of several runs' weights, often better than each of them where all began from the same weights (model soups,
arXiv 2203.05482): reads NAME-train.npz, writes OUT-train.npz to go on from and OUT.npz to ship."""

import argparse
import sys

import numpy as np
import torch

import files
from network import TinySSD, read_network


def mean(paths):
    """-> name -> array, float32 where it is a fraction."""
    runs = []
    for path in paths:
        with np.load(path) as file:
            runs.append({name: file[name] for name in file.files})
    shapes = [{name: values.shape for name, values in run.items()} for run in runs]
    for path, shape in zip(paths, shapes, strict=True):
        if shape != shapes[0]:
            sys.exit(f"{path} is of another network, or of other labels, than {paths[0]}")
    return {
        name: np.mean([run[name].astype(np.float32) for run in runs], 0) if values.dtype.kind == "f" else values
        for name, values in runs[0].items()
    }


def network_of(weights):
    """-> the network with as many labels as the weights have outputs for, and the weights in it."""
    network, _ = read_network()
    name, shape = next((name, values.shape) for name, values in weights.items() if name.endswith(".conf.bias"))
    priors = len(weights[name.replace(".conf.", ".loc.")]) // 4
    net = TinySSD(network, shape[0] // priors - 1)
    net.load_state_dict({name: torch.from_numpy(np.array(values)) for name, values in weights.items()})
    return net


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("weights", nargs="+", metavar="NAME-train.npz")
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    net = network_of(mean(a.weights))
    files.save(f"{a.out}-train.npz", files.to_train_on(net))
    files.save(f"{a.out}.npz", files.to_ship(net))


if __name__ == "__main__":
    main()
