// The same scenes for a phone: from top to bottom, a column for each gate.
import { AFFINE, FORGET, OUTPUT, SQUASH, STATE, WRITE, edge, node, sign } from "./step_layout.js";

/** @import { Reading } from "./step_reading.js" */
/** @import { Scene } from "./step_types.js" */

const WIDTH = 364;
const ROW = 31; // of the affine map: a box and, below it, room for the bars of all units

/**
 * A gate's column about x: x W, h U, b and a, the curve, the gate. Returns where it ends.
 *
 * @param {Scene} scene
 * @param {string} gate
 * @param {number} x
 * @param {number} width
 * @param {number} top
 */
function column(scene, gate, x, width, top, recurrent = "hU") {
  const w = width - 8;
  ["xW", recurrent, "b", "a"].forEach((base, row) =>
    scene.nodes.push(node(`${base}_${gate}`, "line", x, top + row * ROW, w, 23, AFFINE)),
  );
  const end = top + 3 * ROW + 12;
  scene.edges.push(edge(`a_${gate}`, gate, SQUASH, [[x, end], [x, end + 12]]));
  scene.plots.push({ gate, x, y: end + 27, w: 54, h: 30, phase: SQUASH });
  scene.edges.push(edge(gate, gate, SQUASH, [[x, end + 42], [x, end + 52]]));
  scene.nodes.push(node(gate, "gate", x, end + 70, w, 36, SQUASH));
  return end + 88;
}

/**
 * @param {number} height
 * @returns {Scene}
 */
const empty = (height) => ({ width: WIDTH, height, compact: true, nodes: [], plots: [], signs: [], edges: [], blocks: [], heads: [] });

/** @param {Scene} scene */
function inputs(scene, x = 91, h = 273) {
  scene.nodes.push(node("x", "line", x, 14, 172, 26, AFFINE), node("h_before", "line", h, 14, 172, 26, AFFINE));
}

/** @param {Scene} scene */
function entering(scene, x = 91, h = 273) {
  scene.edges.push(edge("x", "x", AFFINE, [[x, 27], [x, 38]]), edge("h_before", "h", AFFINE, [[h, 27], [h, 38]]));
}

function lstm() {
  const scene = empty(506);
  const [f, i, g, o] = [47, 137, 227, 317];
  inputs(scene);
  entering(scene);
  scene.blocks.push({ x: 1, y: 38, w: WIDTH - 2, h: 146 });
  scene.heads.push({ key: "affine", x: WIDTH / 2, y: 53, title: true });
  let end = 0;
  for (const [gate, x] of Object.entries({ f, i, g, o })) end = column(scene, gate, x, 90, 73);
  const c = end + 96;
  const w = end + 26;
  const h = c + 106;
  scene.edges.push(
    edge("c_before", "c", FORGET, [[76, c], [87, c]], { main: true, plain: true }),
    edge("kept", "c", FORGET, [[109, c], [116, c]], { main: true, plain: true }),
    edge("kept", "c", STATE, [[188, c], [195, c]], { main: true, plain: true }),
    edge("c", "c", STATE, [[217, c], [228, c]], { main: true, plain: true }),
    edge("c_next", "c", STATE, [[304, c], [362, c]], { main: true }),
    edge("f", "f", FORGET, [[f, end], [f, c - 46], [98, c - 46], [98, c - 11]]),
    edge("i", "i", WRITE, [[i, end], [i, w], [171, w]]),
    edge("g", "g", WRITE, [[g, end], [g, w], [193, w]]),
    edge("written", "g", WRITE, [[182, w + 11], [182, w + 19]], { plain: true }),
    edge("written", "g", STATE, [[206, w + 45], [206, c - 11]]),
    edge("squashed", "c", OUTPUT, [[266, c + 18], [266, c + 27]], { plain: true }),
    edge("squashed", "c", OUTPUT, [[266, c + 57], [266, c + 64]], { plain: true }),
    edge("squashed", "c", OUTPUT, [[266, c + 88], [266, h - 11]], { plain: true }),
    edge("o", "o", OUTPUT, [[o, end], [o, h], [277, h]]),
    edge("h", "h", OUTPUT, [[255, h], [230, h]]),
  );
  scene.plots.push({ place: "squashed", of: "c", x: 266, y: c + 42, w: 54, h: 30, phase: OUTPUT });
  scene.signs.push(
    sign("×", 98, c, FORGET, "c"),
    sign("+", 206, c, STATE, "c"),
    sign("×", 182, w, WRITE, "g"),
    sign("×", 266, h, OUTPUT, "h"),
  );
  scene.nodes.push(
    node("c_before", "state", 39, c, 74, 36, FORGET),
    node("kept", "state", 152, c, 72, 36, FORGET),
    node("c", "state", 266, c, 76, 36, STATE),
    node("written", "line", 188, w + 32, 108, 24, WRITE),
    node("squashed", "line", 266, c + 76, 92, 24, OUTPUT),
    node("h", "state", 186, h, 88, 36, OUTPUT),
  );
  scene.height = h + 26;
  return scene;
}

