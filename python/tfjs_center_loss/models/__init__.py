"""From a classifier to a model that trains it with center loss, and back.

| module               | what it knows                                                                     |
| -------------------- | --------------------------------------------------------------------------------- |
| attach               | a model that trains a classifier with center loss                                 |
| detach               | the classifier of such a model                                                    |
| feature_model        | a model that gives the features of such a model                                   |
| center_loss_layer_of | the layer of such a model                                                         |
| feature_place        | where in a model, and in models within it, the features are                       |
| graph                | a graph in which something stands in another's place; checks of models            |
"""

from .attach import attach_center_loss
from .center_loss_layer_of import center_loss_layer_of
from .detach import detach_center_loss
from .feature_model import feature_model

__all__ = ['attach_center_loss', 'center_loss_layer_of', 'detach_center_loss', 'feature_model']
