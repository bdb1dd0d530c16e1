// Where everything stands, where there is room: the networks from left to right, their memory a line along the top.
//
// A scene is {width, height, nodes, plots, signs, edges, blocks, heads, mixer}, in its own pixels. Nodes are boxes about
// (x, y) that show a place: kind "gate" has its name above the number, "state" its symbol, "cell" nothing but the
// number (its column has a head), "line" its symbol before the number. `phase` is the order of flow.

/** @import { Reading } from "./step_reading.js" */
/** @import { EdgeOf, NodeOf, Point, Scene, SignOf } from "./step_types.js" */

export const PHASES = ["affine", "squash", "forget", "write", "state", "output"];
export const [AFFINE, SQUASH, FORGET, WRITE, STATE, OUTPUT] = PHASES.keys();

/**
 * A box.
 *
 * @param {string} place
 * @param {NodeOf["kind"]} kind
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {number} phase
 * @returns {NodeOf}
 */
export const node = (place, kind, x, y, w, h, phase) => ({ place, kind, x, y, w, h, phase });
/**
 * A line through points, in the colour of a vector; `place` is whose gradient goes back along it.
 *
 * @param {string} place
 * @param {string} colour
 * @param {number} phase
 * @param {Point[]} points
 * @param {Pick<EdgeOf, "main" | "plain" | "dashed">} more
 * @returns {EdgeOf}
 */
export const edge = (place, colour, phase, points, more = {}) => ({ place, colour, phase, points, ...more });
/**
 * What is done with the lines that meet here.
 *
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} phase
 * @param {string} colour
 * @returns {SignOf}
 */
export const sign = (text, x, y, phase, colour) => ({ text, x, y, phase, colour });

/** @type {[base: string, text: string, x: number, w: number][]} */
const COLUMNS = [
  ["xW", "x W", 167, 78],
  ["hU", "h U", 263, 78],
  ["b", "b", 345, 58],
  ["a", "a", 431, 84],
];
const [LEFT, RIGHT] = [116, 486];

/**
 * One row of the affine map with its squash: x W + h U + b = a, then the curve (then, where gated, the gate).
 *
 * @param {Scene} scene
 * @param {string} gate
 * @param {number} y
 */
function lane(scene, gate, y, recurrent = "hU") {
  for (const [base, , x, w] of COLUMNS) {
    const place = `${base === "hU" ? recurrent : base}_${gate}`;
    scene.nodes.push(node(place, "cell", x, y, w, 34, AFFINE));
  }
  for (const x of [215, 309]) scene.heads.push({ text: "+", x, y: y + 5, quiet: true });
  scene.heads.push({ text: "=", x: 381, y: y + 5, quiet: true });
  scene.edges.push(edge(`a_${gate}`, gate, SQUASH, [[473, y], [508, y]]));
  scene.plots.push({ gate, x: 538, y, w: 60, h: 44, phase: SQUASH });
}

/**
 * @param {Scene} scene
 * @param {string} gate
 * @param {number} y
 * @param {string} [recurrent]
 */
function gated(scene, gate, y, recurrent) {
  lane(scene, gate, y, recurrent);
  scene.edges.push(edge(gate, gate, SQUASH, [[568, y], [592, y]]));
  scene.nodes.push(node(gate, "gate", 646, y, 108, 42, SQUASH));
}

/**
 * @param {Scene} scene
 * @param {number} top
 * @param {number} bottom
 * @param {Record<string, string>} [heads]
 * @param {string} [title]
 */
