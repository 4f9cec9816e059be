/* What was entered and stalled, and what the machine did meanwhile, one below the other in time. */
const STRIP_GAP = 34;

function window_start(summary) {
	const start = summary.capture.window.start_ns;

	if (start !== null)
		return start;
	return summary.timeline.length ? summary.timeline[0].start_ns : 0;
}

function most(rows, value) {
	return rows.reduce((max, row) => Math.max(max, value(row) || 0), 0);
}

function any_known(rows, value) {
	return rows.some(row => value(row) !== null && value(row) !== undefined);
}

function interval_text(view, row) {
	const from = row.start_ns - view.start;

	return `${ns_text(from)} to ${ns_text(from + row.duration_ns)}` +
		(row.lossy ? ', records were lost' : '');
}

/* Bars of a strip; `parts` returns [[class, value, text]], which are stacked. */
function stacked(view, strip, parts) {
	return view.rows.map(row => {
		const left = view.x(row.start_ns), width = view.x(row.start_ns + row.duration_ns) - left;
		let top = strip.y + strip.height;

		return parts(row).filter(([, value]) => value > 0).map(([name, value, text]) => {
			const height = value / strip.max * strip.height;

			top -= height;
			return rect(name, left + 0.5, top, Math.max(1, width - 1), height,
				`${interval_text(view, row)}\n${text}`);
		});
	});
}

/* Bars over each other, each from the bottom. */
function overlaid(view, strip, parts) {
	return view.rows.map(row => {
		const left = view.x(row.start_ns), width = view.x(row.start_ns + row.duration_ns) - left;

		return parts(row).filter(([, value]) => value > 0).map(([name, value, text]) => {
			const height = Math.min(1, value / strip.max) * strip.height;

			return rect(name, left + 0.5, strip.y + strip.height - height,
				Math.max(1, width - 1), height, `${interval_text(view, row)}\n${text}`);
		});
	});
}

function draw_entries(view, strip) {
	return stacked(view, strip, row =>
		[['bar', row.entries, `${count_of(row.entries, 'entry', 'entries')}`]]);
}

/* What is in no stage any more is beyond what an episode keeps. */
function stalled_parts(row) {
	const stages = Object.entries(row.stages_ns || {});
	const rest = (row.stalled_ns || 0) - stages.reduce((sum, [, ns]) => sum + ns, 0);

	return stages.concat(rest > 0 ? [['other', rest]] : []).map(([stage, ns]) =>
		[`fill-${stage_class(stage)}`, ns, `${words_of(stage)} ${ns_text(ns)}, ` +
			`of ${ns_text(row.stalled_ns)} stalled`]);
}

function draw_stalled(view, strip) {
	return stacked(view, strip, stalled_parts);
}

function draw_awake(view, strip) {
	return overlaid(view, strip, row => {
		const awake = row.kswapd_awake_ns, all = row.duration_ns;

		if (!awake || !all)
			return [];
		const text = `kswapd awake ${ns_text(awake.min)} to ${ns_text(awake.max)}`;
		return [['possible', awake.max / all, text], ['certain', awake.min / all, text]];
	});
}

function draw_pressure(view, strip) {
	return overlaid(view, strip, row => {
		if (!row.counted_ns || row.psi_some_us === null)
			return [];
		const share = us => (us || 0) * 1000 / row.counted_ns;
		const text = `some waited ${ns_text(row.psi_some_us * 1000)}, all ` +
			`${row.psi_full_us === null ? NOT_KNOWN : ns_text(row.psi_full_us * 1000)}, ` +
			`of ${ns_text(row.counted_ns)}`;

		return [['some', share(row.psi_some_us), text], ['full', share(row.psi_full_us), text]];
	});
}

function pages_text(view, pages) {
	if (pages === null)
		return NOT_KNOWN;
	return view.page_bytes ? bytes_text(pages * view.page_bytes) : count_of(pages, 'page');
}

/* Through the ends of the intervals whose value is known; it breaks where one is not. */
function line_through(view, strip, key, name) {
	let path = '', pen = 'M';

	for (const row of view.rows) {
		if (row[key] === null) {
			pen = 'M';
			continue;
		}
		const x = view.x(row.start_ns + row.duration_ns);
		const y = strip.y + strip.height * (1 - row[key] / strip.max);

		path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
		pen = 'L';
	}
	return path ? svg('path', { class: name, d: path }) : null;
}

function draw_free(view, strip) {
	const known = view.rows.filter(row => row.free_pages !== null);

	return [
		line_through(view, strip, 'free_pages_min', 'line least'),
		line_through(view, strip, 'free_pages', 'line'),
		known.map(row => svg('circle', {
			class: 'dot', r: known.length > 100 ? 1.5 : 2.5,
			cx: view.x(row.start_ns + row.duration_ns).toFixed(1),
			cy: (strip.y + strip.height * (1 - row.free_pages / strip.max)).toFixed(1),
			'data-tip': `${interval_text(view, row)}\n` +
				`${pages_text(view, row.free_pages)} free at the end, ` +
				`${pages_text(view, row.free_pages_min)} at the least`,
		})),
	];
}

