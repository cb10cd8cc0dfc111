// Programs and textures of the graphics card.
import {BLUR, CORNERS, COVER, MIX} from './shaders.js';

// The programs; null where the card does not take them.
export function makeTools(gl) {
  const tools = {};
  const sources = {blur: BLUR, cover: COVER, mix: MIX};
  for (const [name, source] of Object.entries(sources)) {
    const program = gl.createProgram();
    const texts = [[gl.VERTEX_SHADER, CORNERS], [gl.FRAGMENT_SHADER, source]];
    for (const [kind, text] of texts) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
    tools[name] = makeProgram(gl, program);
  }
  return tools;
}

// A function that draws one rectangle: uniforms by name, textures among them.
function makeProgram(gl, program) {
  const uniforms = [];
  for (let i = 0; i < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); i++) {
    const {name, type} = gl.getActiveUniform(program, i);
    uniforms.push({name, type, place: gl.getUniformLocation(program, name)});
  }
  return ([x1, y1, x2, y2], values) => {
    gl.useProgram(program);
    gl.viewport(0, 0, x2, y2);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(x1, y1, x2 - x1, y2 - y1);
    let unit = 0;
    for (const {name, type, place} of uniforms) {
      const value = values[name];
      if (type === gl.SAMPLER_2D) {
        gl.activeTexture(gl.TEXTURE0 + unit);
        gl.bindTexture(gl.TEXTURE_2D, value);
        gl.uniform1i(place, unit++);
      } else if (type === gl.FLOAT) gl.uniform1f(place, value);
      else if (type === gl.INT_VEC2) gl.uniform2i(place, ...value);
      else gl.uniform1i(place, Number(value));
    }
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  };
}

export function makeTexture(gl, kind, width, height, pixels = null) {
  const [format, type] = {
    R8: [gl.RED, gl.UNSIGNED_BYTE], RGBA8: [gl.RGBA, gl.UNSIGNED_BYTE],
    R16F: [gl.RED, gl.HALF_FLOAT],
  }[kind];
  const texture = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl[kind], width, height, 0, format, type, pixels);
  for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
  }
  return texture;
}
