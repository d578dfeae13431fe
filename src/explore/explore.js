'use strict';
(() => {
  const find = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const DAY = 864e5;
  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const dayOf = (text) => Math.round(Date.parse(text) / DAY);

  // A projector follows along and asks for nothing else.
  const follow = (then) => {
    let known = document.body.dataset.version;
    const stream = new EventSource('follow');
    stream.onmessage = (event) => {
      if (event.data !== known) then();
      known = event.data;
    };
  };
  if (document.body.classList.contains('show')) {
    const now = async () => {
      const answer = await fetch('now');
      if (!answer.ok) return;
      find('shown').innerHTML = await answer.text();
      drawCursor();
    };
    follow(now);
    drawCursor();
    return;
  }

  const say = (text) => { find('say').textContent = text; };
  let version = +document.body.dataset.version;

  // What is put anew keeps the focus, what is unfolded and how far it was scrolled.
  const put = (id, html) => {
    const part = find(id);
    if (!part) return;
    const active = document.activeElement;
    const held = part.contains(active) && active.id ? active.id : null;
    const caret = held && active.type === 'text' ? [active.selectionStart, active.selectionEnd] : null;
    const open = all('details[id]', part).filter((it) => it.open).map((it) => it.id);
    const scrolled = part.scrollTop;
    part.innerHTML = html;
    for (const name of open) {
      const details = find(name);
      if (details) details.open = true;
    }
    if (held && find(held)) {
      find(held).focus({ preventScroll: true });
      if (caret) find(held).setSelectionRange(...caret);
    }
    part.scrollTop = scrolled;
  };

  const put_all = (parts) => {
    for (const { id, html } of parts) {
      if (id === 'form') { openForm(html); continue; }
      if (shown.get(id) !== html) put(id, html);
      shown.set(id, html);
    }
  };
  const shown = new Map();

  // One question at a time; of those of one kind that wait, only the newest is asked.
  const waiting = [];
  let asking = false;
  const ask = (gesture, kind = null) => new Promise((done) => {
    const older = kind ? waiting.findIndex((it) => it.kind === kind) : -1;
    const entry = { gesture, kind, done };
    if (older >= 0) waiting.splice(older, 1)[0].done(null);
    waiting.push(entry);
    next();
  });
  const next = async () => {
    if (asking || !waiting.length) return;
    asking = true;
    const { gesture, done } = waiting.shift();
    document.body.classList.add('busy');
    try {
      const answer = await fetch('do', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(gesture),
      });
      if (!answer.ok) throw new Error(await answer.text());
      const told = await answer.json();
      take(told);
      done(told);
    } catch (error) {
      say(error instanceof TypeError
        ? 'The program on this machine does not answer: it may have been ended. Start it again, and your work is offered again.'
        : error.message);
      done(null);
    }
    document.body.classList.remove('busy');
    asking = false;
    next();
  };
  const take = (told) => {
    version = told.version;
    put_all(told.parts);
    if (told.parts.some((it) => it.id === 'state')) toToday();
    if (told.troubles.length) say(told.troubles.join(' '));
    else if (told.says) say(told.says);
    drawCursor();
    if (find('why') && find('why').open && !told.parts.some((it) => it.id === 'why-parts') && told.parts.some((it) => it.id === 'state')) why();
    if (told.plays) fan(true);
  };

  // The cursor: a line in every chart over time.
  function drawCursor() {
    const at = find('state-day');
    for (const line of all('.at')) line.remove();
    if (!at) return;
    const day = dayOf(at.dateTime);
    for (const plot of all('.plot')) {
      const [left, right, first, last] = ['left', 'right', 'first', 'last'].map((name) => +plot.dataset[name]);
      const clip = plot.querySelector('g[clip-path]');
      const box = clip && document.getElementById(clip.getAttribute('clip-path').slice(5, -1));
      if (!box || !(last > first)) continue;
      const x = left + (day - first) / (last - first) * (right - left);
      const rect = box.firstElementChild;
      const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      line.setAttribute('class', 'at');
      line.setAttribute('d', 'M' + x.toFixed(1) + ' ' + rect.getAttribute('y') + 'v' + rect.getAttribute('height'));
      line.setAttribute('stroke', 'currentColor');
      line.setAttribute('stroke-width', '1.5');
      line.setAttribute('fill', 'none');
      plot.append(line);
    }
  }
  // The list of events is where the day is.
  const toToday = () => {
    const [list, at] = [find('events'), find('state-day')];
    const row = at && all('.rows li').find((it) => it.dataset.day >= at.dateTime);
    if (!row || list.scrollHeight <= list.clientHeight || list.contains(document.activeElement)) return;
    list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - 60;
  };
  const look = (day) => {
    const slider = find('slider');
    const to = Math.min(Math.max(day, +slider.min), +slider.max);
    slider.value = to;
    slider.setAttribute('aria-valuetext', iso(to));
    find('day').value = iso(to);
    return ask({ look: iso(to) }, 'look');
  };
  const why = () => ask('why', 'why');

  // The form of an event.
  const openForm = (html) => {
    const form = find('form');
    form.innerHTML = html;
    if (!form.open) form.showModal();
    const wrong = form.querySelector('[aria-invalid]');
    (wrong || find('cell-act')).focus();
  };
  const closeForm = () => {
    const form = find('form');
    form.close();
    form.replaceChildren();
  };
  const cells = () => {
    const form = find('event-form');
    const texts = {};
    for (const it of all('[name]', form)) if (it.type !== 'checkbox') texts[it.name] = it.value;
    for (const set of all('[data-actors]', form)) {
      const ticked = all('input[type=checkbox]', set).filter((it) => it.checked).map((it) => it.value);
      const others = set.querySelector('input[type=text]').value.trim();
      texts[set.dataset.actors] = [...ticked, ...(others ? [others] : [])].join('; ');
    }
    return texts;
  };

  // Many runs: a thousand at once, then ten thousand, or as many as are asked for. The newest question wins.
  let round = 0;
  const played = async (runs, mine) => {
    const poll = setInterval(async () => {
      const done = await fetch('done').then((it) => it.json()).catch(() => null);
      if (done && mine === round && !find('runs-done').hidden) find('runs-done').value = done.done / runs;
    }, 250);
    try {
      const answer = await fetch('runs', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ runs }),
      });
      if (!answer.ok || mine !== round) return null;
      return await answer.json();
    } catch {
      return null;
    } finally {
      clearInterval(poll);
    }
  };
  const fan = async (is_new, runs = null) => {
    const mine = ++round;
    if (!find('play-runs')) {
      find('fan').replaceChildren();
      return;
    }
    const steps = runs ? [runs] : [1000, 10000];
    for (const count of steps) {
      const [bar, stop, words] = ['runs-done', 'stop-runs', 'runs-say'].map(find);
      if (!bar) return;
      bar.hidden = false;
      bar.value = 0;
      stop.disabled = false;
      words.textContent = '';
      const told = await played(count, mine);
      if (mine !== round || !find('runs-done')) return;
      find('runs-done').hidden = true;
      find('stop-runs').disabled = true;
      if (!told) return;
      put('fan', told.html);
      find('runs-say').textContent = told.says;
      if (told.is_partial) return;
    }
  };

  const on = (type, handle) => document.addEventListener(type, handle);
  on('click', (event) => {
    const it = event.target.closest('button, a.mark, summary');
    if (!it) return;
    const { id, dataset } = it;
    const does = {
      undo: () => ask('undo'),
      redo: () => ask('redo'),
      'event-before': () => ask({ event: 'back' }),
      'event-after': () => ask({ event: 'on' }),
      play: () => ask({ play: it.getAttribute('aria-pressed') !== 'true' }),
      'play-here': () => ask({ play_from: find('state-day').dateTime }),
      'day-before': () => look(+find('slider').value - 1),
      'day-after': () => look(+find('slider').value + 1),
      insert: () => ask({ form: {} }),
      'close-form': closeForm,
      resume: () => ask('resume'),
      forget: () => ask('forget'),
      'play-runs': () => fan(false, +find('runs').value),
      'stop-runs': () => fetch('stop', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }),
    }[id];
    if (does) does();
    else if (dataset.decide) ask({ change: { decide: { chance: dataset.decide, option: dataset.option || null } } });
    else if (dataset.hold) ask({ change: { hold: dataset.hold } });
    else if (dataset.follow) ask({ follow: dataset.follow });
    else if (dataset.look) look(dayOf(dataset.look));
    else if (dataset.edit) ask({ form: { event: dataset.edit } });
    else if (dataset.out) ask({ change: { drop: dataset.out } });
    else if (dataset.step) ask({ step: +dataset.step });
    else if (dataset.row) ask({ row: +dataset.row });
    else if (dataset.take) ask({ take: +dataset.take });
    else if (dataset.unpin) ask({ unpin: +dataset.unpin });
    else if (dataset.usual) ask({ change: { set: { name: dataset.usual, value: '' } } });
    else if (it.classList.contains('mark')) {
      event.preventDefault();
      const plot = it.closest('.plot');
      const part = (+it.dataset.x - plot.dataset.left) / (plot.dataset.right - plot.dataset.left);
      look(Math.round(+plot.dataset.first + part * (plot.dataset.last - plot.dataset.first)));
    }
  });
  on('change', (event) => {
    const it = event.target;
    if (it.closest('#event-form')) {
      if (it.id === 'cell-act') {
        const event = find('event-form').dataset.event;
        ask({ form: { event: event || null, cells: cells() } });
      }
      return;
    }
    const { id, dataset, value, checked } = it;
    if (id === 'dyad') ask({ follow: value });
    else if (id === 'day') { if (value) look(dayOf(value)); }
    else if (id === 'from') ask({ from: value || null });
    else if (id === 'until') { if (value) ask({ change: { until: value } }); }
    else if (id === 'all') ask({ all: checked });
    else if (id === 'reason') ask({ because: value });
    else if (id === 'title') ask({ change: { title: value } });
    else if (id === 'preset') ask({ change: { preset: value } });
    else if (dataset.switch) ask({ change: checked ? { keep: dataset.switch } : { drop: dataset.switch } }).then((told) => { if (!told || told.troubles.length) again(); });
    else if (dataset.move) { if (value) ask({ change: { move: { event: dataset.move, to: value } } }).then((told) => { if (!told || told.troubles.length) again(); }); }
    else if (dataset.chance) ask({ change: { decide: { chance: dataset.chance, option: dataset.option || null } } });
    else if (dataset.set && it.type === 'text') ask({ change: { set: { name: dataset.set, value } } }).then((told) => { if (!told || told.troubles.length) again(); });
  });
  // What was refused is put back as it stands.
  const again = () => {
    shown.clear();
    ask('again');
  };
  on('input', (event) => {
    const it = event.target;
    if (it.id === 'slider') look(+it.value);
    else if (it.dataset.set && it.type === 'range') {
      find('set-' + it.dataset.set).value = it.value;
      ask({ change: { set: { name: it.dataset.set, value: it.value } } }, 'set ' + it.dataset.set);
    }
  });
  on('submit', async (event) => {
    event.preventDefault();
    // A form's own names go before its properties: one of the fields of an event is called id.
    const form = event.target.getAttribute('id');
    if (form === 'event-form') {
      const known = event.target.dataset.event || null;
      const told = await ask({ change: { write: { event: known, cells: cells() } } });
      if (told && !told.troubles.length) closeForm();
    } else if (form === 'pin') {
      const told = await ask({ pin: find('pin-name').value });
      if (told && !told.troubles.length && find('pin-name')) find('pin-name').value = '';
    } else if (form === 'save') {
      const name = find('save-name').value;
      const answer = await fetch('save', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name }),
      }).catch(() => null);
      if (!answer) say('The program on this machine does not answer.');
      else if (answer.ok) take(await answer.json());
      else say(await answer.text());
    }
  });
  document.addEventListener('toggle', (event) => {
    if (event.target.id === 'why' && event.target.open) why();
  }, true);
  on('keydown', (event) => {
    const isWriting = event.target.closest('input[type=text], select, dialog');
    if ((event.ctrlKey || event.metaKey) && !isWriting) {
      const key = event.key.toLowerCase();
      if (key === 'z' && !event.shiftKey) { event.preventDefault(); ask('undo'); }
      else if (key === 'y' || key === 'z' && event.shiftKey) { event.preventDefault(); ask('redo'); }
    }
    const mark = event.target.closest('a.mark');
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (mark && step) {
      const marks = all('a.mark', mark.closest('svg'));
      const other = marks[marks.indexOf(mark) + step];
      if (other) other.focus();
      event.preventDefault();
    }
  });
  // A mark of one event is dragged to another day.
  let drag = null;
  const dayAt = (event) => {
    const { plot } = drag;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(plot.ownerSVGElement.getScreenCTM().inverse());
    const [left, right, first, last] = ['left', 'right', 'first', 'last'].map((name) => +plot.dataset[name]);
    return Math.round(first + (point.x - left) / (right - left) * (last - first));
  };
  on('pointerdown', (event) => {
    const mark = event.pointerType === 'mouse' && event.button === 0 && event.target.closest('#curve a.mark');
    const ids = mark && find('curve').dataset.ids;
    if (!ids) return;
    drag = { mark, plot: mark.closest('.plot'), x: event.clientX, moved: false, ids: mark.dataset.events.split(' ').map((number) => ids.split(' ')[number - 1]) };
  });
  on('dragstart', (event) => { if (event.target.closest && event.target.closest('a.mark')) event.preventDefault(); });
  on('pointermove', (event) => {
    if (!drag) return;
    if (Math.abs(event.clientX - drag.x) > 6) drag.moved = true;
    if (!drag.moved) return;
    const scale = drag.plot.ownerSVGElement.getScreenCTM().a;
    drag.mark.setAttribute('transform', 'translate(' + ((event.clientX - drag.x) / scale).toFixed(1) + ' 0)');
    say('To ' + iso(dayAt(event)));
  });
  on('pointerup', (event) => {
    const held = drag;
    if (!held || !held.moved) { drag = null; return; }
    const day = dayAt(event);
    drag = null;
    held.mark.removeAttribute('transform');
    // The click that follows is none.
    const none = (click) => { click.preventDefault(); click.stopPropagation(); };
    addEventListener('click', none, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', none, { capture: true }), 0);
    if (held.ids.length > 1) say('Several events stand on this mark; give one of them another day in the list.');
    else ask({ change: { move: { event: held.ids[0], to: iso(day) } } });
  });
  // A scenario file that is dropped on the page is opened.
  on('dragover', (event) => { if (event.dataTransfer.types.includes('Files')) event.preventDefault(); });
  on('drop', async (event) => {
    const file = event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    const answer = await fetch('open', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: file.name, text: await file.text() }),
    }).catch(() => null);
    if (answer && answer.ok) take(await answer.json());
    else say(answer ? await answer.text() : 'The program on this machine does not answer.');
  });
  // Another window on the same session may have changed it.
  follow(() => setTimeout(() => {
    fetch('version').then((it) => it.json()).then((it) => { if (it !== version && !asking) again(); }).catch(() => {});
  }, 150));
  find('form').addEventListener('close', () => find('form').replaceChildren());
  drawCursor();
  toToday();
  fan(true);
})();
