// Moves the Step page as a reader would, in the page itself, and counts pictures and messages. Injected before loading.
(() => {
  window.sent = 0;
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (...all) {
    window.sent += 1;
    return send.apply(this, all);
  };
  for (const [owner, name] of [[window, "fetch"], [navigator, "sendBeacon"], [XMLHttpRequest.prototype, "send"]]) {
    const original = owner[name];
    owner[name] = function (...all) {
      window.sent += 1;
      return original.apply(this, all);
    };
  }

  const frame = () => new Promise(requestAnimationFrame);
  const root = () => document.querySelector('[data-testid="step-cell"]');

  /** Frames a second of a page that does nothing in them. */
  window.frames_alone = async (seconds) => {
    const start = await frame();
    let count = 0;
    let now = start;
    for (; now - start < seconds * 1000; count++) now = await frame();
    return (count * 1000) / (now - start);
  };

  /** Boxes whose number is not that of the step that is told. */
  function wrong(cell) {
    const { message } = cell.gatescope;
    const { at, unit } = cell.dataset;
    return [...cell.querySelectorAll(".gs-node")].filter(({ dataset: { place, value } }) => {
      const row = message.values[place]?.[at];
      return row && Number(value) !== row[place === "x" ? 0 : unit];
    }).length;
  }

  /** Move the slider by one step in every frame, to and fro. */
  window.scrub = async (seconds) => {
    const cell = root();
    const slider = cell.querySelector('[data-testid="step-slider"]');
    const before = window.sent;
    const start = await frame();
    let [pictures, frames, mistakes, way, now] = [0, 0, 0, 1, start];
    let { drawn, at } = cell.dataset;
    slider.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, button: 0, pointerId: 1 }));
    for (; now - start < seconds * 1000; frames++) {
      if (slider.valueAsNumber >= Number(slider.max)) way = -1;
      if (slider.valueAsNumber <= 0) way = 1;
      slider.valueAsNumber += way;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      now = await frame(); // the one before is on the screen now
      if (cell.dataset.drawn !== drawn && cell.dataset.at !== at) pictures += 1;
      ({ drawn, at } = cell.dataset);
      if (frames % 10 === 0) mistakes += wrong(cell);
    }
    const spent = (now - start) / 1000;
    const sent = window.sent - before;
    slider.dispatchEvent(new Event("change", { bubbles: true }));
    slider.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, button: 0, pointerId: 1 }));
    return { pictures: pictures / spent, frames: frames / spent, sent, mistakes };
  };

  /** Drag a weight by a pixel sixty times a second, to and fro. */
  window.drag_weight = async (name, seconds) => {
    const cell = root();
    const field = cell.querySelector(`.gs-field[data-edit="${name}"]`);
    const area = field.getBoundingClientRect();
    const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
    const point = (type, by, buttons) =>
      field.dispatchEvent(
        new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 1, isPrimary: true, pointerType: "mouse", button: buttons && type === "pointermove" ? -1 : 0, buttons, clientX: x + by, clientY: y }),
      );
    const values = [];
    let value = cell.dataset.value;
    const observer = new MutationObserver(() => {
      if (cell.dataset.value === value) return;
      value = cell.dataset.value;
      values.push(value);
    });
    observer.observe(cell, { attributes: true, attributeFilter: ["data-value"] });
    point("pointerdown", 0, 1);
    const start = performance.now();
    let [inputs, by, way, spent] = [0, 5, 1, 0];
    while (spent < seconds) {
      by += way;
      if (by >= 60 || by <= 5) way = -way;
      point("pointermove", by, 1);
      inputs += 1;
      const wait = start + (inputs * 1000) / 60 - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
      spent = (performance.now() - start) / 1000;
    }
    observer.disconnect();
    point("pointerup", by, 0);
    return { pictures: values.length / spent, inputs: inputs / spent };
  };
})();
