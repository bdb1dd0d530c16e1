// Where everything stands of a cell that has no layout of its own: laid out from its table of places.
//
// A lane for each affine map, with its squash and gate; then a row for each place that is left, in the order of flow. What
// goes from one to the other runs along a track of its own, so that lines cross but never lie on one another. What a lane
// takes from a row comes back along a track above it. On a phone lanes are columns and the rows stand below them.
import { edge, node, sign } from "./step_layout.js";

/** @import { Reading } from "./step_reading.js" */
/** @import { Place, Point, Scene } from "./step_types.js" */

/**
 * An affine map with what it goes into: its sum, the cells that are added up, the gate, and what does not come from the
 * left, as [source, the cell that it goes into].
 *
 * @typedef {{sum: string, cells: string[], gate: string | undefined, back: [source: string, into: string][]}} Lane
 */
/** @typedef {Map<string, Point[]>} Ways where the line of a source begins, up to the height of its track */
/** @typedef {(name: string, height: number) => Point[]} From the way from a source to a height on its track */

const SQUASHES = ["sigmoid", "tanh"];
const isGiven = (/** @type {string} */ name) => name === "x" || name.endsWith("_before");
const isParameter = (/** @type {string} */ name) => name.includes(".");

/**
 * What is drawn: lanes, rows, and the sources whose numbers travel along tracks.
 *
 * @param {Reading} reading
 */
export function plan(reading) {
  const { places, gates, affine, parameters } = reading.message.graph;
  const inLane = (/** @type {Place} */ [, operation, inputs]) => operation === "weighted" || (operation === "product" && inputs.some(isParameter));
  const constants = new Map(Object.entries(parameters).map(([place, of]) => [of.join("."), place]));
  const lanes = places
    .filter(([name, operation]) => operation === "sum" && affine.includes(name))
    .map(([sum, , inputs]) => {
      /** @type {string[]} */
      const cells = [];
      /** @type {Lane["back"]} */
      const back = [];
      for (const name of inputs) {
        const place = reading.place(name);
        if (isParameter(name)) cells.push(constants.get(name) ?? name);
        else if (place && inLane(place)) {
          cells.push(name);
          for (const met of place[2]) if (!isGiven(met) && !isParameter(met)) back.push([met, name]);
        } else back.push([name, sum]);
      }
      const [user] = reading.users(sum);
      return { sum, cells, back, gate: user && SQUASHES.includes(user[1]) ? user[0] : undefined };
    });
  const rank = (/** @type {Lane} */ { sum, gate }) => gates.indexOf(gate ?? sum.slice(sum.lastIndexOf("_") + 1)) + (gate ? 0.5 : 0);
  lanes.sort((one, other) => rank(one) - rank(other));
  const inLanes = new Set(lanes.flatMap(({ sum, cells, gate }) => [sum, gate, ...cells]));
  const rows = places.filter(([name]) => !inLanes.has(name));
  const sources = [...new Set([...rows.flatMap(([, , inputs]) => inputs), ...lanes.flatMap(({ back }) => back.map(([source]) => source))])];
  const met = new Set(lanes.flatMap(({ cells }) => cells.flatMap((name) => reading.place(name)?.[2] ?? []).filter(isGiven)));
  const given = Object.keys(reading.message.values).filter(isGiven);
  return { lanes, rows, sources, met, given };
}

/**
 * The sign of a row, or the curve of its squash, the lines into it, and its box at (box, y).
 *
 * @param {Scene} scene
 * @param {Reading} reading
 * @param {Place} place
 * @param {From} from
 * @param {{x: number, box: number, y: number, w: number, h: number, port: number}} at
 */
