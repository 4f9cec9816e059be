/* What all charts share: a place that is drawn anew when its width changes, scales, axes, hints. */

/* `draw` gets the width and returns an svg element. */
function chart(place, label, draw) {
	const box = el('div', { class: 'chart' });
	let drawn = 0;

	function redraw() {
		const width = Math.floor(box.clientWidth);

		if (!width || width === drawn)
			return;
		drawn = width;
		box.replaceChildren(fill(draw(width), { role: 'img', 'aria-label': label }, []));
	}

	place.append(box);
	redraw();
	new ResizeObserver(redraw).observe(box);
	return box;
}

function picture(width, height, ...children) {
	return svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, children);
}

/* Numbers from..to onto pixels. Where they are one, all is at the beginning. */
function linear(from, to, left, right) {
	const factor = to > from ? (right - left) / (to - from) : 0;

	return value => left + (value - from) * factor;
}

function rect(name, x, y, width, height, tip, more) {
	return svg('rect', {
		class: name, x: x.toFixed(2), y: y.toFixed(2), width: Math.max(0, width).toFixed(2),
		height: Math.max(0, height).toFixed(2), 'data-tip': tip, ...more,
	});
}

function label(x, y, text, name, anchor) {
	return svg('text', {
		x: x.toFixed(1), y: y.toFixed(1), class: name, 'text-anchor': anchor,
	}, text);
}

function rule(x1, y1, x2, y2, name) {
	return svg('line', {
		x1: x1.toFixed(2), y1: y1.toFixed(2), x2: x2.toFixed(2), y2: y2.toFixed(2), class: name,
	});
}

/* 1, 2 or 5 times a power of ten: at most `nr` steps to `max`. */
function nice_step(max, nr) {
	const least = max / Math.max(1, nr);
	const power = 10 ** Math.floor(Math.log10(least));

	return [1, 2, 5, 10].find(factor => factor * power >= least * 0.999) * power;
}

/* In the unit that is right for `max`. */
function time_ticks(max, nr) {
	if (!(max > 0))
		return [[0, '0']];
	const minutes = max >= 600e9;
	const [unit, name] = minutes ? [60e9, 'min'] : ns_units.find(([size]) => max >= size) || [1, 'ns'];
	const step = nice_step(max / unit, nr), digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
	const ticks = [];

	for (let at = 0; at * step <= max / unit * 1.0001; at++)
		ticks.push([at * step * unit, `${(at * step).toFixed(digits)} ${name}`]);
	return ticks;
}

function time_axis(x, y, max, width) {
	return time_ticks(max, Math.max(2, width / 110)).map(([ns, text]) => [
		rule(x(ns), y, x(ns), y + 4, 'axis'),
		label(x(ns), y + 17, text, null, ns === 0 ? 'start' : x(ns) > width - 24 ? 'end' : 'middle'),
	]);
}

/* Hints follow the pointer. They repeat what tables and labels say. */
function start_tips() {
	const tip = document.getElementById('tip');

	document.addEventListener('pointermove', event => {
		const mark = event.target instanceof Element ? event.target.closest('[data-tip]') : null;

		tip.hidden = !mark;
		if (!mark)
			return;
		tip.textContent = mark.getAttribute('data-tip');
		const box = tip.getBoundingClientRect();
		const x = Math.min(event.clientX + 14, innerWidth - box.width - 6);
		const y = event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 10 :
			event.clientY + 18;
		tip.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
	});
}
