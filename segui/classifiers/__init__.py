"""Classifiers: each scores the crops of segments, label by label.

>>> from PIL import Image
>>> red = Crop(Image.new("RGB", (4, 4), "red"), Image.new("L", (4, 4), 255))
>>> ColourNames().score([red])[0]["red"]
1.0
"""

from segui.classifiers.base import Classifier, Crop, Scores
from segui.classifiers.colour import ColourNames

__all__ = ["Classifier", "ColourNames", "Crop", "Scores"]