function row(scene, reading, [name, operation, inputs], from, { x, box, y, w, h, port }) {
  const phase = reading.message.graph.phases[name];
  const colour = reading.vectorOf(name);
  const squash = SQUASHES.includes(operation);
  const half = squash ? 27 : scene.compact ? 11 : 12;
  /** @type {Point[][]} */
  const ends = [[[x - half, y]], [[x, y - port], [x, y - half]], [[x, y + port], [x, y + half]]];
  inputs.forEach((input, k) => {
    const [first, ...others] = ends[k];
    scene.edges.push(edge(input, reading.vectorOf(input), phase, bends([...from(input, first[1]), first, ...others])));
  });
  if (squash) scene.plots.push({ place: name, of: inputs[0], x, y, w: 54, h: scene.compact ? 30 : 36, phase });
  else scene.signs.push(sign(operation === "sum" ? "+" : "×", x, y, phase, colour));
  if (operation === "complement") scene.heads.push({ text: "1 −", x: x - half - 15, y: y - 5, quiet: true });
  scene.edges.push(edge(name, colour, phase, [[x + half, y], [box - w / 2, y]], { plain: true }));
  scene.nodes.push(node(name, "state", box, y, w, h, phase));
}

/**
 * A way without the points at which nothing changes.
 *
 * @param {Point[]} points
 */
function bends(points) {
  const found = [points[0]];
  points.slice(1).forEach(([x, y], k) => {
    const [[px, py], [nx, ny]] = [found[found.length - 1], points[k + 2] ?? [NaN, NaN]];
    if (!((px === x && x === nx) || (py === y && y === ny) || (px === x && py === y))) found.push([x, y]);
  });
  return found;
}

/** @returns {Scene} */
const empty = () => ({ width: 0, height: 0, nodes: [], plots: [], signs: [], edges: [], blocks: [], heads: [] });

const LEFT = 116;
const [PLOT, GATE, TRACKS] = [538, 646, 714];
const LANE = 74; // from one lane to the next, without what comes back above it
const ROW = 82;

/**
 * From left to right.
 *
 * @param {Reading} reading
 */
export function wide(reading) {
  const { lanes, rows, sources, met, given } = plan(reading);
  const { phases, memory } = reading.message.graph;
  const scene = empty();
  const top = given.filter((name) => sources.includes(name)); // they pass above the lanes
  const side = given.filter((name) => !sources.includes(name)).reverse();
  const blockTop = top.length ? 26 + 56 * top.length : 8;
  let y = blockTop + 18;
  const placed = lanes.map((lane, k) => ({ ...lane, y: (y += 12 * lane.back.length + (k ? LANE : 42)) }));
  const bottom = Math.max(y + 40, blockTop + 30 + 62 * side.length);
  scene.blocks.push({ x: LEFT, y: blockTop, w: 370, h: bottom - blockTop });
  scene.heads.push({ key: "affine", x: LEFT + 185, y: blockTop + 17, title: true });
  /** @type {Ways} */
  const out = new Map();
  top.forEach((name, k) => {
    const at = 40 + 56 * k;
    scene.nodes.push(node(name, "state", 54, at, 92, 42, 0));
    out.set(name, [[100, at]]);
    if (met.has(name)) {
      const x = 54 - 24 * k;
      scene.edges.push(edge(name, reading.vectorOf(name), 0, [[x, at + 21], [x, blockTop + 12 + 8 * k], [LEFT, blockTop + 12 + 8 * k]]));
    }
  });
  side.forEach((name, k) => {
    const at = blockTop + 50 + ((k + 0.5) * (bottom - blockTop - 50)) / side.length;
    scene.nodes.push(node(name, "state", 54, at, 92, 42, 0));
    scene.edges.push(edge(name, reading.vectorOf(name), 0, [[100, at], [LEFT, at]]));
  });
  const places = placed.map((lane) => cells(scene, reading, lane, lane.y, out));
  const from = along(out, (name) => TRACKS + 10 * sources.indexOf(name));
  const x = TRACKS + 10 * sources.length + 32;
  const box = x + 27 + 16 + 46;
  const first = 46;
  /** @type {number[]} */
  const heights = [];
  rows.forEach(([name, , [input]], k) => {
    const at = level(out.get(input), k ? heights[k - 1] + ROW : first);
    const loop = box + 46 + 14;
    heights.push(at);
    out.set(name, [[box + 46, at], [loop, at], [loop, at + 40]]);
  });
  rows.forEach((place, k) => {
    const at = heights[k];
    row(scene, reading, place, from, { x, box, y: at, w: 92, h: 42, port: 28 });
    if (place[0] === memory) scene.edges.push(edge(`${memory}_next`, memory, phases[memory], [[box + 46, at], [box + 90, at]], { main: true }));
  });
  placed.forEach(({ back, sum, y: at }, lane) => {
    back.forEach(([source, into], k) => {
      const height = at - 32 - 12 * k;
      const end = places[lane].get(into) ?? 0;
      scene.edges.push(edge(source, reading.vectorOf(source), phases[sum], bends([...from(source, height), [end, height], [end, at - 21]])));
    });
  });
  scene.width = rows.length ? box + 94 : 720;
  scene.height = Math.max(bottom, rows.length ? heights[rows.length - 1] + 34 : 0) + 8;
  return scene;
}

