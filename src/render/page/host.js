/* Who recorded what, where; and the state of the host before and after. */
function known(value, text) {
	return value === null || value === undefined ? NOT_KNOWN : text(value);
}

function recorder_facts(recorder) {
	if (!recorder)
		return [['recorder', 'another tool']];
	return [
		['profile', said(recorder.profile),
			recorder.why === null ? '' : [' (', said(recorder.why), ')']],
		['recording ended', said(recorder.ended)],
		['buffer', known(recorder.buffer_kb, kb => `${bytes_text(kb * 1024)} per CPU`)],
		recorder.only_pid === null ? null : ['only pid', String(recorder.only_pid)],
		['recorder', known(recorder.version, version => `pagetrail ${clean(version)}`)],
	];
}

function format_facts(capture) {
	return [
		['capture', said(capture.file), `, ${bytes_text(capture.bytes)}`],
		['sha256', el('span', { class: 'mono' }, known(capture.sha256, clean))],
		['format', `trace.dat version ${known(capture.format, String)}, ` +
			`${known(capture.byte_order, clean)} endian, ` +
			`${known(capture.long_bytes, bytes => String(8 * bytes))} bit, ` +
			`${known(capture.cpus, nr => count_of(nr, 'CPU'))} with data`],
	];
}

function merged_facts(summary) {
	const merged = summary.merged;

	return merged ? [['merged', `${count_of(merged.summaries, 'capture')} of ` +
		`${count_of(merged.cpus, 'CPU')}; what they do not agree on is not known`]] : [];
}

function draw_host(place, summary) {
	const capture = summary.capture, host = summary.host, kernel = summary.kernel;

	place.append(facts([
		...merged_facts(summary),
		['kernel', said(kernel.release)],
		['built', said(kernel.version)],
		['machine', said(kernel.machine)],
		['memory', known(host.memory_kb, kb => bytes_text(kb * 1024))],
		['CPUs', `${known(host.cpus_online, String)} online, ` +
			`${known(host.cpus_possible, String)} possible`],
		['page size', known(host.page_bytes, bytes_text)],
		...format_facts(capture),
		['clock', said(capture.clock)],
		['recorded for', ns_text(capture.window.duration_ns)],
		...recorder_facts(capture.recorder),
		['entries seen by', words_of(summary.slowpath.basis)],
	]));
	return true;
}

/* Names of both sides, in the order of the first. */
function both_sides(start, stop) {
	const names = new Set([...Object.keys(start || {}), ...Object.keys(stop || {})]);

	return [...names].map(name => ({ name, start: (start || {})[name], stop: (stop || {})[name] }));
}

function side_text(value) {
	return typeof value === 'number' ? count_text(value) : known(value, clean);
}

function sides_table(title, start, stop) {
	return table_of(title, [
		{ name: 'what', cell: row => said(row.name) },
		{ name: 'before', number: true, cell: row => side_text(row.start) },
		{ name: 'after', number: true, cell: row => side_text(row.stop) },
	], both_sides(start, stop).slice(0, ROWS_MAX));
}

function pressure_rows(pressure) {
	const rows = {};

	for (const kind of ['some', 'full'])
		for (const [name, value] of Object.entries((pressure && pressure[kind]) || {}))
			rows[`${kind} ${name}`] = value;
	return rows;
}

function lines_block(name, lines) {
	return [el('h3', null, name), lines ? el('pre', { tabindex: 0, 'aria-label': name },
		lines.map(line => line.split('\t').map(clean).join('\t')).join('\n')) : note(NOT_KNOWN)];
}

function both_blocks(start, stop) {
	return [...lines_block('before', start), ...lines_block('after', stop)];
}

function state_parts(state) {
	const { start, stop, vmstat_change: vmstat } = state;

	return [
		['Counters of /proc/vmstat that changed', vmstat, () => table_of('/proc/vmstat', [
			{ name: 'counter', cell: row => said(row[0]) },
			{ name: 'change', number: true, cell: row => count_text(row[1]) },
		], Object.entries(vmstat).slice(0, ROWS_MAX))],
		['Memory (/proc/meminfo)', start.meminfo || stop.meminfo,
			() => sides_table('/proc/meminfo', start.meminfo, stop.meminfo)],
		['Memory pressure (/proc/pressure/memory)', start.pressure || stop.pressure,
			() => sides_table('/proc/pressure/memory', pressure_rows(start.pressure),
				pressure_rows(stop.pressure))],
		['Settings (sysctl)', start.sysctl || stop.sysctl,
			() => sides_table('sysctl', start.sysctl, stop.sysctl)],
		['Free blocks (/proc/buddyinfo)', start.buddyinfo || stop.buddyinfo,
			() => both_blocks(start.buddyinfo, stop.buddyinfo)],
		['Zones (/proc/zoneinfo)', start.zoneinfo || stop.zoneinfo,
			() => both_blocks(start.zoneinfo, stop.zoneinfo)],
	];
}

function draw_state(place, summary) {
	const parts = state_parts(summary.state), unknown = parts.filter(([, has]) => !has);

	place.append(...parts.filter(([, has]) => has)
		.map(([title, , make]) => opening(title, make)));
	if (unknown.length)
		place.append(note(`Not in the capture: ${joined(unknown.map(([title]) => title))}.`));
	return true;
}
