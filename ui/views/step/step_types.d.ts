/** What the drawing of a step is made of, for the type checker alone: nothing of this is published. */
import type { Row, Words } from "./types.js";

/** A number of a place at a step of a unit, or dL/d(place) there. */
export interface PlaceRef {
  place: string;
  step: number;
  unit: number;
  gradient?: boolean;
  gate?: undefined;
  part?: undefined;
}

/** A number of a parameter: `part` of a gate, of a matrix the element (row, unit). */
export interface WeightRef {
  gate: string;
  part: string;
  row: number;
  unit: number;
  place?: undefined;
  step?: undefined;
  gradient?: undefined;
}

export type Ref = PlaceRef | WeightRef;

/** How a number goes into a product: as it stands, 1 − k, 1 − k², k (1 − k). */
export type Form = "" | "one_minus" | "one_minus_square" | "slope";
export interface Factor {
  ref: Ref;
  form: Form;
}
export interface Term {
  sign: 1 | -1;
  factors: Factor[];
}
export type Squash = "sigmoid" | "tanh";
export interface Formula {
  squash: Squash | null;
  terms: Term[];
  note: string;
}

/** A text and what stands below it. */
export type Symbols = [text: string, below?: string][];

/** A row of the cell's table: what a place is called, what is done, and with what. */
export type Place = [name: string, operation: "weighted" | "sum" | "product" | "complement" | Squash, inputs: string[]];

/** Of an equation: an operator, a symbol that leads to a place, or several symbols that are one place together. */
export type Symbol = [base: string, below: string, place?: string, phase?: number];
export type Part = string | Symbol | [parts: Part[], place: string];

/** The cell: its table of places, and how they are written; see graph_of in drawing.py. */
export interface Graph {
  places: Place[];
  gates: string[];
  states: string[];
  memory: string;
  affine: string[];
  vectors: Record<string, string>;
  parameters: Record<string, [gate: string, part: string]>;
  phases: Record<string, number>;
  symbols: Record<string, Symbols>;
  captions: Record<string, Symbols>;
  forward: Part[][];
  backward: Part[][];
}

/** All numbers of a recording; see Drawing in drawing.py. */
export interface Message {
  network: string;
  letter: string;
  step: number;
  unit: number;
  mode: "watch" | "edit" | "backward" | "clamp";
  steps: number;
  units: number;
  inputs: number;
  first: number;
  values: Record<string, Row[]>;
  gradients: Record<string, Row[]> | null;
  params: Record<string, Record<string, Row[]>>;
  graph: Graph;
  colours: Record<string, string>;
  clamped: Record<string, [low: number, high: number]>;
  held: Record<string, Row[]>;
  ranges: Record<string, [low: number, high: number]>;
  editable: boolean;
  edits: string;
  data: string;
  short: { cursor: string; unit: string };
  words: Words;
}

export type Point = [x: number, y: number];

/** A box about (x, y). */
export interface NodeOf {
  place: string;
  kind: "gate" | "state" | "cell" | "line";
  x: number;
  y: number;
  w: number;
  h: number;
  phase: number;
}

/** A line. */
export interface EdgeOf {
  place: string;
  colour: string;
  phase: number;
  points: Point[];
  main?: boolean;
  plain?: boolean;
  dashed?: boolean;
}

/** The curve of a squash. */
export interface PlotOf {
  gate?: string;
  place?: string;
  of?: string;
  x: number;
  y: number;
  w: number;
  h: number;
  phase: number;
}

export interface SignOf {
  text: string;
  x: number;
  y: number;
  phase: number;
  colour: string;
}

/** A text that is no number's. */
export interface HeadOf {
  text?: string;
  key?: string;
  x: number;
  y: number;
  title?: boolean;
  column?: boolean;
  quiet?: boolean;
}

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Where everything stands, in pixels of the scene. */
export interface Scene {
  width: number;
  height: number;
  compact?: boolean;
  nodes: NodeOf[];
  plots: PlotOf[];
  signs: SignOf[];
  edges: EdgeOf[];
  blocks: Box[];
  heads: HeadOf[];
  mixer?: Box & { phase: number };
}

/** What a drawing is built for: a narrow page, the bars of all units, gradients. */
export interface Options {
  compact: boolean;
  bars: boolean;
  gradient: boolean;
}
