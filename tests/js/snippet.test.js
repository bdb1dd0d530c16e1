// The HTML to paste holds the address and the title, whatever is in them, and nothing of them beside.
import assert from "node:assert/strict";
import { test } from "node:test";

import { published } from "./published.js";

const { snippet } = await published("snippet.js");

test("address and title stand in the frame's attributes", () => {
  const text = snippet("https://example.org/embed/gates?m=2&lang=en", "What is remembered?");
  assert.match(text, /src="https:\/\/example\.org\/embed\/gates\?m=2&amp;lang=en"/);
  assert.match(text, /title="What is remembered\?"/);
  assert.match(text, /height: \d+px/);
});

test("nothing breaks out of an attribute", () => {
  const evil = '"></iframe><script>alert(1)</script>';
  const text = snippet(`https://example.org/?text=${evil}`, evil);
  assert.equal(text.match(/<script>/g).length, 1);
  assert.equal(text.match(/<\/iframe>/g).length, 1);
  assert.ok(!text.includes("alert(1)</script>"));
});
