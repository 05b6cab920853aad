// Draws zones, lines and masks over a still, by mouse, touch or keyboard, for the dialogs of falconet-track and
// falconet-camera and for the dashboard.
(() => {
  const SVG = 'http://www.w3.org/2000/svg';
  /** Share of the picture that an arrow key moves a corner by, and with Shift. */
  const STEP = 0.005;
  const BIG_STEP = 0.05;
  /** How far from its middle a corner can be touched, pixels of CSS: 44 across (WCAG 2.2, 2.5.5). */
  const REACH_PX = 22;
  const DOT_PX = 9;
  /** How far a tap may slip. */
  const TAP_PX = 8;
  /** Kinds of masks, each with its list in `masks`. */
  const MASKS = { mask: 'object', 'motion-mask': 'motion', 'privacy-mask': 'privacy' };
  const leastCorners = (kind) => (kind === 'line' ? 2 : 3);
  const NEW_POINTS = {
    zone: () => [
      [0.3, 0.5],
      [0.7, 0.5],
      [0.7, 0.9],
      [0.3, 0.9],
    ],
    line: () => [
      [0.2, 0.7],
      [0.8, 0.7],
    ],
    mask: () => [
      [0.75, 0.05],
      [0.95, 0.05],
      [0.95, 0.25],
      [0.75, 0.25],
    ],
  };

  const round = (value) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;

  /** Settings of a camera as falconet.yaml has them -> shapes to draw; what has no drawing stays in `rest`. */
  function shapesOf({ zones = {}, lines = {}, masks = {} }, kinds) {
    return [
      ...Object.entries(zones).map(([name, { polygon, ...rest }]) => ({
        kind: 'zone',
        name,
        points: polygon,
        rest,
      })),
      ...Object.entries(lines).map(([name, { from, to, ...rest }]) => ({
        kind: 'line',
        name,
        points: [from, to],
        rest,
      })),
      ...maskKinds(kinds).flatMap(([kind, list]) =>
        (masks[list] ?? []).map((points) => ({ kind, name: '', points, rest: {} })),
      ),
    ];
  }

  const maskKinds = (kinds) => Object.entries(MASKS).filter(([kind]) => kinds.includes(kind));

  /** The way back. */
  function settingsOf(shapes, kinds) {
    const of = (kind) => shapes.filter((shape) => shape.kind === kind);
    const zones = of('zone').map(({ name, points, rest }) => [name, { polygon: points, ...rest }]);
    const lines = of('line').map(({ name, points: [from, to], rest }) => [name, { from, to, ...rest }]);
    const masks = maskKinds(kinds).map(([kind, list]) => [list, of(kind).map(({ points }) => points)]);
    return {
      zones: Object.fromEntries(zones),
      lines: Object.fromEntries(lines),
      masks: Object.fromEntries(masks),
    };
  }

  /** A key of its own, such as `zone2`. */
  function freeName(kind, shapes) {
    const taken = new Set(shapes.map(({ name }) => name));
    for (let n = 1; ; n++) if (!taken.has(`${kind}${n}`)) return `${kind}${n}`;
  }

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function svg(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  /**
   * Fills `container` with a drawing board.
   *
   * @param settings - `{ zones, lines, masks }` as in falconet.yaml.
   * @param text - a text of the catalogue by its key.
   * @param kinds - what can be drawn; masks of other kinds are left out of `settings()`.
   * @returns `settings()`, what is drawn now, and `show(src)`, which puts a picture below it, or none.
   */
  function draw(container, settings, text, kinds = ['zone', 'line', 'mask']) {
    const shapes = shapesOf(settings, kinds);
    let chosen = shapes[0];
    /** The corner of the chosen shape that was focused last. */
    let picked;
    let ratio = 9 / 16;

    const picture = element('img', { alt: '', class: 'falconet-picture' });
    const board = svg('svg', { class: 'falconet-board', preserveAspectRatio: 'none' });
    const list = element('div', { class: 'falconet-shapes', role: 'group', 'aria-label': text('shapes') });
    const form = element('div', { class: 'falconet-shape' });
    container.replaceChildren(element('div', { class: 'falconet-stage' }, picture, board), list, form);

    /** Of a place on the screen, as shares of the picture, also beside it. */
    function shareOf({ clientX, clientY }) {
      const { left, top, width, height } = board.getBoundingClientRect();
      return [(clientX - left) / (width || 1), (clientY - top) / (height || 1)];
    }

    /** Units of the board that a pixel of the screen is, across and down; the board may not be shown yet. */
    function pixel() {
      const { width, height } = board.getBoundingClientRect();
      return [1000 / (width || 1000), (1000 * ratio) / (height || 1000 * ratio)];
    }

    /** What is touched and focused, and the dot that is seen of it. */
    function cornerOf(shape, index) {
      const label = `${text(shape.kind)} ${shape.name}, ${text('corner')} ${index + 1}`;
      const [across, down] = pixel();
      const area = svg('circle', { r: REACH_PX * across, tabindex: 0, role: 'button', 'aria-label': label });
      const dot = svg('ellipse', { rx: DOT_PX * across, ry: DOT_PX * down });
      dot.classList.toggle('falconet-picked', index === picked);
      area.addEventListener('focus', () => pick(index));
      area.addEventListener('keydown', (event) => moveByKey(event, shape, index));
      place([area, dot], shape.points[index]);
      return [area, dot];
    }

    function pick(index) {
      picked = index;
      for (const [i, area] of areas().entries())
        area.nextSibling.classList.toggle('falconet-picked', i === picked);
      cornerRemover.disabled = picked === undefined || !hasSpareCorner(chosen);
    }

    const hasSpareCorner = ({ kind, points }) => points.length > leastCorners(kind);
    const cornerRemover = button(text('remove-corner'), () => {
      chosen.points.splice(picked, 1);
      paint();
      // The button may be disabled by now, and would lose the focus to nobody.
      areas()[Math.min(picked, chosen.points.length - 1)].focus({ preventScroll: true });
    });

    function place(elements, [x, y]) {
      for (const one of elements) {
        one.setAttribute('cx', x * 1000);
        one.setAttribute('cy', y * 1000 * ratio);
      }
    }

    function move({ shape, index }, point) {
      shape.points[index] = point;
      if (shape !== chosen) return;
      const area = areas()[index];
      place([area, area.nextSibling], point);
      outlines.get(shape)?.setAttribute('points', pathOf(shape));
    }

    const areas = () => [...board.querySelectorAll('circle')];

    /** The corner that is nearest, if it is near enough: where corners stand close their areas overlap. */
    function cornerAt(event) {
      const [x, y] = shareOf(event);
      const { width, height } = board.getBoundingClientRect();
      const distances = (chosen?.points ?? []).map(([cx, cy]) =>
        Math.hypot((cx - x) * width, (cy - y) * height),
      );
      const least = Math.min(...distances);
      return least <= REACH_PX ? distances.indexOf(least) : undefined;
    }

    /** The one pointer that does something: drags a corner, or taps beside all. */
    let held;

    function press(event) {
      if (held !== undefined || event.button !== 0) return;
      const { pointerId } = event;
      const at = shareOf(event);
      const index = cornerAt(event);
      held = { pointerId, at, from: [event.clientX, event.clientY] };
      board.setPointerCapture(pointerId); // it may leave the board, and the corner may be painted anew
      if (index === undefined) return;
      event.preventDefault();
      areas()[index]?.focus({ preventScroll: true });
      held.corner = { shape: chosen, index, before: chosen.points[index] };
    }

    function drag(event) {
      if (held?.pointerId !== event.pointerId || held.corner === undefined) return;
      const [x, y] = shareOf(event);
      const [bx, by] = held.corner.before;
      move(held.corner, [round(bx + x - held.at[0]), round(by + y - held.at[1])]);
    }

    function letGo(event) {
      if (held?.pointerId !== event.pointerId) return;
      const { corner, from } = held;
      held = undefined;
      const isTap = Math.hypot(event.clientX - from[0], event.clientY - from[1]) <= TAP_PX;
      if (corner !== undefined) paint();
      else if (isTap) addCorner(event);
    }

    /** The browser takes the pointer for something else, such as scrolling: nothing was drawn. */
    function takeBack(event) {
      if (held?.pointerId !== event.pointerId) return;
      const { corner } = held;
      held = undefined;
      if (corner === undefined) return;
      corner.shape.points[corner.index] = corner.before;
      paint();
    }

    function moveByKey(event, shape, index) {
      const step = event.shiftKey ? BIG_STEP : STEP;
      const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[
        event.key
      ];
      const [x, y] = shape.points[index];
      if (way !== undefined) shape.points[index] = [round(x + way[0]), round(y + way[1])];
      else if (event.key === 'Delete' && hasSpareCorner(shape)) shape.points.splice(index, 1);
      else return;
      event.preventDefault();
      paint();
      areas()[Math.min(index, shape.points.length - 1)]?.focus();
    }

    /** A click beside all corners puts a new one into the side that it is nearest to. */
    function addCorner(event) {
      if (chosen === undefined || chosen.kind === 'line') return;
      const point = shareOf(event).map(round);
      const { points } = chosen;
      const distances = points.map((a, i) => toSide(point, a, points[(i + 1) % points.length]));
      const index = distances.indexOf(Math.min(...distances)) + 1;
      points.splice(index, 0, point);
      paint();
      areas()[index].focus({ preventScroll: true });
    }

    function toSide([x, y], [ax, ay], [bx, by]) {
      const [dx, dy] = [bx - ax, by - ay];
      const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(x - ax - share * dx, y - ay - share * dy);
    }

    const pathOf = ({ points }) => points.map(([x, y]) => `${x * 1000},${y * 1000 * ratio}`).join(' ');
    const outlines = new Map();

    function paint() {
      const focused = areas().indexOf(document.activeElement);
      board.setAttribute('viewBox', `0 0 1000 ${1000 * ratio}`);
      outlines.clear();
      const drawn = shapes.map((shape) => {
        const outline = svg(shape.kind === 'line' ? 'polyline' : 'polygon', { points: pathOf(shape) });
        outline.classList.add(`falconet-${shape.kind}`);
        outline.classList.toggle('falconet-chosen', shape === chosen);
        outlines.set(shape, outline);
        return outline;
      });
      const corners =
        chosen === undefined ? [] : chosen.points.flatMap((_, index) => cornerOf(chosen, index));
      board.replaceChildren(...drawn, ...corners);
      areas()[focused]?.focus({ preventScroll: true });
    }

    function button(label, act) {
      const made = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, label);
      made.addEventListener('click', act);
      return made;
    }

    function choose(shape) {
      chosen = shape;
      pick(undefined);
      paint();
      paintList();
    }

    function add(kind) {
      const shape = {
        kind,
        name: kind in MASKS ? '' : freeName(kind, shapes),
        points: NEW_POINTS[kind in MASKS ? 'mask' : kind](),
        rest: {},
      };
      shapes.push(shape);
      choose(shape);
    }

    function paintList() {
      const choices = shapes.map((shape) => {
        const made = button(shape.name || text(shape.kind), () => choose(shape));
        made.setAttribute('aria-pressed', String(shape === chosen));
        made.classList.toggle('selected', shape === chosen);
        return made;
      });
      const adders = kinds.map((kind) => button(`+ ${text(kind)}`, () => add(kind)));
      list.replaceChildren(...choices, ...adders);
      paintForm();
    }

    function field(key, value, change) {
      const id = `falconet-shape-${key}`;
      const input = element('input', { id, type: 'text', value });
      input.addEventListener('change', () => change(input.value.trim()));
      return element('div', { class: 'form-row' }, element('label', { for: id }, text(key)), input);
    }

    function paintForm() {
      if (chosen === undefined) return form.replaceChildren();
      const shape = chosen;
      const { kind, rest } = shape;
      const rename = (name) => {
        const isFree =
          /^[a-z0-9_-]{1,40}$/.test(name) && shapes.every((other) => other === shape || other.name !== name);
        if (isFree) shape.name = name;
        paintList();
      };
      const set = (key, value) => {
        delete rest[key];
        if (value !== undefined) rest[key] = value;
      };
      const labels = (value) => value.split(/[\s,]+/).filter(Boolean);
      const rows = [];
      if (!(kind in MASKS)) {
        rows.push(field('name', shape.name, rename));
        rows.push(
          field('labels', (rest.labels ?? []).join(', '), (value) =>
            set('labels', labels(value).length === 0 ? undefined : labels(value)),
          ),
        );
      }
      if (kind === 'zone')
        rows.push(field('dwell', rest.dwell ?? '', (value) => set('dwell', value || undefined)));
      if (kind !== 'line') rows.push(cornerRemover);
      rows.push(
        button(text('remove'), () => {
          shapes.splice(shapes.indexOf(shape), 1);
          choose(shapes[0]);
        }),
      );
      form.replaceChildren(element('p', { class: 'form-tips' }, text(`${kind}-tip`)), ...rows);
    }

    board.addEventListener('pointerdown', press);
    // `touch-action` of a corner would say the same, but Chromium 156 heeds it on no part of an SVG.
    const keepFromScrolling = (event) => held?.corner !== undefined && event.preventDefault();
    board.addEventListener('touchstart', keepFromScrolling, { passive: false });
    board.addEventListener('pointermove', drag);
    board.addEventListener('pointerup', letGo);
    board.addEventListener('pointercancel', takeBack);
    new ResizeObserver(paint).observe(board);
    picture.addEventListener('load', () => {
      ratio = picture.naturalHeight / picture.naturalWidth;
      paint();
    });
    paint();
    paintList();
    return {
      settings: () => settingsOf(shapes, kinds),
      show(src) {
        if (src === undefined) picture.removeAttribute('src');
        else picture.src = src;
      },
    };
  }

  window.falconetDraw = draw;
})();
