import numpy as np
import pytest
import torch

import files
from average import mean, network_of
from network import TinySSD, read_network


def saved(tmp_path, name, seed, classes=20):
    torch.manual_seed(seed)
    net = TinySSD(read_network()[0], classes)
    files.save(tmp_path / f"{name}-train.npz", files.to_train_on(net))
    return tmp_path / f"{name}-train.npz"


def test_the_mean_lies_half_way_and_ships_with_its_own_count_of_labels(tmp_path):
    one, other = (saved(tmp_path, name, seed, classes=2) for seed, name in enumerate(["one", "other"]))
    net = network_of(mean([one, other]))
    with np.load(one) as a, np.load(other) as b:
        name = "layers.fire3.squeeze1x1.0.weight"
        half_way = (a[name].astype(np.float32) + b[name].astype(np.float32)) / 2
    assert np.allclose(net.state_dict()[name].numpy(), half_way, atol=1e-6)
    assert len(files.to_ship(net)["tap1.conf.bias"]) == len(net.heads["tap1"].loc.bias) // 4 * 3


def test_weights_of_other_labels_are_not_mixed(tmp_path):
    one, other = saved(tmp_path, "one", 1), saved(tmp_path, "other", 2, classes=2)
    with pytest.raises(SystemExit, match="other-train.npz is of another network"):
        mean([one, other])
