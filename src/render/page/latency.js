/* The distribution of durations, on a logarithmic axis. */
const PARTS_OF_OCTAVE = 8;
const PERCENTILES = [['p50', 'p50'], ['p90', 'p90'], ['p99', 'p99'], ['p999', 'p99.9'], ['max', 'max']];

/*
 * Buckets are too fine to be seen. Eight parts of an octave are drawn as one bar: their ends are ends
 * of buckets, so that no bucket is cut. Returns [{ from, to, count }] in ns.
 */
function bars_of(histogram) {
	const bars = new Map();

	for (const [lower, , count] of histogram) {
		const octave = 2 ** Math.floor(Math.log2(Math.max(1, lower)));
		const part = Math.max(1, octave / PARTS_OF_OCTAVE);
		const from = lower < 1 ? 0 : octave + Math.floor((lower - octave) / part) * part;
		const bar = bars.get(from) || { from, to: from + part, count: 0 };

		bar.count += count;
		bars.set(from, bar);
	}
	return [...bars.values()];
}

function log_ticks(from, to, width) {
	const ticks = [], decades = Math.log10(to / from), room = width / Math.max(1, decades);

	for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power++)
		for (const factor of [1, 2, 5])
			ticks.push([factor * 10 ** power, factor === 1 || room > 240]);
	return ticks.filter(([ns]) => ns >= from && ns <= to);
}

function tick_text(ns) {
	const [unit, name] = ns_units.find(([size]) => ns >= size) || [1, 'ns'];

	return `${Math.round(ns / unit).toLocaleString('en-US')} ${name}`;
}

/* Labels that would touch go one line up: returns the line of each. */
function lines_of(labels) {
	const ends = [];

	return labels.map(({ x, text }) => {
		const left = x - text.length * 3.6 - 4, right = x + text.length * 3.6 + 4;
		let line = ends.findIndex(end => end <= left);

		if (line < 0)
			line = ends.length;
		ends[line] = right;
		return line;
	});
}

/* Percentiles by their value: of few episodes several are the same. */
function names_of(times) {
	const names = new Map();

	for (const [key, name] of PERCENTILES)
		if (times[key] !== null)
			names.set(times[key], [...names.get(times[key]) || [], name]);
	return names;
}

function percentile_marks(times, x, width) {
	const labels = [...names_of(times)].map(([ns, names]) => {
		const text = `${names.join(', ')} ${ns_text(ns)}`, half = text.length * 3.6;

		return { at: x(ns), x: Math.min(Math.max(x(ns), half), width - half), text };
	});
	const lines = lines_of(labels);

	return { labels, lines, nr: Math.max(0, ...lines) + 1 };
}

function latency_picture(slow, width) {
	const bars = bars_of(slow.histogram), left = 44, height = 190;
	const from = Math.max(0.5, bars.reduce((min, bar) => Math.min(min, bar.from), Infinity));
	const to = bars.reduce((max, bar) => Math.max(max, bar.to), 0);
	const position = linear(Math.log(from) - 0.05, Math.log(to) + 0.05, left, width);
	const x = ns => position(Math.log(Math.max(ns, from)));
	const marks = percentile_marks(slow.time_ns, x, width), top = marks.nr * 17 + 10;
	const bottom = top + height, most_count = most(bars, bar => bar.count);
	const scale = linear(Math.log(0.6), Math.log(Math.max(2, most_count)), bottom, top);
	const y = count => scale(Math.log(count));

	return picture(width, bottom + 42, count_axis(y, most_count, left, width),
		svg('g', { 'data-marks': 'latency' }, bars.map(bar => rect('bar', x(bar.from), y(bar.count),
			Math.max(1, x(bar.to) - x(bar.from) - 0.75), bottom - y(bar.count),
			`${ns_text(bar.from)} to ${ns_text(bar.to)}\n${count_of(bar.count, 'episode')}`))),
		rule(left, bottom, width, bottom, 'axis'),
		latency_axis(x, from, to, bottom, width, left),
		label(left, bottom + 36, 'duration, logarithmic'),
		marks.labels.map((mark, at) => [
			rule(mark.at, (marks.nr - marks.lines[at]) * 17 - 2, mark.at, bottom, 'mark-line'),
			label(mark.x, (marks.nr - marks.lines[at]) * 17 - 6, mark.text,
				'plain halo', 'middle'),
		]));
}

function short_count(count) {
	return count >= 1e6 ? `10^${Math.round(Math.log10(count))}` : count_text(count);
}

function count_axis(y, most_count, left, width) {
	const ticks = [];

	for (let power = 1; power <= most_count; power *= 10)
		for (const count of most_count < 100 ? [power, 2 * power, 5 * power] : [power])
			if (count <= most_count)
				ticks.push([
					rule(left, y(count), width, y(count), 'grid'),
					label(left - 8, y(count) + 4, short_count(count), null, 'end'),
				]);
	return ticks;
}

function latency_axis(x, from, to, bottom, width, left) {
	return log_ticks(from, to, width - left).map(([ns, named]) => [
		rule(x(ns), bottom, x(ns), bottom + (named ? 5 : 3), 'axis'),
		named ? label(x(ns), bottom + 18, tick_text(ns), null,
			x(ns) > width - 24 ? 'end' : 'middle') : null,
	]);
}

function basis_text(slow) {
	const told = Object.entries(slow.time_basis).filter(([, count]) => count);

	if (told.length === 1)
		return `All durations are ${words_of(told[0][0])}.`;
	return 'Durations: ' + joined(told.map(([basis, count]) =>
		`${count_text(count)} ${words_of(basis)}`)) + '.';
}

function roles_table(slow) {
	const rows = [
		['stalls of tasks', slow.stalls],
		['kswapd', slow.background.kswapd],
		['kcompactd', slow.background.kcompactd],
		['interrupts', slow.interrupts],
		['inside other episodes', slow.nested],
	].filter(([, tally]) => tally.count).map(([name, tally]) => ({ name, ...tally }));

	return table_of('Whose they were', [
		{ name: 'whose', cell: row => row.name },
		count_column('episodes', 'count'),
		...time_columns(slow.time_ns.total),
	], rows);
}

function draw_latency(place, summary) {
	const slow = summary.slowpath;

	if (!slow.histogram || !slow.histogram.length || !slow.time_ns)
		return false;
	place.append(note('Every episode, those inside others too, both axes logarithmic. ' +
		basis_text(slow)));
	chart(place, `Distribution of the durations of ${count_of(slow.rebuilt, 'episode')}: ` +
		PERCENTILES.map(([key, name]) => `${name} ${ns_text(slow.time_ns[key])}`).join(', '),
	width => latency_picture(slow, width));
	place.append(...[roles_table(slow)].flat());
	return true;
}
