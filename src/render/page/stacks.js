/*
 * Call stacks as a flame graph: a frame is as wide as the time of the episodes under it, callers above
 * what they call. Summaries without stacks show nothing.
 */
const FRAME_HEIGHT = 20;
const DEPTH_MAX = 64;
const FRAMES_MAX = 4000;

/* The names of a stack, innermost first as the kernel tells them; none where it is not known. */
function names_in(frames) {
	return (Array.isArray(frames) ? frames : []).filter(name => typeof name === 'string')
		.slice(0, DEPTH_MAX);
}

/* As the kernel prints them: the function, and where in it. */
function stack_text(frames, offsets) {
	const at = Array.isArray(offsets) ? offsets : [];

	return names_in(frames).map((name, nr) => clean(at[nr] ? `${name}+${at[nr]}` : name)).join('\n');
}

/* From the outermost on; what has no stack of its own stands beside the others. */
function path_of(row) {
	const names = names_in(row.frames).reverse();

	return names.length ? names : [row.other ? '(other stacks)' : '(not known)'];
}

/* A tree of { name, ns, count, under: Map }. */
function flame_tree(rows) {
	const root = { name: 'all', ns: 0, count: 0, under: new Map() };

	for (const row of rows) {
		let node = root;

		for (const name of [null, ...path_of(row)]) {
			if (name !== null && !node.under.has(name))
				node.under.set(name, { name, ns: 0, count: 0, under: new Map() });
			node = name === null ? root : node.under.get(name);
			node.ns += row.time_ns.total;
			node.count += row.count;
		}
	}
	return root;
}

function draw_frame(view, node, depth, left) {
	const width = node.ns / view.whole * view.width, name = clean(node.name);

	view.deepest = Math.max(view.deepest, depth);
	if (width < 0.5 || ++view.drawn > FRAMES_MAX)
		return [];
	let x = left;
	const under = [...node.under.values()].map(child => {
		const drawn = draw_frame(view, child, depth + 1, x);

		x += child.ns / view.whole * view.width;
		return drawn;
	});

	return [
		rect('frame bar', left, depth * FRAME_HEIGHT, width, FRAME_HEIGHT,
			`${name}\n${ns_text(node.ns)}, ${percent_text(node.ns, view.whole)}, ` +
			count_of(node.count, 'episode')),
		width > 34 ? label(left + 5, depth * FRAME_HEIGHT + 14,
			cut(name, Math.floor((width - 6) / 6.6)), 'on') : null,
		under,
	];
}

function flame_picture(tree, width) {
	const view = { whole: tree.ns, width, deepest: 0, drawn: 0 };
	const marks = draw_frame(view, tree, 0, 0);

	return picture(width, (view.deepest + 1) * FRAME_HEIGHT + 2,
		svg('g', { 'data-marks': 'flame' }, marks));
}

function stacks_table(rows) {
	return table_of('Stacks, innermost first', [
		{ name: 'stack', cell: row => el('bdi', { class: 'mono' },
			path_of(row).reverse()
				.map((name, at) => [at ? [' ← ', el('wbr')] : '', clean(name)])) },
		count_column('episodes', 'count'),
		{ name: 'total', number: true, cell: row => ns_text(row.time_ns.total) },
		{ name: 'max', number: true, cell: row => ns_text(row.time_ns.max) },
	], rows.slice(0, ROWS_MAX), 'stacked');
}

function draw_stacks(place, summary) {
	const all = (summary.by && summary.by.caller) || [];
	const rows = Array.isArray(all) ? all : [], tree = flame_tree(rows);

	if (!tree.ns || !rows.some(row => names_in(row.frames).length))
		return false;
	place.append(note('Callers above what they call; as wide as the time of the episodes.'));
	chart(place, 'Flame graph of the call stacks; the table below says the same',
		width => flame_picture(tree, width));
	place.append(opening(count_of(rows.length, 'stack'), () => stacks_table(rows)));
	return true;
}
