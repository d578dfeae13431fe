'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const DAY = 864e5;
  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const dayOf = (text) => Math.round(Date.parse(text) / DAY);
  const tools = document.getElementById('tools');
  tools.hidden = false;
  let card = null;

  // Histories are switched on and off. What they share is there as long as any is.
  const switches = all('input[data-of]', tools);
  const show = () => {
    for (const it of switches) {
      for (const shape of all('.of-' + it.dataset.of)) shape.classList.toggle('off', !it.checked);
    }
    const isAny = switches.length === 0 || switches.some((it) => it.checked);
    for (const shape of all('.past')) shape.classList.toggle('off', !isAny);
    hide();
  };
  for (const it of switches) it.addEventListener('change', show);

  // Light, dark, or as the system has it.
  const theme = document.getElementById('theme');
  theme.addEventListener('change', () => {
    if (theme.value) document.documentElement.dataset.theme = theme.value;
    else delete document.documentElement.dataset.theme;
  });

  // Large letters, in charts too: those drawn for a phone, as wide as the page.
  const type = document.getElementById('type');
  type.addEventListener('change', () => {
    if (type.value) document.documentElement.dataset.type = type.value;
    else delete document.documentElement.dataset.type;
  });

  // Zoom: every chart with days shows a span of them.
  const plots = all('.plot').map((plot) => ({
    plot,
    left: +plot.dataset.left,
    right: +plot.dataset.right,
    first: +plot.dataset.first,
    last: +plot.dataset.last,
    ticks: plot.querySelector('.ticks'),
    was: [...plot.querySelector('.ticks').childNodes],
    paths: all('g[clip-path] > path', plot).map((path) => [path, path.getAttribute('d')]),
    rings: all('g[clip-path] > circle', plot).map((ring) => [ring, +ring.getAttribute('cx')]),
    bars: all('g[clip-path] rect', plot).map((bar) => [bar, +bar.getAttribute('x'), +bar.getAttribute('width')]),
    marks: all('.mark', plot),
    ends: all('.ends', plot),
  }));
  const from = document.getElementById('from');
  const to = document.getElementById('to');
  const whole = plots.length ? [Math.min(...plots.map((it) => it.first)), Math.max(...plots.map((it) => it.last))] : [0, 1];
  const px = (value) => String(Math.round(value * 10) / 10);
  const stepOf = (days, most) => {
    for (const step of [1, 2, 3, 5, 7, 14]) if (days / step < most) return [step, 0];
    for (const months of [1, 3, 6, 12, 24, 60, 120, 240, 600]) if (days / 30.4 / months < most) return [0, months];
    return [0, 1200];
  };
  const ticksOf = (first, last, most) => {
    const [days, months] = stepOf(last - first, most);
    const ticks = [];
    if (days) {
      for (let day = Math.ceil(first); day <= last; day += days) ticks.push([day, iso(day)]);
    } else {
      const begin = new Date(first * DAY);
      let month = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / months) * months;
      for (;; month += months) {
        const date = new Date(0);
        date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
        const day = Math.round(date.getTime() / DAY);
        if (day > last) break;
        if (day >= first) ticks.push([day, iso(day).slice(0, months % 12 ? 7 : 4)]);
      }
    }
    return ticks;
  };
  const zoom = (first, last) => {
    for (const it of plots) {
      const isWhole = first <= it.first && last >= it.last;
      const [low, high] = isWhole ? [it.first, it.last] : [first, last];
      const scale = (it.last - it.first) / (high - low);
      const offset = (it.first - low) / (high - low) * (it.right - it.left);
      const at = (x) => (x - it.left) * scale + offset + it.left;
      for (const [path, d] of it.paths) {
        path.setAttribute('d', d.replace(/([ML])(-?[\d.]+) /g, (_, letter, x) => letter + px(at(+x)) + ' '));
      }
      for (const [ring, x] of it.rings) ring.setAttribute('cx', px(at(x)));
      for (const [bar, x, width] of it.bars) {
        bar.setAttribute('x', px(at(x)));
        bar.setAttribute('width', px(Math.max(1, width * scale)));
        const text = bar.nextElementSibling;
        if (text) text.setAttribute('x', px(Math.max(at(x), it.left) + 4));
      }
      for (const mark of it.marks) {
        const x = at(+mark.dataset.x);
        mark.setAttribute('transform', 'translate(' + px(x - mark.dataset.x) + ' 0)');
        mark.classList.toggle('beyond', x < it.left - 1 || x > it.right + 1);
      }
      for (const end of it.ends) end.classList.toggle('beyond', !isWhole);
      if (isWhole) {
        it.ticks.replaceChildren(...it.was);
        continue;
      }
      const [line, label] = ['path', 'text'].map((name) => it.was.find((node) => node.nodeName === name));
      if (!line || !label) continue;
      const rest = line.getAttribute('d').replace(/^M\S+/, '');
      const drawn = ticksOf(low, high, (it.right - it.left) / 84).flatMap(([day, text]) => {
        const x = px(at(it.left + (day - it.first) / (it.last - it.first) * (it.right - it.left)));
        const [tick, words] = [line.cloneNode(), label.cloneNode()];
        tick.setAttribute('d', 'M' + x + rest);
        words.setAttribute('x', x);
        words.textContent = text;
        return [tick, words];
      });
      it.ticks.replaceChildren(...drawn);
    }
    from.value = iso(Math.max(first, whole[0]));
    to.value = iso(Math.min(last, whole[1]));
    hide();
  };
  const zoomTo = () => {
    const [first, last] = [dayOf(from.value), dayOf(to.value)];
    if (Number.isFinite(first) && Number.isFinite(last) && last > first) zoom(first, last);
  };
  document.getElementById('zoom').addEventListener('click', zoomTo);
  document.getElementById('whole').addEventListener('click', () => zoom(...whole));
  if (plots.length) zoom(...whole);
  for (const it of plots) {
    const svg = it.plot.closest('svg');
    const dayAt = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const [low, high] = [dayOf(from.value), dayOf(to.value)];
      const isWhole = low <= it.first && high >= it.last;
      const [first, last] = isWhole ? [it.first, it.last] : [low, high];
      return first + (point.x - it.left) / (it.right - it.left) * (last - first);
    };
    let begun = null;
    svg.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'mouse' && !event.target.closest('.mark')) begun = [dayAt(event), event.clientX];
    });
    svg.addEventListener('pointerup', (event) => {
      if (begun && Math.abs(event.clientX - begun[1]) > 12) {
        const ends = [begun[0], dayAt(event)].sort((one, other) => one - other);
        zoom(Math.max(Math.floor(ends[0]), whole[0]), Math.min(Math.ceil(ends[1]), whole[1]));
      }
      begun = null;
    });
  }

  // Cards: what the table of events says of a mark.
  const TOLD = 12;
  function hide() {
    if (card) card.remove();
    card = null;
  }
  const tell = (mark) => {
    hide();
    const numbers = mark.dataset.events.split(' ');
    const told = numbers.slice(0, TOLD).map((number) => {
      const row = document.getElementById('event-' + number);
      if (!row) return make('div', { textContent: mark.getAttribute('aria-label') });
      const parts = [...row.cells].slice(2).flatMap((cell) => [...cell.cloneNode(true).childNodes]);
      return make('div', {}, row.cells[0].textContent + ' · ' + row.cells[1].textContent, make('br'), ...parts);
    });
    if (numbers.length > TOLD) told.push(make('div', { textContent: 'and ' + (numbers.length - TOLD) + ' more events' }));
    card = make('div', { className: 'card' }, ...told);
    card.setAttribute('role', 'status');
    document.body.append(card);
    const box = mark.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 12);
    const isAbove = box.bottom + card.offsetHeight + 12 > innerHeight && box.top > card.offsetHeight + 12;
    const top = isAbove ? box.top - card.offsetHeight - 8 : box.bottom + 8;
    card.style.left = Math.max(12, left) + scrollX + 'px';
    card.style.top = top + scrollY + 'px';
    card.addEventListener('mouseleave', hide);
  };
  for (const mark of all('.mark')) {
    mark.addEventListener('mouseenter', () => tell(mark));
    mark.addEventListener('focus', () => tell(mark));
    mark.addEventListener('blur', hide);
    mark.addEventListener('mouseleave', (event) => {
      if (!card || !card.contains(event.relatedTarget)) hide();
    });
    mark.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const marks = all('.mark', mark.closest('svg')).filter((it) => !it.classList.contains('off') && !it.classList.contains('beyond'));
      const next = marks[marks.indexOf(mark) + step];
      if (next) next.focus();
      event.preventDefault();
    });
  }
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
  });

  // Long tables come in pages.
  const ROWS = 50;
  const pagers = new Map();
  for (const table of all('table.paged')) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length <= ROWS) continue;
    const says = make('span');
    says.setAttribute('aria-live', 'polite');
    const back = make('button', { type: 'button', textContent: 'Back' });
    const on = make('button', { type: 'button', textContent: 'On' });
    let page = 0;
    const last = Math.ceil(rows.length / ROWS) - 1;
    const turn = (to) => {
      page = Math.min(Math.max(to, 0), last);
      rows.forEach((row, place) => { row.hidden = Math.floor(place / ROWS) !== page; });
      says.textContent = (page * ROWS + 1) + ' to ' + Math.min((page + 1) * ROWS, rows.length) + ' of ' + rows.length;
      back.disabled = page === 0;
      on.disabled = page === last;
    };
    back.addEventListener('click', () => turn(page - 1));
    on.addEventListener('click', () => turn(page + 1));
    table.before(make('div', { className: 'pager' }, back, on, says));
    turn(0);
    pagers.set(table, (row) => turn(Math.floor(rows.indexOf(row) / ROWS)));
    addEventListener('beforeprint', () => rows.forEach((row) => { row.hidden = false; }));
    addEventListener('afterprint', () => turn(page));
  }
  const reveal = () => {
    const row = location.hash.startsWith('#event-') && document.getElementById(location.hash.slice(1));
    if (!row) return;
    const turn = pagers.get(row.closest('table'));
    if (turn) turn(row);
    row.scrollIntoView({ block: 'center' });
  };
  addEventListener('hashchange', reveal);
  reveal();
  const details = all('details');
  addEventListener('beforeprint', () => details.forEach((it) => { it.dataset.was = it.open; it.open = true; }));
  addEventListener('afterprint', () => details.forEach((it) => { it.open = it.dataset.was === 'true'; }));
})();