const strips = [
	{
		name: 'entries', title: 'Entries', height: 64, draw: draw_entries, known: row => row.entries,
		max: view => most(view.rows, row => row.entries),
		scale: strip => strip.empty ? 'none' : `up to ${count_text(strip.max)} in an interval`,
	}, {
		name: 'stalled', title: 'Stalled time of all tasks', height: 84, draw: draw_stalled,
		known: row => row.stalled_ns, max: view => most(view.rows, row => row.stalled_ns),
		scale: strip => strip.empty ? 'none' : `up to ${ns_text(strip.max)} in an interval`,
	}, {
		name: 'kswapd', title: 'kswapd awake', height: 26, draw: draw_awake,
		known: row => row.kswapd_awake_ns, max: () => 1,
		scale: () => 'share of time; faint: possible',
	}, {
		name: 'free', title: 'Free memory', height: 56, draw: draw_free, known: row => row.free_pages,
		max: view => most(view.rows, row => row.free_pages),
		scale: (strip, view) => `0 to ${pages_text(view, strip.max)}; dotted: the least`,
	}, {
		name: 'pressure', title: 'Memory pressure (PSI)', height: 44, draw: draw_pressure,
		known: row => row.psi_some_us, max: () => 1,
		scale: () => 'share of time; faint: some, strong: full',
	},
];

/* Places the strips that have something to show. */
function place_strips(view) {
	let y = 20;

	return strips.filter(strip => any_known(view.rows, strip.known)).map(strip => {
		const max = strip.max(view), placed = { ...strip, y, max: max || 1, empty: !max };

		y += strip.height + STRIP_GAP;
		return placed;
	});
}

function draw_strip(view, strip, width) {
	const bottom = strip.y + strip.height;

	return svg('g', { 'data-strip': strip.name },
		label(0, strip.y - 6, strip.title, 'strong'),
		label(width, strip.y - 6, strip.scale(strip, view), null, 'end'),
		rule(0, strip.y, width, strip.y, 'grid'),
		strip.draw(view, strip),
		rule(0, bottom, width, bottom, 'axis'));
}

function lossy_bands(view, bottom) {
	return view.rows.filter(row => row.lossy).map(row => {
		const left = view.x(row.start_ns), right = view.x(row.start_ns + row.duration_ns);

		return rect('lossy', left, 20, Math.max(2, right - left), bottom - 20,
			interval_text(view, row));
	});
}

function timeline_picture(summary, width) {
	const rows = summary.timeline, start = rows[0].start_ns;
	const end = rows.at(-1).start_ns + rows.at(-1).duration_ns;
	const view = { rows, start, page_bytes: summary.host.page_bytes, x: linear(start, end, 0, width) };
	const placed = place_strips(view);
	const bottom = placed.reduce((y, strip) => Math.max(y, strip.y + strip.height), 20);

	return picture(width, bottom + 24, lossy_bands(view, bottom),
		placed.map(strip => draw_strip(view, strip, width)),
		time_axis(ns => view.x(start + ns), bottom, end - start, width));
}

function awake_text(awake) {
	if (!awake)
		return NOT_KNOWN;
	return awake.min === awake.max ? ns_text(awake.min) :
		`${ns_text(awake.min)} to ${ns_text(awake.max)}`;
}

function timeline_table(summary) {
	const start = window_start(summary), pages = { page_bytes: summary.host.page_bytes };

	return long_table('Intervals', [
		{ name: 'from', cell: row => ns_text(Math.max(0, row.start_ns - start)) },
		{ name: 'for', number: true, cell: row => ns_text(row.duration_ns) },
		count_column('entries', 'entries'),
		{ name: 'stalled', number: true, cell: row => ns_text(row.stalled_ns) },
		{ name: 'kswapd awake', number: true, cell: row => awake_text(row.kswapd_awake_ns) },
		{ name: 'free', number: true, cell: row => pages_text(pages, row.free_pages) },
		{ name: 'PSI some', number: true, cell: row => row.psi_some_us === null ? NOT_KNOWN :
			ns_text(row.psi_some_us * 1000) },
		{ name: 'PSI full', number: true, cell: row => row.psi_full_us === null ? NOT_KNOWN :
			ns_text(row.psi_full_us * 1000) },
		{ name: 'records lost', cell: row => row.lossy ? 'yes' : 'no' },
	], summary.timeline);
}

/* Numbers of the kernel that the recording does not have. */
function unknown_strips(rows) {
	return strips.filter(strip => !any_known(rows, strip.known)).map(strip => strip.title);
}

function crowd_text(crowd) {
	if (!crowd || !crowd.max)
		return null;
	const nobody = crowd.by_number.find(row => row.from === 0 && row.to === 0);

	return `Stalled at once: ${count_text(crowd.max)} at most, ` +
		`${crowd.mean === null ? NOT_KNOWN : crowd.mean} on average (${crowd.basis})` +
		(nobody ? `; nobody for ${percent_text(nobody.ns, crowd.window_ns)} of the time.` : '.');
}

function draw_timeline(place, summary) {
	const rows = summary.timeline, unknown = unknown_strips(rows);
	const crowd = crowd_text(summary.concurrency);

	if (!rows.length)
		return false;
	chart(place, 'Entries and stalled time, kswapd, free memory and memory pressure over time; ' +
		'the numbers are in the table below', width => timeline_picture(summary, width));
	if (any_known(rows, row => row.stages_ns))
		place.append(stage_legend(KNOWN_STAGES.filter(stage =>
			rows.some(row => row.stages_ns && row.stages_ns[stage]))));
	if (rows.some(row => row.lossy))
		place.append(note('Reddish: records were lost there, so that there may have been more.'));
	if (crowd)
		place.append(note(crowd));
	if (unknown.length)
		place.append(note(`${NOT_KNOWN[0].toUpperCase()}${NOT_KNOWN.slice(1)}: ${joined(unknown)}.`));
	place.append(opening('The numbers', () => timeline_table(summary)));
	return true;
}