/**
 * A row's height: that of the line which comes into it from the left, where that is a little lower.
 *
 * @param {Point[] | undefined} way
 * @param {number} at
 */
function level(way, at) {
  const comes = way ? way[way.length - 1][1] : at;
  return comes >= at && comes < at + 12 ? comes : at;
}

/**
 * One affine map at a height: its parts, their sum, and where it is squashed the curve and the gate. Returns where each
 * of its cells stands.
 *
 * @param {Scene} scene
 * @param {Reading} reading
 * @param {Lane} lane
 * @param {number} y
 * @param {Ways} out
 */
function cells(scene, reading, lane, y, out) {
  const { phases } = reading.message.graph;
  const { sum, gate } = lane;
  const all = [...lane.cells, sum];
  const gap = all.length > 4 ? 14 : 20;
  const w = Math.min(84, (346 - gap * (all.length - 1)) / all.length);
  /** @type {Map<string, number>} */
  const places = new Map();
  all.forEach((name, k) => {
    const x = 474 - w / 2 - (all.length - 1 - k) * (w + gap);
    places.set(name, x);
    scene.nodes.push(node(name, "state", x, y, w, 42, 0));
    if (k) scene.heads.push({ text: name === sum ? "=" : "+", x: x - w / 2 - gap / 2, y: y + 5, quiet: true });
  });
  const colour = reading.vectorOf(gate ?? sum);
  if (!gate) {
    out.set(sum, [[474, y]]);
    return places;
  }
  const phase = phases[gate];
  scene.edges.push(edge(sum, colour, phase, [[474, y], [508, y]]), edge(gate, colour, phase, [[568, y], [592, y]]));
  scene.plots.push({ place: gate, of: sum, x: PLOT, y, w: 60, h: 44, phase });
  scene.nodes.push(node(gate, "gate", GATE, y, 108, 42, phase));
  out.set(gate, [[700, y]]);
  return places;
}

/**
 * Ways from the sources along tracks, each at its place.
 *
 * @param {Ways} out
 * @param {(name: string) => number} track
 * @returns {From}
 */
function along(out, track) {
  return (name, height) => {
    const way = out.get(name) ?? [];
    return [...way, [track(name), way[way.length - 1][1]], [track(name), height]];
  };
}

const WIDTH = 364;
const LINE = 31; // of an affine map: a box and, below it, room for the bars of all units
const LOW = 68; // from one row to the next

/**
 * From top to bottom, for a phone.
 *
 * @param {Reading} reading
 */
