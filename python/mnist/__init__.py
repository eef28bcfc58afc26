"""Handwritten digits, from Keras to TensorFlow.js and back: `python -m mnist`."""
