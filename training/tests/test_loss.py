import pytest
import torch

from loss import decode, encode, giou, match, multibox

GRID = torch.tensor([[x / 8 + 1 / 16, y / 8 + 1 / 16, 0.2, 0.2] for y in range(8) for x in range(8)])


def boxes_of(*corners):
    return torch.tensor([corners])


def test_offsets_turn_back_into_their_box():
    box = torch.tensor([[0.2, 0.3, 0.5, 0.9]]).expand(len(GRID), 4)
    assert torch.allclose(decode(encode(box, GRID), GRID), box, atol=1e-5)


def test_each_box_keeps_at_least_one_prior_and_padding_none():
    cls, *_ = match(GRID, boxes_of([0.4, 0.4, 0.42, 0.42], [0, 0, 0, 0]), torch.tensor([[7, 0]]), torch.ones(1, 2))
    assert (cls > 0).sum() == 1
    assert cls.max() == 7


def test_a_box_too_small_for_every_prior_takes_more_of_them_when_matching_is_relative():
    box = boxes_of([0.4625, 0.35, 0.5375, 0.53]), torch.tensor([[3]]), torch.ones(1, 1)
    plain, relative = match(GRID, *box)[0], match(GRID, *box, relative=True)[0]
    assert (plain == 3).sum() == 1
    assert (relative == 3).sum() > 1


def test_a_box_that_fits_well_takes_the_same_priors_either_way():
    box = boxes_of([0.0625 * 3 - 0.1, 0.0625 * 3 - 0.1, 0.0625 * 3 + 0.1, 0.0625 * 3 + 0.1])
    rest = torch.tensor([[3]]), torch.ones(1, 1)
    assert torch.equal(match(GRID, box, *rest)[0], match(GRID, box, *rest, relative=True)[0])


def test_an_ignored_box_is_neither_object_nor_background():
    cls, *_ = match(GRID, boxes_of([0.1, 0.1, 0.3, 0.3]), torch.tensor([[3]]), torch.zeros(1, 1))
    assert (cls > 0).sum() == 0
    assert (cls == -1).sum() >= 1


def test_a_label_that_is_not_known_costs_nothing_on_background():
    logits = torch.zeros(1, len(GRID), 3)
    logits[..., 2] = torch.linspace(5, 6, len(GRID))  # it sees label 2 everywhere
    nothing = torch.zeros(1, len(GRID), dtype=torch.long), torch.zeros(1, len(GRID)), torch.zeros(1, len(GRID), 4)
    known, unknown = torch.tensor([[True, True, True]]), torch.tensor([[True, True, False]])
    offsets = nothing[2]
    assert multibox(offsets, logits, *nothing, unknown)[0] < multibox(offsets, logits, *nothing, known)[0] / 10


def learnt_probability(sure):
    """What one prior, matched to label 2 with that sureness, would best say of it."""
    logits = torch.zeros(1, 1, 3, requires_grad=True)
    cls, offsets = torch.tensor([[2]]), torch.zeros(1, 1, 4)
    known = torch.ones(1, 3, dtype=torch.bool)
    sgd = torch.optim.SGD([logits], lr=0.5)
    for _ in range(500):
        loss, _ = multibox(offsets, logits, cls, torch.tensor([[sure]]), offsets, known)
        sgd.zero_grad(), loss.backward(), sgd.step()
    return logits.softmax(-1)[0, 0, 2].item()


def test_a_box_is_learnt_as_surely_as_its_teacher_is():
    assert abs(learnt_probability(0.3) - 0.3) < 0.02
    assert learnt_probability(1.0) > 0.97


def test_giou_tells_far_from_near_where_nothing_is_shared():
    box, near, far = torch.tensor([[0.1, 0.1, 0.3, 0.3], [0.35, 0.1, 0.55, 0.3], [0.7, 0.1, 0.9, 0.3]])
    assert giou(box, box).item() == pytest.approx(1)
    assert giou(box, torch.tensor([0.2, 0.1, 0.4, 0.3])).item() == pytest.approx(1 / 3)
    assert 0 > giou(box, near) > giou(box, far) > -1