export function compact(reading) {
  const { lanes, rows, sources, met, given } = plan(reading);
  const { phases, memory } = reading.message.graph;
  /** @type {Scene} */
  const scene = { ...empty(), compact: true };
  const passing = given.filter((name) => sources.includes(name));
  /** @type {Ways} */
  const out = new Map();
  const ordered = [...passing, ...given.filter((name) => !passing.includes(name)).reverse()];
  const share = WIDTH / ordered.length;
  ordered.forEach((name, k) => {
    const x = share * (k + 0.5);
    scene.nodes.push(node(name, "line", x, 14, share - 8, 26, 0));
    if (met.has(name)) scene.edges.push(edge(name, reading.vectorOf(name), 0, [[x, 27], [x, 42]]));
    if (passing.includes(name)) out.set(name, [[x - share / 2 + 12, 27], [x - share / 2 + 12, 33 + 3 * k]]);
  });
  const margin = 6 + 6 * passing.length;
  const gaps = lanes.map(({ back }) => 7 + 8 * back.length);
  const w = (WIDTH - margin - 4 - gaps.reduce((sum, gap) => sum + gap, 0)) / lanes.length;
  const longest = 1 + Math.max(...lanes.map(({ cells }) => cells.length)); // sums stand side by side
  let left = margin;
  let bottom = 0;
  const placed = lanes.map((lane, k) => {
    left += gaps[k];
    const [start, x] = [left, left + w / 2];
    let end = 0;
    /** @type {Map<string, number>} */
    const places = new Map();
    [...lane.cells, lane.sum].forEach((name, at) => {
      const y = 80 + (longest - 1 - lane.cells.length + at) * LINE;
      places.set(name, y);
      scene.nodes.push(node(name, "line", x, y, w, 23, 0));
      end = y + 12;
    });
    const { gate, sum } = lane;
    if (gate) {
      const [colour, phase] = [reading.vectorOf(gate), phases[gate]];
      scene.edges.push(edge(sum, colour, phase, [[x, end], [x, end + 12]]));
      scene.plots.push({ place: gate, of: sum, x, y: end + 27, w: Math.min(54, w), h: 30, phase });
      scene.edges.push(edge(gate, colour, phase, [[x, end + 42], [x, end + 52]]));
      scene.nodes.push(node(gate, "gate", x, end + 70, w, 36, phase));
      end += 88 + 8;
    }
    left += w;
    bottom = Math.max(bottom, end);
    return { ...lane, x, left: start, end, places };
  });
  const blockBottom = 80 + (longest - 1) * LINE + 20;
  scene.blocks.push({ x: margin - 2, y: 42, w: WIDTH - margin + 1, h: blockBottom - 42 });
  scene.heads.push({ key: "affine", x: (margin + WIDTH) / 2, y: 58, title: true });
  let band = bottom + 2;
  const below = () => (band += 6);
  for (const { gate, sum, x, end } of placed) {
    const source = gate ?? sum;
    if (sources.includes(source)) out.set(source, [[x, end - (gate ? 8 : 0)], [x, below()]]);
  }
  const inside = sources.filter((name) => !passing.includes(name));
  const backs = placed.flatMap((lane) => lane.back.map(([source, into], k) => ({ lane, source, into, gap: lane.left - 6 - 8 * k, height: below() })));
  const from = along(out, (name) =>
    passing.includes(name) ? 3 + 6 * passing.indexOf(name) : margin + 6 + 9 * inside.indexOf(name),
  );
  const x = margin + 9 * inside.length + 52;
  const box = x + 27 + 12 + 48;
  const first = band + 40;
  rows.forEach(([name], k) => {
    const at = first + LOW * k;
    const loop = box + 48 + 10;
    out.set(name, [[box + 48, at], [loop, at], [loop, at + 31]]);
  });
  rows.forEach((place, k) => {
    const at = first + LOW * k;
    row(scene, reading, place, from, { x, box, y: at, w: 96, h: 36, port: 24 });
    if (place[0] === memory) scene.edges.push(edge(`${memory}_next`, memory, phases[memory], [[box + 48, at], [Math.min(WIDTH - 2, box + 100), at]], { main: true }));
  });
  for (const { lane, source, into, gap, height } of backs) {
    const y = lane.places.get(into) ?? 0;
    scene.edges.push(edge(source, reading.vectorOf(source), phases[lane.sum], bends([...from(source, height), [gap, height], [gap, y], [lane.left, y]])));
  }
  scene.width = WIDTH;
  scene.height = (rows.length ? first + LOW * (rows.length - 1) + 32 : bottom) + 6;
  return scene;
}
