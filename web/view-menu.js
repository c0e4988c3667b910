/**
 * viewEntries are the entries of the View menu: what changes for this participant alone.
 * @param {import("./stage.js").Stage} stage
 * @param {import("./mirror.js").Mirror} mirror
 * @returns {import("./menu.js").MenuEntry[]}
 */
export function viewEntries(stage, mirror) {
  const { zoom, scale } = stage;
  const step = (/** @type {1 | -1} */ direction) => {
    zoom.step(scale, direction);
    stage.layout();
  };
  return [
    {
      name: "Fit to window",
      checked: zoom.fixed === 0,
      radio: true,
      choose: () => {
        zoom.fit();
        stage.layout();
      },
    },
    { name: "Actual size, 100 %", checked: zoom.fixed === 1, radio: true, choose: () => stage.zoomTo(1) },
    "separator",
    { name: "Zoom in", choose: () => step(1) },
    { name: "Zoom out", choose: () => step(-1) },
    "separator",
    { name: "Show reading view", checked: mirror.visible, choose: () => (mirror.visible = !mirror.visible) },
  ];
}
