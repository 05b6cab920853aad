"""Tiny SSD (arXiv 1802.06488) in PyTorch, built from the one description that the gateway reads: network.json."""

import json
import math
import pathlib

import torch
from torch import nn

MODEL = pathlib.Path(__file__).parent.parent / "models/tiny-ssd"
MEAN, SCALE = (123.0, 117.0, 104.0), 58.0  # input = (RGB 0..255 - MEAN) / SCALE; folding moves both into conv1


def read_network(folder=MODEL):
    """-> network.json as it stands, and the model's labels."""
    network = json.loads((folder / "network.json").read_text())
    return network, json.loads((folder / "model.json").read_text())["labels"]


def conv(channels, filters, kernel, stride=1, padding=0):
    return nn.Sequential(
        nn.Conv2d(channels, filters, kernel, stride, padding, bias=False),
        nn.BatchNorm2d(filters, momentum=0.03),
        nn.ReLU(inplace=True),
    )


class Fire(nn.Module):
    """SqueezeNet's module (arXiv 1602.07360, 3.2): 1x1 convolutions down, then 1x1 and 3x3 ones beside each other."""

    def __init__(self, channels, layer):
        super().__init__()
        squeezed = layer["squeeze1x1"]
        self.squeeze1x1 = conv(channels, squeezed, 1)
        self.expand1x1 = conv(squeezed, layer["expand1x1"], 1)
        self.expand3x3 = conv(squeezed, layer["expand3x3"], 3, padding=1)

    def forward(self, x):
        x = self.squeeze1x1(x)
        return torch.cat([self.expand1x1(x), self.expand3x3(x)], 1)


def build(layer, channels):
    """-> the module of one layer of network.json, and how many channels it gives."""
    if layer["kind"] == "maxpool":
        return nn.MaxPool2d(layer["kernel"], layer["stride"], ceil_mode=True), channels
    if layer["kind"] == "fire":
        return Fire(channels, layer), layer["expand1x1"] + layer["expand3x3"]
    filters = layer["filters"]
    return conv(channels, filters, layer["kernel"], layer["stride"], layer["padding"]), filters


def shapes_of(head, size):
    """-> (width, height) in 0..1 of each prior that a head has at one place (SSD, arXiv 1512.02325, 2.2)."""
    small, large = head["minSize"] / size, head["maxSize"] / size
    shapes = [(small, small), (math.sqrt(small * large),) * 2]
    for ratio in head["ratios"]:
        wide = (small * math.sqrt(ratio), small / math.sqrt(ratio))
        shapes += [wide, wide[::-1]]
    return shapes


def priors(network, maps):
    """maps: (rows, columns) of each head's layer -> (A, 4) centre x, centre y, width, height in 0..1."""
    parts = []
    for head, (rows, columns) in zip(network["heads"], maps, strict=True):
        shapes = torch.tensor(shapes_of(head, network["input"]["size"]))
        y, x = torch.meshgrid((torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns, indexing="ij")
        centres = torch.stack([x, y], -1)[:, :, None].expand(-1, -1, len(shapes), -1)
        parts.append(torch.cat([centres, shapes.expand(rows, columns, -1, -1)], -1).reshape(-1, 4))
    return torch.cat(parts)


class Head(nn.Module):
    def __init__(self, channels, count, outputs):
        super().__init__()
        self.loc = nn.Conv2d(channels, count * 4, 3, padding=1)
        self.conf = nn.Conv2d(channels, count * outputs, 3, padding=1)

    def forward(self, x):
        """-> float32 offsets (N, priors, 4) and logits (N, priors, outputs), rows before columns before priors."""
        count = self.loc.out_channels // 4
        return [
            part(x).permute(0, 2, 3, 1).reshape(len(x), -1, part.out_channels // count).float()
            for part in (self.loc, self.conf)
        ]


class TinySSD(nn.Module):
    """
    x (N, 3, S, S) -> offsets (N, A, 4), class logits (N, A, classes + 1; 0 is background), (rows, columns) of the
    six maps. S = 300: A = 8030. Modules bear the names of network.json.
    """

    def __init__(self, network, classes=None):
        super().__init__()
        self.network = network
        outputs = (classes or network["classes"]) + 1
        widths, channels = {}, 3
        self.layers = nn.ModuleDict()
        for layer in network["layers"]:
            self.layers[layer["name"]], channels = build(layer, channels)
            widths[layer["name"]] = channels
        self.heads = nn.ModuleDict(
            {
                head["name"]: Head(widths[head["layer"]], len(shapes_of(head, network["input"]["size"])), outputs)
                for head in network["heads"]
            }
        )
        self._start(outputs)

    def _start(self, outputs):
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        for head in self.heads.values():
            for part in (head.loc, head.conf):
                nn.init.normal_(part.weight, std=0.01)
                nn.init.zeros_(part.bias)
            # Almost everything is background: begin with 99 % of it, as RetinaNet does (arXiv 1708.02002, 4.1).
            head.conf.bias.data.view(-1, outputs)[:, 0] = math.log((outputs - 1) * 0.99 / 0.01)

    def forward(self, x):
        maps = {}
        for name, layer in self.layers.items():
            x = self._exact(layer, x) if name.startswith(("conv12", "conv13")) else layer(x)
            maps[name] = x
        outputs, sizes = [], []
        for head in self.network["heads"]:
            x = maps[head["layer"]]
            module = self.heads[head["name"]]
            outputs.append(self._exact(module, x) if max(x.shape[2:]) <= 4 else module(x))
            sizes.append(tuple(x.shape[2:]))
        offsets, logits = zip(*outputs, strict=True)
        return torch.cat(offsets, 1), torch.cat(logits, 1), sizes

    @staticmethod
    def _exact(module, x):
        """In float32 on a CPU: its bfloat16 gradients on maps of 4 x 4 and less come out wrong (torch 2.13)."""
        if x.device.type != "cpu":
            return module(x)
        with torch.autocast("cpu", enabled=False):
            return module(x.float())

    def stem(self):
        """conv1 to fire2: the part worth freezing on a CPU."""
        return [self.layers[name] for name in ("conv1", "fire1", "fire2")]
