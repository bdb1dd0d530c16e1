/** What the server sends and the browser's parts share, for the type checker alone: nothing of this is published. */

export type Theme = "dark" | "light";

/** Texts of texts/<lang>.toml by their keys. */
export type Words = Record<string, string>;

/** What Streamlit hands to a component at each run. */
export interface Call<Data> {
  data: Data;
  parentElement: HTMLElement;
  setStateValue(name: string, value: unknown): void;
}

/** A term of the glossary. */
export interface Term {
  id: string;
  term: string;
  /** Its name in the other language. */
  other: string;
  /** How it is written in texts. */
  forms: string[];
  text: string;
}

/** What the menu in the header is told; see ui/shell/share_menu.py. */
export interface MenuMessage {
  seq: number;
  lang: string;
  /** Codes and names. */
  languages: [string, string][];
  words: Words;
  title: string;
  /** The page as it can be embedded in others, or none. */
  embed: string;
  recordings: boolean;
  answer?: Answer | null;
}

/** What it asks the server. */
export interface Request {
  want: string;
  value?: string;
  link?: string;
}

/** What the server answers; see ui/exports.py. */
export interface Answer {
  error?: string;
  name?: string;
  file?: Uint8Array<ArrayBuffer>;
  qr?: string[];
}

/** A row of numbers as it came, and rows of them. */
export type Row = Float32Array | Float64Array | Uint8Array;
export type Numbers = Row | Row[];

/** What one trace says of itself to our own parts; see figures/heatmaps.py. */
export interface Meta {
  key?: string;
  name: string;
  top: number;
  height: number;
  labels?: string[];
  columns?: string[];
  /** Their colour, where z has two rows, shares and running totals, and a bar a step is drawn. */
  bars?: string;
  /** The colours behind these bars and along their heads. */
  tint?: number;
  ground?: string;
  edge?: string;
  /** The field that a click on a point of it sets. */
  select?: string;
}

/** A trace of Plotly's, as far as we read it ourselves. */
export interface Trace {
  type: string;
  meta?: Meta;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Of a heatmap, row by row; as bytes the places of the squares in their colours. */
  z: Row[];
  x0: number;
  y0: number;
  dx: number;
  dy: number;
  zmin: number;
  zmax: number;
  colorscale: Scale;
  customdata: (string | number)[];
  marker: { size: number | number[] };
}

/** Colours between which is drawn, each with its place, 0 to 1. */
export type Scale = [number, string][];

export interface Layout {
  width?: number;
  height: number;
  xaxis?: { range?: [number, number] };
  yaxis?: { range?: [number, number] };
  margin: { l: number; r: number; t: number; b: number };
  shapes?: object[];
  annotations?: object[];
  [name: string]: unknown;
}

/** A figure as it is sent; see `figure` in ui/parts.py. */
export interface Sent {
  signature: number;
  /** All of it but the squares, packed; null where the browser has it. */
  still: Uint8Array | null;
  squares: Row[][];
}

export interface Figure {
  signature: number;
  data: Trace[];
  layout: Layout;
}

/** A readout below a part: its colour, what it is of, what it says; `key` is that of the trace that shows it. */
export interface Readout {
  key: string;
  colour: string;
  name: string;
  text: string;
}

/** A control, as ui/controls.py makes it. */
export interface Item {
  kind: string;
  name: string;
  items?: Item[];
  [part: string]: unknown;
}

/** Controls as they are sent; see `sent` in ui/controls.py. */
export interface Items {
  signature: number;
  /** All of them but what moves, packed; null where the browser has it. */
  still: Uint8Array | null;
  /** By name. */
  moving: Record<string, Partial<Item>>;
}

/** The time cursor of a figure; see TimeCursor in ui/parts.py. */
export interface TimeCursor {
  step: number;
  first: number;
  last: number;
  label: string;
  field: string;
  shift: number;
  flag: string;
  stops: number[] | null;
}

/** A part of a page as it is sent; see ui/parts.py. */
export interface Shown<Body> {
  kind: "figure" | "drawing" | "card";
  name: string;
  body: Body;
  compact: Body | null;
  /** Where the body was chosen for a place, whether that is narrow; null where all is here. */
  narrow: boolean | null;
  hover: { unit: string } | null;
  words: { sentence: string; rows: Readout[]; notices: string[]; note: string };
  cursor: TimeCursor | null;
  /** Whether it holds less than it will when the control that is being dragged is let go. */
  rough: boolean;
  /** Whether its squares are numbers, not places in their colours. */
  exact: boolean;
  value: string;
  settled: boolean;
}

/** What shows a part, whatever its kind. */
export interface Part {
  /** The settings that it shows. */
  value?: string;
  /** What the server need not send again, and for which place to draw. */
  has?: { figure?: number; narrow: boolean };
  show(message: Shown<never>): void;
  destroy(): void;
  /** Say sentences beside what stays. */
  notify?(notices: string[]): void;
  /** Let a screen reader hear it. */
  settle?(): void;
  /** Go along with a control that moves. */
  follow?(field: string, value: unknown): void;
  /** Fit into the window. */
  resize?(): void;
}

/** An axis as Plotly keeps it, as far as we ask it. */
export interface PlotlyAxis {
  _offset: number;
  d2p(value: number): number;
}

/** The part of Plotly's script that we call. */
export interface Plotly {
  react(node: Element, data: object[], layout: object, config: object): Promise<unknown>;
  purge(node: Element): void;
  toImage(figure: object, options: object): Promise<string>;
}

declare global {
  interface Window {
    Plotly: Plotly;
  }
  interface HTMLElement {
    /** Of a part's root, what shows it. */
    gatescope?: Part;
    /** Of a graph of Plotly's. */
    _fullLayout?: { xaxis?: PlotlyAxis; yaxis?: PlotlyAxis };
  }
}
