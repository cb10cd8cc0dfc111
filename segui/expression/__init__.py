"""The expression language: rules that choose segments by scores and properties.

>>> rule = parse("#Female > #Male and @share > 1%")
>>> rule.evaluate({"woman": 0.7, "man": 0.3}, properties={"share": 0.023})
True
>>> rule.explain({"woman": 0.4, "man": 0.6}, properties={"share": 0.023})
'#Female 0.40 (woman) > #Male 0.60 (man) is false'
>>> parse("(red > 0.5 and blue")
Traceback (most recent call last):
...
segui.errors.ExpressionError: column 16: 'blue' is only a value: expected a comparison, such as \
red > 0.5
  (red > 0.5 and blue
                 ^
"""

from segui.expression.fading import Fade, Faded, read_fade
from segui.expression.language import Expression, parse, read_rules
from segui.expression.properties import PROPERTIES, PropertyRow
from segui.expression.scope import SegmentLike
from segui.expression.suggest import suggest
from segui.expression.thresholds import Threshold
from segui.expression.vocabulary import GROUPS, PRESETS

__all__ = [
    "GROUPS",
    "PRESETS",
    "PROPERTIES",
    "Expression",
    "Fade",
    "Faded",
    "PropertyRow",
    "SegmentLike",
    "Threshold",
    "parse",
    "read_fade",
    "read_rules",
    "suggest",
]
