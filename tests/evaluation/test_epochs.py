"""The bars of a training tell what an epoch costs, so that nobody needs to wait for a hundred."""

import pytest

from evaluation.epochs import epochs_in

TWO_PARTS = (
    "Epochs:   0%|          | 0/3 [00:00<?, ?it/s]\rEpochs:  33%|███       | 1/3 [01:10<02:20, 70.0s/it, loss=4]\r"
    "Epochs:  67%|██████| 2/3 [02:00<01:00, 60.0s/it, loss=3]\rEpochs: 100%|██████████| 3/3 [02:50<00:00, 57s/it]\n"
    "some words between\n"
    "Epochs:   0%|          | 0/3 [00:00<?, ?it/s]\rEpochs:  33%|███       | 1/3 [00:02<00:04,  2.0s/it]\r"
    "Epochs: 100%|██████████| 3/3 [00:04<00:00,  1.3s/it]\n"
)


def test_the_first_epoch_of_each_part_is_left_out() -> None:
    assert epochs_in(TWO_PARTS) == pytest.approx([50.0, 1.0])


def test_hours_are_read_and_one_epoch_alone_tells_nothing() -> None:
    assert epochs_in("Epochs: 1/2 [59:00<59:00]\rEpochs: 2/2 [1:01:00<00:00]") == [120.0]
    assert epochs_in("Epochs: 100%|███| 1/1 [00:50<00:00, 50s/it]") == []
    assert epochs_in("no bar") == []
