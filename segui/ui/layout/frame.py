"""The picture's frame: its scripts fill it and tell what the user does there."""

from typing import Final

from segui.ui.browser.scripts import started

TEMPLATE: Final = """
<div class="viewer">
  <div class="viewer-bar">
    <div class="viewer-modes" role="group" aria-label="What the picture shows">
      <button type="button" data-mode="result" aria-pressed="true">Result</button>
      <button type="button" data-mode="compare" aria-pressed="false">Compare</button>
      <button type="button" data-mode="areas" aria-pressed="false">Areas</button>
    </div>
    <div class="viewer-zoom" role="group" aria-label="Zoom">
      <button type="button" data-zoom="fit" aria-pressed="true">Fit</button>
      <button type="button" data-zoom="1" aria-pressed="false"
              title="One pixel of the photo is one pixel here">100 %</button>
      <button type="button" data-zoom="3" aria-pressed="false"
              title="One pixel of the photo is three pixels wide here">300 %</button>
    </div>
    <button type="button" class="viewer-hold" aria-pressed="false"
            title="Shows the photo as it was while you press it">Hold: original</button>
  </div>
  <div class="found-bar" role="toolbar" aria-label="What to find" hidden>
    <span class="found-hint"></span>
    <span class="found-answers" role="group" aria-label="Outlines to choose from" hidden>
      <button type="button" class="small-button" data-answer="smallest"></button>
      <button type="button" class="small-button" data-answer="middle"></button>
      <button type="button" class="small-button" data-answer="largest"></button>
    </span>
    <button type="button" class="small-button" data-found="away" aria-pressed="false"
            title="What is clicked now is not part of it">Take away</button>
    <button type="button" class="small-button" data-found="clear">Clear</button>
  </div>
  <div class="painter-bar" role="toolbar" aria-label="Painting" hidden></div>
  <div class="viewer-stage">
    <div class="viewer-fit" aria-hidden="true"></div>
    <div class="viewer-scroll">
      <div class="viewer-sheet" hidden>
        <div class="viewer-layer viewer-new">
          <img class="viewer-after" alt="The result" hidden>
          <canvas class="viewer-live" role="img" aria-label="The result, as drawn here"
                  hidden></canvas>
          <img class="viewer-look" alt="" hidden>
        </div>
        <div class="viewer-layer viewer-old">
          <img class="viewer-before" alt="" hidden>
          <img class="viewer-look-before" alt="" hidden>
        </div>
        <svg class="viewer-areas" aria-hidden="true" focusable="false"
             preserveAspectRatio="none"></svg>
        <div class="viewer-marks" aria-hidden="true"></div>
        <div class="viewer-found" aria-hidden="true"></div>
        <input class="viewer-divider" type="range" min="0" max="100" value="50" hidden
               aria-label="Divider between before and after">
        <div class="painter-host"></div>
      </div>
    </div>
    <p class="viewer-empty">One moment…</p>
    <p class="viewer-busy" role="status" hidden></p>
    <p class="viewer-stale" hidden></p>
  </div>
</div>
"""


def viewer_script() -> str:
    """What runs in the frame: painting, pasting and showing, as one script."""
    return started("frame/frame.js")
