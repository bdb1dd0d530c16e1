// The rules for every script: those that ESLint recommends.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["static/", ".venv/"] },
  js.configs.recommended,
  { files: ["ui/**/*.js", "benchmarks/*.js", "tests/browser/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["benchmarks/driver.js"], languageOptions: { globals: { Bokeh: "readonly" } } },
  { files: ["tests/js/*.js"], languageOptions: { globals: globals.node } },
];