function gru() {
  const scene = empty(480);
  const [z, r, n] = [74, 186, 298];
  inputs(scene, 273, 91);
  entering(scene, 210, 91);
  scene.blocks.push({ x: 17, y: 38, w: 225, h: 188 });
  scene.blocks.push({ x: 246, y: 68, w: 116, h: 158 });
  scene.heads.push({ key: "affine", x: 129, y: 60, title: true });
  column(scene, "z", z, 112, 115);
  column(scene, "r", r, 112, 115);
  const end = column(scene, "n", n, 112, 115, "pU");
  const h = end + 92;
  scene.edges.push(
    edge("h_before", "h", FORGET, [[8, 27], [8, h], [51, h]], { main: true }),
    edge("h_before", "h", AFFINE, [[165, 27], [165, 33], [298, 33], [298, 39]]),
    edge("r", "r", AFFINE, [[238, end - 18], [244, end - 18], [244, 50], [287, 50]]),
    edge("past", "h", AFFINE, [[298, 61], [298, 70]], { plain: true }),
    edge("x", "x", AFFINE, [[340, 27], [340, 68]]),
    edge("z", "z", FORGET, [[z, end], [z, end + 24]]),
    edge("z", "z", FORGET, [[62, end + 50], [62, h - 11]]),
    edge("kept", "h", FORGET, [[73, h], [82, h]], { main: true, plain: true }),
    edge("kept", "h", STATE, [[160, h], [173, h]], { main: true, plain: true }),
    edge("z", "z", WRITE, [[300, end + 50], [300, h - 11]]),
    edge("n", "n", WRITE, [[350, end - 18], [357, end - 18], [357, h], [311, h]]),
    edge("written", "n", WRITE, [[289, h], [282, h]], { plain: true }),
    edge("written", "n", STATE, [[204, h], [195, h]], { plain: true }),
    edge("h", "h", STATE, [[184, h + 11], [184, h + 28]], { main: true }),
  );
  scene.signs.push(
    sign("×", 62, h, FORGET, "h"),
    sign("+", 184, h, STATE, "h"),
    sign("×", 300, h, WRITE, "n"),
    sign("×", 298, 50, AFFINE, "h"),
  );
  scene.mixer = { x: 40, y: end + 24, w: 284, h: 26, phase: FORGET };
  scene.nodes.push(
    node("past", "line", 298, 82, 104, 23, AFFINE),
    node("kept", "state", 121, h, 78, 36, FORGET),
    node("written", "state", 243, h, 78, 36, WRITE),
    node("h", "state", 184, h + 48, 92, 36, STATE),
  );
  scene.height = h + 78;
  return scene;
}

function rnn() {
  const scene = empty(330);
  inputs(scene);
  entering(scene);
  scene.blocks.push({ x: 71, y: 38, w: 222, h: 146 });
  scene.heads.push({ key: "affine", x: 182, y: 53, title: true });
  const end = column(scene, "h", 182, 200, 73);
  scene.edges.push(edge("h_next", "h", OUTPUT, [[278, end - 18], [340, end - 18], [340, 29]], { dashed: true }));
  for (const one of scene.nodes) if (one.place === "h") one.phase = OUTPUT;
  scene.height = end + 14;
  return scene;
}

/** @type {Record<string, (reading: Reading) => Scene>} */
export const SCENES = { lstm, gru, rnn };
