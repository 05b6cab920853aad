"""SSD's matching and multibox loss (arXiv 1512.02325, 2.2), batched, with classes that are not labelled everywhere."""

import torch
import torch.nn.functional as F

CENTRE_VARIANCE, SIZE_VARIANCE = 0.1, 0.2
GIOU_WEIGHT = 5.0  # as in YOLOX (its yolo_head.py, reg_weight)
MATCHED, UNCLEAR = 0.5, 0.4
# `relative` matching: a box that fits no prior well still takes those that fit it nearly as well as its best.
NEARLY, LEAST = 0.75, 0.25


def corners(p):
    return torch.cat([p[..., :2] - p[..., 2:] / 2, p[..., :2] + p[..., 2:] / 2], -1)


def decode(offsets, prior):
    """offsets (..., A, 4) -> x1 y1 x2 y2 in 0..1."""
    centre = prior[:, :2] + offsets[..., :2] * CENTRE_VARIANCE * prior[:, 2:]
    size = prior[:, 2:] * torch.exp((offsets[..., 2:] * SIZE_VARIANCE).clamp(max=4))
    return torch.cat([centre - size / 2, centre + size / 2], -1)


def encode(boxes, prior):
    """x1 y1 x2 y2 (..., A, 4) -> offsets from the priors; `decode` turns them back."""
    centre, size = (boxes[..., :2] + boxes[..., 2:]) / 2, (boxes[..., 2:] - boxes[..., :2]).clamp(min=1e-4)
    return torch.cat(
        [
            (centre - prior[:, :2]) / prior[:, 2:] / CENTRE_VARIANCE,
            torch.log(size / prior[:, 2:]) / SIZE_VARIANCE,
        ],
        -1,
    )


def overlaps(prior, boxes):
    """prior (A, 4) centre and size, boxes (N, M, 4) corners -> IoU (N, A, M)."""
    px1, py1, px2, py2 = (edge[None, :, None] for edge in corners(prior).unbind(-1))
    x1, y1, x2, y2 = (edge[:, None] for edge in boxes.unbind(-1))
    width = torch.minimum(px2, x2).sub_(torch.maximum(px1, x1)).clamp_(min=0)
    height = torch.minimum(py2, y2).sub_(torch.maximum(py1, y1)).clamp_(min=0)
    shared = width.mul_(height)
    union = (px2 - px1) * (py2 - py1) + (x2 - x1) * (y2 - y1) - shared
    return shared / union.clamp_(min=1e-9)


def match(prior, boxes, labels, sure, relative=False):
    """
    boxes (N, M, 4), labels (N, M) with 0 where there is none, sure (N, M) in 0..1, 0: neither object nor background
    -> class (N, A): 0 background, -1 left out; how sure it is (N, A); offsets (N, A, 4).

    A prior takes the box that it overlaps most, from IoU .5; with `relative`, from three quarters of the best IoU
    that any prior has with that box, where this is less: the smallest priors are 21 of 300 pixels, and a smaller box
    has few or none at .5. Each box keeps at least its best prior.
    """
    n, m = labels.shape
    a = len(prior)
    iou = overlaps(prior, boxes).masked_fill(labels[:, None] == 0, -1)
    best, index = iou.max(2)
    enough = torch.full_like(best, MATCHED)
    if relative:
        enough = (iou.amax(1) * NEARLY).clamp(LEAST, MATCHED).gather(1, index)
    matched = best >= enough
    own = torch.where(labels > 0, iou.argmax(1), a)  # padding goes to a spare row
    matched = F.pad(matched, (0, 1)).scatter(1, own, True)[:, :a]
    index = F.pad(index, (0, 1)).scatter(1, own, torch.arange(m, device=labels.device).expand(n, m))[:, :a]
    cls = torch.where(matched, labels.gather(1, index), 0)
    sure = sure.gather(1, index)
    unclear = (~matched & (best >= enough - (MATCHED - UNCLEAR))) | (matched & (sure == 0))
    cls = torch.where(unclear, -1, cls)
    return cls, sure, encode(boxes.gather(1, index[..., None].expand(n, a, 4)), prior)


def giou(a, b):
    """a, b (..., 4) corners -> generalised IoU in -1..1 (arXiv 1902.09630, algorithm 1)."""
    (a1, a2), (b1, b2) = (box.split(2, -1) for box in (a, b))
    shared = (torch.minimum(a2, b2) - torch.maximum(a1, b1)).clamp(min=0).prod(-1)
    hull = (torch.maximum(a2, b2) - torch.minimum(a1, b1)).prod(-1).clamp(min=1e-9)
    union = ((a2 - a1).prod(-1) + (b2 - b1).prod(-1) - shared).clamp(min=1e-9)
    return shared / union - (hull - union) / hull


def box_losses(offsets, targets, prior=None):
    """(P, 4) offsets of the matched priors -> (P,): SSD's smooth L1; with their priors (P, 4), 1 - GIoU, weighted."""
    if prior is None:
        return F.smooth_l1_loss(offsets, targets, reduction="none").sum(-1)
    return GIOU_WEIGHT * (1 - giou(decode(offsets, prior), decode(targets, prior)))


def multibox(offsets, logits, cls, sure, targets, known, prior=None, negatives=3):
    """
    -> class loss, box loss, each a mean over the matched priors.

    known (N, classes + 1): where a class is not known, its probability counts as background. What is sure by s is
    background by 1 - s. Of the background only the hardest priors count, `negatives` for each matched one.
    prior (A, 4): given, boxes are judged by their IoU.
    """
    priors = logits.shape[1]
    positive = cls > 0
    sure = sure * positive
    total = torch.logsumexp(logits, -1)
    hidden = known.clone()
    hidden[:, 0] = False  # True: a class that must not fire on background
    background = total - torch.logsumexp(logits.masked_fill(hidden[:, None], -1e4), -1)
    objects = total - logits.gather(-1, cls.clamp(min=0)[..., None])[..., 0]
    hardness = torch.where(cls == 0, background.detach(), -1.0)
    wanted = (positive.sum(1) * negatives).clamp(min=12, max=priors - 1)
    limit = hardness.sort(1, descending=True)[0].gather(1, wanted[:, None])
    hard = (hardness > limit) & (cls == 0)
    count = sure.sum().clamp(min=1)
    class_loss = ((objects * sure).sum() + (background * (hard + positive * (1 - sure))).sum()) / count
    theirs = prior.expand(len(cls), -1, -1)[positive] if prior is not None else None
    box_loss = (box_losses(offsets[positive], targets[positive], theirs) * sure[positive]).sum() / count
    return class_loss, box_loss
