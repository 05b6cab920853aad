"""AdamW for what is small, and where asked Muon for the matrices inside the network."""

import torch

BETAS = (0.9, 0.98)
DECAY = 0.02


def matrix(weight):
    """A convolution's weight (out, in, k, k), channels last, as a matrix (out, k k in) of the same memory."""
    return weight.detach().permute(0, 2, 3, 1).flatten(1)


class Optimiser:
    """
    AdamW (arXiv 1711.05101) for all that is learnt; with `muon`, Muon (Jordan and others, 2024; its steps scaled to be
    as large as AdamW's, arXiv 2502.16982, 2.2) for the convolutions of the layers. The heads stay with AdamW: the
    last layer's outputs are not to be mixed.
    """

    def __init__(self, net, rate, muon=False, fused=False):
        self.net = net
        inside = [p for p in net.layers.parameters() if p.requires_grad and p.ndim > 1] if muon else []
        theirs = {id(p) for p in inside}
        rest = [p for p in net.parameters() if p.requires_grad and id(p) not in theirs]
        groups = [
            {"params": [p for p in rest if p.ndim > 1], "weight_decay": DECAY},
            {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0},
        ]
        self.parts = [torch.optim.AdamW(groups, lr=rate, betas=BETAS, fused=fused)]
        self.matrices = [(p, matrix(p)) for p in inside]
        for weight, same in self.matrices:
            assert weight.data_ptr() == same.data_ptr(), "Muon would learn on a copy"
        if inside:
            shared = [same for _, same in self.matrices]
            self.parts.append(torch.optim.Muon(shared, rate, DECAY, adjust_lr_fn="match_rms_adamw"))

    def zero_grad(self):
        self.net.zero_grad(set_to_none=True)

    def step(self, rate):
        for weight, same in self.matrices:
            same.grad = matrix(weight.grad)
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = rate
            part.step()

    def state_dict(self):
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, states):
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict(state)
