// The HTML by which another page holds one of ours in a frame. It is a text for people to paste; here it is never read.

const HEIGHT = 760; // pixels, where the script is left out or does not run

/**
 * A frame with the page at `address` in it, and a script that gives it the height of that page.
 *
 * @param {string} address
 * @param {string} title what the frame holds, for those who do not see it
 */
export function snippet(address, title) {
  return `<iframe data-gatescope src="${escaped(address)}" title="${escaped(title)}" loading="lazy"
  style="width: 100%; height: ${HEIGHT}px; border: 0"></iframe>
<script>
  addEventListener("message", ({ source, data }) => {
    for (const frame of document.querySelectorAll("iframe[data-gatescope]")) {
      const height = frame.contentWindow === source && Number(data?.gatescope?.height);
      if (height > 0) frame.style.height = \`\${height}px\`;
    }
  });
</script>
`;
}

/**
 * A text as it stands in an attribute.
 *
 * @param {string} text
 */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
