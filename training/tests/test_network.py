import torch

import files
from network import TinySSD, priors, read_network
from train import outputs_of

NETWORK, LABELS = read_network()


def some_net():
    torch.manual_seed(1)
    net = TinySSD(NETWORK).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
    return net


def test_it_has_as_many_values_and_priors_as_the_paper():
    net = some_net()
    with torch.no_grad():
        offsets, logits, maps = net(torch.zeros(1, 3, 300, 300))
    assert sum(values.size for values in files.to_ship(net).values()) == 1_133_001
    assert offsets.shape == (1, 8030, 4)
    assert logits.shape == (1, 8030, len(LABELS) + 1)
    assert priors(NETWORK, maps).shape == (8030, 4)


def test_what_ships_computes_what_was_trained():
    net = some_net()
    shipped = {name: torch.from_numpy(values).float() for name, values in files.to_ship(net).items()}
    pixels = torch.rand(1, 3, 60, 60) * 255
    mean = torch.tensor((123.0, 117.0, 104.0)).view(1, 3, 1, 1)
    with torch.no_grad():
        trained = net.layers["conv1"]((pixels - mean) / 58)
    folded = torch.relu(torch.conv2d(pixels, shipped["conv1.weight"], shipped["conv1.bias"], stride=2))
    assert torch.allclose(trained, folded, atol=0.05)


def test_weights_come_back_from_their_file_and_what_does_not_fit_stays(tmp_path):
    net = some_net()
    files.save(tmp_path / "a-train.npz", files.to_train_on(net))
    again = TinySSD(NETWORK)
    taken, there = files.load(tmp_path / "a-train.npz", again)
    assert taken == there
    one, other = (n.layers["fire3"].squeeze1x1[0].weight for n in (net, again))
    assert torch.allclose(one, other, atol=2e-3)
    fewer = TinySSD(NETWORK, classes=2)
    taken, there = files.load(tmp_path / "a-train.npz", fewer)
    assert there - taken == 12  # weight and bias of six heads' classes


def test_labels_that_the_weights_know_keep_what_they_have_learnt_in_a_network_of_other_labels(tmp_path):
    net = some_net()
    files.save(tmp_path / "a-train.npz", {name: v.numpy() for name, v in net.state_dict().items()})
    mine = TinySSD(NETWORK, classes=3).eval()
    taken, there = files.load(tmp_path / "a-train.npz", mine, outputs_of(["dog", "fox", "cat"], LABELS))
    assert taken == there
    x = torch.rand(1, 3, 300, 300)
    logits, own = net(x)[1], mine(x)[1]
    known = [0, LABELS.index("dog") + 1, LABELS.index("cat") + 1]
    assert torch.allclose(own[..., [0, 1, 3]], logits[..., known], atol=1e-4)
    assert not torch.allclose(own[..., 2], logits[..., known[1]], atol=1e-2)
