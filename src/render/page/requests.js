/* What was asked for, and by whom: the tables of `by`. */
function key_text(row, known, text) {
	if (row.other)
		return '(others)';
	return known === null ? '(not seen)' : text;
}

const key_columns = {
	order: ['order', row => key_text(row, row.order, `order ${row.order}`)],
	gfp: ['gfp flags', row => row.gfp === null ? key_text(row, null) : flags(row.names || row.gfp)],
	migratetype: ['migratetype', row => key_text(row, row.migratetype,
		row.name === null ? `migratetype ${row.migratetype}` : said(row.name))],
	comm: ['task', row => row.other || row.comm === null ? key_text(row, row.comm) : said(row.comm)],
};

function key_table(summary, key, title) {
	const rows = (summary.by && summary.by[key]) || [], [name, cell] = key_columns[key];

	return rows.length ? long_table(title, [
		{ name, cell },
		count_column('episodes', 'count'),
		...time_columns(summary.slowpath.time_ns.total),
	], rows) : [];
}

function draw_requests(place, summary) {
	heat_part(place, summary);
	place.append(...[
		key_table(summary, 'order', 'By order'),
		key_table(summary, 'gfp', 'By gfp flags'),
		key_table(summary, 'migratetype', 'By migratetype'),
	].flat());
	return Boolean(place.querySelector('table'));
}

function draw_tasks(place, summary) {
	place.append(...[key_table(summary, 'comm', 'By task')].flat());
	return Boolean(place.querySelector('table'));
}

/* --- still stalled at the end --- */
function draw_waiting(place, summary) {
	const waiting = summary.in_flight;

	if (!waiting || !waiting.count)
		return false;
	place.append(...[
		note(`${count_of(waiting.count, 'episode')} had not ended when the recording did, ` +
			'the oldest first.' + (waiting.not_listed ?
			` ${count_text(waiting.not_listed)} of them are not listed.` : '')),
		long_table('Still stalled', [
			{ name: 'task', cell: row => [said(row.comm), ` [${row.pid}]`] },
			{ name: 'since', number: true, cell: row => ns_text(row.age_ns) },
			{ name: 'in', cell: row =>
				`${words_of(row.stage)} for ${ns_text(row.stage_age_ns)}` },
			{ name: 'last event', number: true, cell: row =>
				`${ns_text(row.last_event_age_ns)} ago` },
			count_column('order', 'order'),
			{ name: 'gfp', optional: true, cell: row => flags(row.gfp_names) },
			{ name: 'the task is', cell: row =>
				row.run === null ? NOT_KNOWN : run_words[row.run] || words_of(row.run) },
		], waiting.episodes),
	].flat());
	return true;
}
