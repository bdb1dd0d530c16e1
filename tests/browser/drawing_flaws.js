// What is wrong with the drawing of a cell: an empty list where nothing is. Evaluated in the page with the cell's root.
(root) => {
  const svg = root.querySelector(".gs-cell-svg");
  const all = (selector) => [...svg.querySelectorAll(selector)];
  const area = (node) => {
    const { x, y, width, height } = node.getBBox();
    return [x, y, x + width, y + height];
  };
  const around = (areas) => [0, 1, 2, 3].map((k) => (k < 2 ? Math.min : Math.max)(...areas.map((one) => one[k])));
  const overlap = (one, other, k) => Math.min(one[k + 2], other[k + 2]) - Math.max(one[k], other[k]);
  const found = [];

  // Boxes with their strips, curves and signs lie apart from one another, and within the drawing.
  const things = [
    ...all(".gs-node").map((node) => ({
      name: node.dataset.place,
      area: around([...node.querySelectorAll(".gs-box, .gs-strip")].map(area)),
    })),
    ...all(".gs-plot > rect").map((node, k) => ({ name: `curve ${k}`, area: area(node) })),
    ...all(".gs-sign circle").map((node, k) => ({ name: `sign ${k}`, area: area(node) })),
  ];
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  things.forEach((one, k) => {
    for (const other of things.slice(k + 1)) {
      const apart = [0, 1].some((axis) => overlap(one.area, other.area, axis) <= 0.5);
      if (!apart) found.push(`${one.name} on ${other.name}`);
    }
    if (Math.min(one.area[0], one.area[1], width - one.area[2], height - one.area[3]) < -0.5) {
      found.push(`${one.name} leaves the drawing`);
    }
  });

  // Texts stay in their boxes, a name beside its number.
  for (const node of all(".gs-node")) {
    const box = area(node.querySelector(".gs-box"));
    const texts = [...node.querySelectorAll("text")].map(area);
    if (texts.some(([left, , right]) => left < box[0] || right > box[2])) found.push(`${node.dataset.place}: text outside`);
    const [name, number] = texts;
    if (node.classList.contains("gs-line") && name[2] > number[0]) found.push(`${node.dataset.place}: name on number`);
  }

  // Lines go around boxes.
  for (const path of all("path.gs-line")) {
    const points = [];
    for (let at = 0; at <= path.getTotalLength(); at += 1.5) points.push(path.getPointAtLength(at));
    for (const node of all(".gs-node")) {
      const [left, top, right, bottom] = area(node.querySelector(".gs-box"));
      const inside = points.some(({ x, y }) => x > left + 1 && x < right - 1 && y > top + 1 && y < bottom - 1);
      if (inside) found.push(`line of ${path.parentNode.dataset.edge} through ${node.dataset.place}`);
    }
  }

  // Lines of two numbers cross, but don't run along one another.
  const pieces = root.gatescope.drawing.scene.edges.flatMap(({ place, points }) =>
    points.slice(1).map((end, k) => ({ source: place.replace("_next", ""), area: around([points[k], end].map(([x, y]) => [x, y, x, y])) })),
  );
  pieces.forEach((one, k) => {
    for (const other of pieces.slice(k + 1)) {
      if (one.source === other.source) continue;
      for (const axis of [0, 1]) {
        const thin = [one.area, other.area].every((piece) => piece[2 + (1 - axis)] === piece[1 - axis]);
        const near = Math.abs(one.area[1 - axis] - other.area[1 - axis]) <= 2;
        if (thin && near && overlap(one.area, other.area, axis) > 3) found.push(`${one.source} along ${other.source}`);
      }
    }
  });
  return found;
}
