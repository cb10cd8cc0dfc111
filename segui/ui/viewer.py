"""The picture's frame: its script, ``viewer.js``, fills it."""

from typing import Final

TEMPLATE: Final = """
<div class="viewer">
  <div class="viewer-bar" role="group" aria-label="What the picture shows">
    <div class="viewer-modes">
      <button type="button" data-mode="result" aria-pressed="true">Result</button>
      <button type="button" data-mode="compare" aria-pressed="false">Before | after</button>
      <button type="button" data-mode="areas" aria-pressed="false">Areas</button>
    </div>
    <button type="button" class="viewer-hold" aria-pressed="false"
            title="Shows the photo as it was while you press it">Hold: original</button>
  </div>
  <div class="viewer-stage">
    <img class="viewer-after" alt="The result" hidden>
    <img class="viewer-before" alt="" hidden>
    <input class="viewer-divider" type="range" min="0" max="100" value="50" hidden
           aria-label="Divider between before and after">
    <p class="viewer-empty">Drop a photo in step 1 and it shows here.</p>
  </div>
</div>
"""
