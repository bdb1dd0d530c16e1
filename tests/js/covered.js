// A reporter for `node --test` that fails the run where a function or a branch of these modules is not reached by any test.
import { basename } from "node:path";

const WHOLE = ["converse.js"];

export default async function* covered(source) {
  for await (const { type, data } of source) {
    if (type !== "test:coverage") continue;
    for (const name of WHOLE) {
      const { functions = [], branches = [] } = data.summary.files.find(({ path }) => basename(path) === name) ?? {};
      const missed = [...functions, ...branches].filter(({ count }) => !count).map(({ line }) => line);
      if (branches.length && !missed.length) continue;
      process.exitCode = 1;
      yield `\n${name}: expected every branch to be reached, got none at lines ${missed.join(", ")}\n`;
    }
  }
}
