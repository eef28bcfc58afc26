"""What a user writes, for pyright in its strict mode; nothing runs it."""

from pathlib import Path
from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

from tfjs_center_loss import (
    CenterLossLayer,
    RecognizerData,
    attach_center_loss,
    center_loss_layer_of,
    check_labels,
    detach_center_loss,
    feature_model,
    load_tfjs,
    save_tfjs,
    with_labels,
)


def program(classifier: Any, dataset: Any, class_ids: NDArray[np.int32]) -> None:
    layer = CenterLossLayer(10, alpha=0.5, loss_weight=None, reduction='mean', ignore_class=-1, name='center_loss')
    assert_type(layer.alpha, float)
    layer.loss_weight = 0.1
    model = attach_center_loss(classifier, 'embedding', num_classes=10, one_hot_labels=True, alpha=0.3)
    model.compile('adam', metrics=[layer.metric(name='centers')])
    check_labels(class_ids, num_classes=10, ignore_class=-1)
    model.fit(with_labels(dataset))
    assert_type(center_loss_layer_of(model), CenterLossLayer)
    features = feature_model(detach_center_loss(model))
    save_tfjs(features, Path('folder'), include_optimizer=False)
    load_tfjs('folder')
    data = RecognizerData(labels=['cat'], centers=class_ids[None], threshold=-1.0)
    assert_type(data.to_json(), str)
    assert_type(RecognizerData.from_json('{}').center_array, NDArray[np.float32])