function block(scene, top, bottom, heads, title) {
  scene.blocks.push({ x: LEFT, y: top, w: RIGHT - LEFT, h: bottom - top });
  if (title) scene.heads.push({ key: title, x: (LEFT + RIGHT) / 2, y: top + 19, title: true });
  for (const [base, text, x] of COLUMNS) {
    if (heads !== undefined) scene.heads.push({ text: heads[base] ?? text, x, y: top + 39, column: true });
  }
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {Scene}
 */
const empty = (width, height) => ({ width, height, nodes: [], plots: [], signs: [], edges: [], blocks: [], heads: [] });

function lstm() {
  const scene = empty(1080, 404);
  const [c, f, i, g, o] = [40, 146, 218, 290, 362];
  block(scene, 78, 398, {}, "affine");
  scene.edges.push(edge("h_before", "h", AFFINE, [[100, 190], [LEFT, 190]]), edge("x", "x", AFFINE, [[100, 310], [LEFT, 310]]));
  for (const [gate, y] of Object.entries({ f, i, g, o })) gated(scene, gate, y);
  scene.edges.push(
    edge("c_before", "c", FORGET, [[100, c], [728, c]], { main: true }),
    edge("kept", "c", FORGET, [[752, c], [768, c]], { main: true, plain: true }),
    edge("kept", "c", STATE, [[850, c], [866, c]], { main: true }),
    edge("c", "c", STATE, [[890, c], [912, c]], { main: true, plain: true }),
    edge("c_next", "c", STATE, [[1004, c], [1072, c]], { main: true }),
    edge("f", "f", FORGET, [[700, f], [740, f], [740, c + 12]]),
    edge("i", "i", WRITE, [[700, i], [740, i], [740, 242]]),
    edge("g", "g", WRITE, [[700, g], [740, g], [740, 266]]),
    edge("written", "g", WRITE, [[752, 254], [770, 254]], { plain: true }),
    edge("written", "g", STATE, [[852, 254], [878, 254], [878, c + 12]]),
    edge("squashed", "c", OUTPUT, [[958, c + 21], [958, 128]]),
    edge("squashed", "c", OUTPUT, [[958, 172], [958, 205]], { plain: true }),
    edge("squashed", "c", OUTPUT, [[958, 245], [958, o - 12]]),
    edge("o", "o", OUTPUT, [[700, o], [946, o]]),
    edge("h", "h", OUTPUT, [[970, o], [986, o]], { plain: true }),
  );
  scene.plots.push({ place: "squashed", of: "c", x: 958, y: 150, w: 60, h: 44, phase: OUTPUT });
  scene.signs.push(
    sign("×", 740, c, FORGET, "c"),
    sign("+", 878, c, STATE, "c"),
    sign("×", 740, 254, WRITE, "g"),
    sign("×", 958, o, OUTPUT, "h"),
  );
  scene.nodes.push(
    node("c_before", "state", 54, c, 92, 42, FORGET),
    node("h_before", "state", 54, 190, 92, 42, AFFINE),
    node("x", "state", 54, 310, 92, 42, AFFINE),
    node("kept", "state", 809, c, 82, 42, FORGET),
    node("c", "state", 958, c, 92, 42, STATE),
    node("written", "state", 811, 254, 82, 42, WRITE),
    node("squashed", "state", 958, 225, 82, 40, OUTPUT),
    node("h", "state", 1032, o, 92, 42, OUTPUT),
  );
  return scene;
}

function gru() {
  const scene = empty(1080, 404);
  const [h, z, r, n, past] = [40, 142, 214, 366, 290];
  block(scene, 74, 252, {}, "affine");
  block(scene, 326, 398, undefined);
  scene.edges.push(
    edge("h_before", "h", FORGET, [[100, h], [752, h]], { main: true }),
    edge("h_before", "h", AFFINE, [[54, h + 21], [54, 170], [LEFT, 170]]),
    edge("h_before", "h", AFFINE, [[54, 170], [54, 266], [420, 266], [420, past - 12]]),
    edge("x", "x", AFFINE, [[100, n], [LEFT, n]]),
    edge("x", "x", AFFINE, [[100, n], [108, n], [108, 214], [LEFT, 214]], { plain: true }),
  );
  gated(scene, "z", z);
  gated(scene, "r", r);
  gated(scene, "n", n, "pU");
  scene.heads.push({ text: "x W", x: 167, y: 343, column: true }, { text: "(r⊙h) U", x: 277, y: 343, column: true });
  scene.edges.push(
    edge("r", "r", AFFINE, [[700, r], [720, r], [720, past], [432, past]]),
    edge("past", "h", AFFINE, [[408, past], [392, past]], { plain: true }),
    edge("past", "h", AFFINE, [[302, past], [238, past], [238, n - 18]]),
    edge("z", "z", FORGET, [[700, z], [736, z]]),
    edge("z", "z", FORGET, [[764, z - 15], [764, h + 12]]),
    edge("kept", "h", FORGET, [[776, h], [792, h]], { main: true, plain: true }),
    edge("kept", "h", STATE, [[874, h], [936, h]], { main: true }),
    edge("z", "z", WRITE, [[846, z + 15], [846, 242]]),
    edge("n", "n", WRITE, [[700, n], [846, n], [846, 266]]),
    edge("written", "n", WRITE, [[858, 254], [872, 254]], { plain: true }),
    edge("written", "n", STATE, [[948, 234], [948, h + 12]]),
    edge("h", "h", STATE, [[960, h], [980, h]], { main: true, plain: true }),
  );
  scene.signs.push(
    sign("×", 764, h, FORGET, "h"),
    sign("+", 948, h, STATE, "h"),
    sign("×", 846, 254, WRITE, "n"),
    sign("×", 420, past, AFFINE, "h"),
  );
  scene.mixer = { x: 736, y: z - 15, w: 190, h: 30, phase: FORGET };
  scene.nodes.push(
    node("h_before", "state", 54, h, 92, 42, AFFINE),
    node("x", "state", 54, n, 92, 42, AFFINE),
    node("past", "state", 347, past, 90, 42, AFFINE),
    node("kept", "state", 833, h, 82, 42, FORGET),
    node("written", "state", 913, 254, 82, 40, WRITE),
    node("h", "state", 1026, h, 92, 42, STATE),
  );
  return scene;
}

function rnn() {
  const scene = empty(860, 250);
  const y = 160;
  block(scene, 92, 200, {}, "affine");
  scene.edges.push(
    edge("h_before", "h", AFFINE, [[100, 130], [LEFT, 130]]),
    edge("x", "x", AFFINE, [[100, 190], [LEFT, 190]]),
    edge("h", "h", SQUASH, [[568, y], [746, y]]),
    edge("h_next", "h", OUTPUT, [[800, y - 21], [800, 30], [54, 30], [54, 109]], { dashed: true }),
  );
  lane(scene, "h", y);
  scene.heads.push({ key: "next", x: 427, y: 22, title: true });
  scene.nodes.push(
    node("h_before", "state", 54, 130, 92, 42, AFFINE),
    node("x", "state", 54, 190, 92, 42, AFFINE),
    node("h", "gate", 800, y, 108, 42, OUTPUT),
  );
  return scene;
}

/** @type {Record<string, (reading: Reading) => Scene>} */
export const SCENES = { lstm, gru, rnn };
