/** Shows below each preview node of the tab in sight what it saw last. It asks for nothing else, and for that seldom. */
(() => {
  if (globalThis.falconetPreview !== undefined) return; // Node-RED loads a node's page again when it is enabled again
  const TICK_MS = 200;
  /** A node that was not deployed yet, or a Node-RED that is away, is asked again after so long. */
  const AWAY_MS = 3_000;
  /** Of a picture that may be older than the next could be. */
  const PALE_AFTER_MS = 5_000;
  /** Room for the badge. */
  const GAP = 18;
  const SVG = 'http://www.w3.org/2000/svg';
  /** By node: what is shown, when that came, and when to ask again. */
  const views = new Map();

  function viewOf(id) {
    const view = views.get(id) ?? { known: 0, href: undefined, at: 0, askAt: 0, isAsking: false };
    views.set(id, view);
    return view;
  }

  function ask(node, view, now) {
    if (view.isAsking || now < view.askAt) return;
    view.isAsking = true;
    view.askAt = now + 1_000 / (Number(node.rate) || 1);
    $.ajax({ url: `falconet/preview/${encodeURIComponent(node.id)}`, data: { known: view.known } })
      .done((answer) => {
        if (answer === undefined) return;
        view.known = answer.number;
        view.href = `data:image/jpeg;base64,${answer.image}`;
        view.at = performance.now();
      })
      .fail(() => {
        view.askAt = performance.now() + AWAY_MS;
      })
      .always(() => {
        view.isAsking = false;
      });
  }

  /** Node-RED makes a node's group anew with each change of tabs, so the picture is put in whenever it is not there. */
  function draw(node, { href, at }, now) {
    const group = document.getElementById(node.id);
    if (group === null) return;
    const image = group.querySelector(':scope > .falconet-preview') ?? document.createElementNS(SVG, 'image');
    if (href === undefined || node.d) return image.remove();
    if (image.parentNode === null) {
      image.setAttribute('class', 'falconet-preview');
      image.setAttribute('role', 'img');
      image.setAttribute('aria-label', node._('falconet-preview.shows'));
      image.style.pointerEvents = 'none';
      group.append(image);
    }
    image.setAttribute('width', node.width);
    image.setAttribute('y', node.h + GAP);
    const isOld = now - at > Math.max(PALE_AFTER_MS, 2_000 / (Number(node.rate) || 1));
    image.setAttribute('opacity', isOld ? '0.4' : '1');
    if (image.getAttribute('href') !== href) image.setAttribute('href', href);
  }

  function tick() {
    const nodes = document.hidden
      ? []
      : RED.nodes.filterNodes({ z: RED.workspaces.active(), type: 'falconet-preview' });
    const now = performance.now();
    for (const node of nodes) {
      const view = viewOf(node.id);
      if (!node.d) ask(node, view, now);
      draw(node, view, now);
    }
    const ids = new Set(nodes.map(({ id }) => id));
    for (const id of views.keys()) if (!ids.has(id) && !RED.nodes.node(id)) views.delete(id);
  }

  globalThis.falconetPreview = setInterval(tick, TICK_MS);
})();
