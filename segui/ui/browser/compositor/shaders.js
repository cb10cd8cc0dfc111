// What the graphics card is told, in its own language.

const HEAD = '#version 300 es\nprecision highp float;\nprecision highp int;\n'
  + 'precision highp sampler2D;\n';

export const CORNERS = `${HEAD}
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3 : -1, gl_VertexID == 2 ? 3 : -1, 0, 1);
}`;

// Along one axis: the mask's first pixel is 0, `origin` is where the result's first one lies.
export const BLUR = `${HEAD}
uniform sampler2D source;
uniform bool isDown, isMirrored;
uniform ivec2 origin, area;
uniform int size, reach;
uniform float sigma, total;
out float value;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy) + origin;
  int centre = isDown ? at.y : at.x, last = area.y - 1, period = max(1, 2 * (last - area.x));
  float sum = 0.0;
  for (int k = -reach; k <= reach; k++) {
    int p = clamp(centre + k, area.x, last);
    if (isMirrored) {
      int turned = abs(centre + k - area.x) % period;
      p = area.x + min(turned, period - turned);
    }
    if (p < 0 || p >= size) continue;
    float x = float(k) / sigma;
    sum += exp(-0.5 * x * x) * texelFetch(source, isDown ? ivec2(at.x, p) : ivec2(p, at.y), 0).r;
  }
  value = sum / total;
}`;

// What one layer leaves of the picture below; blending multiplies it with what the others leave.
export const COVER = `${HEAD}
uniform sampler2D soft, mask;
uniform ivec2 softAt, maskAt, maskSize;
uniform bool isOutward;
uniform float alpha;
out float left;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy), inside = at - maskAt;
  float m = texelFetch(soft, at - softAt, 0).r;
  if (isOutward) {
    m = min(1.0, 2.0 * m);
    bool isIn = all(greaterThanEqual(inside, ivec2(0))) && all(lessThan(inside, maskSize));
    if (isIn) m = max(m, texelFetch(mask, inside, 0).r);
  }
  left = 1.0 - m * alpha;
}`;

// Pictures begin at the top, a canvas at the bottom: what is mixed for it is turned.
export const MIX = `${HEAD}
uniform sampler2D under, over, left;
uniform int height;
uniform bool isTurned;
out vec4 colour;
void main() {
  int y = int(gl_FragCoord.y);
  ivec2 at = ivec2(gl_FragCoord.x, isTurned ? height - 1 - y : y);
  vec3 top = texelFetch(over, at, 0).rgb, bottom = texelFetch(under, at, 0).rgb;
  colour = vec4(mix(top, bottom, texelFetch(left, at, 0).r), 1);
}`;
