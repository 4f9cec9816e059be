/* Certainty: what was compared with the kernel's own counts, and what is missing. */
const VERDICTS = ['mismatch', 'explained', 'ok', 'unknown'];
const verdict_words = {
	ok: ['agrees', 'agree'],
	explained: ['differs for a reason that is named', 'differ for reasons that are named'],
	mismatch: ['contradicts the kernel', 'contradict the kernel'],
	unknown: ['could not be made', 'could not be made'],
};
const gap_sentences = {
	records_lost: 'The ring buffer lost records; a larger one (record -b) would keep them.',
	loss_counts_absent: 'Nobody counted what the ring buffer lost at the end.',
	entry_probe_missed: 'The probe that shows entries missed hits.',
	probe_missed: 'A probe missed hits: steps are missing, entries are not.',
	damaged: 'Parts of the file are damaged and were left out.',
	undecodable: 'Records were too short for their format.',
	unfinished: 'The recorder did not finish the file.',
	window_absent: 'The start or the end of the recording is not in the capture.',
	evicted: 'More was open at once than is followed.',
};

function by_verdict(rows) {
	return VERDICTS.flatMap(verdict => rows.filter(row => row.verdict === verdict));
}

function traced_text(row) {
	if (row.traced === null || row.traced_max === null)
		return row.traced === null ? NOT_KNOWN : `at least ${count_text(row.traced)}`;
	return between_text({ min: row.traced, max: row.traced_max });
}

function relation_tip(row) {
	return `${clean(row.what)}: ${words_of(row.verdict)}\ntraced ${traced_text(row)}, ` +
		`kernel ${count_text(row.kernel)}`;
}

function verdict_class(verdict) {
	return VERDICTS.includes(verdict) ? verdict : 'unknown';
}

function verdict_strip(rows) {
	return el('ul', { class: 'strip', 'aria-label': 'One mark per comparison with the kernel' },
		by_verdict(rows).map(row => el('li', {
			class: `verdict-${verdict_class(row.verdict)}`, 'data-tip': relation_tip(row),
			'aria-label': `${clean(row.what)}: ${words_of(row.verdict)}`,
		})));
}

function verdicts_text(rows) {
	const counts = VERDICTS.map(verdict => [verdict, rows.filter(row => row.verdict === verdict).length]);

	return counts.filter(([, count]) => count).map(([verdict, count], at) => [
		at ? ', ' : '',
		el('span', { class: verdict === 'mismatch' ? 'word-mismatch' : null },
			`${count_text(count)} ${verdict_words[verdict][count === 1 ? 0 : 1]}`),
	]);
}

function relation_cell(row) {
	return [said(row.what), el('span', { class: 'under' },
		'traced: ', said(row.traced_is), '; kernel: ', said(row.kernel_is),
		'; expected: ', said(row.relation),
		row.why === null ? null : el('strong', null, '; ', said(row.why)))];
}

function relations_table(rows) {
	return table_of('Traced against what the kernel counted', [
		{ name: 'what', cell: relation_cell },
		{ name: 'verdict', name_of_class: 'verdict', cell: row =>
			el('span', { class: `word-${verdict_class(row.verdict)}` }, words_of(row.verdict)) },
		{ name: 'traced', number: true, cell: traced_text },
		{ name: 'kernel', number: true, cell: row => count_text(row.kernel) },
	], by_verdict(rows), 'stacked');
}

function lost_text(limits) {
	if (limits.lost_max === null)
		return 'Nobody counted how many records were lost.';
	return `${count_of(limits.lost_max, 'record')} at most ` +
		`${limits.lost_max === 1 ? 'is' : 'are'} missing.`;
}

function gap_sentence(gap) {
	return gap_sentences[gap] || `${words_of(gap)}.`;
}

function gaps_block(limits) {
	if (!limits.gaps.length)
		return el('p', { class: 'warning fine' }, 'Nothing is missing that this profile shows.');
	return el('div', { class: 'warning' }, limits.gaps.map(gap => el('p', null, gap_sentence(gap))),
		el('p', null, lost_text(limits)));
}

/* What the loss means for the count of entries. */
function bounds_text(slow) {
	const entries = slow.entries;

	if (entries.certainty === 'exact' || entries.certainty === 'unknown')
		return `Entries: ${certain_text(entries)} (${entries.certainty}).`;
	return `Entries: ${certain_text(entries)} (${entries.certainty}); ` +
		`${count_text(slow.rebuilt)} were rebuilt, and all that follows is about these.`;
}

function range_text(row) {
	return `${row.first_ns === null ? 'the beginning' : ns_text(row.first_ns)} to ` +
		`${row.last_ns === null ? 'the end' : ns_text(row.last_ns)}`;
}

function losses_table(losses) {
	return table_of('Records lost, by CPU', [
		{ name: 'CPU', cell: row => count_text(row.cpu) },
		count_column('places', 'places'),
		{ name: 'records', number: true, cell: row => row.records === null ?
			`at least ${count_text(row.records_min)}` : count_text(row.records) },
		{ name: 'between (clock of the capture)', cell: range_text },
	], losses);
}

function probes_table(probes) {
	return table_of('Probes', [
		{ name: 'probe', cell: row => said(row.probe) },
		count_column('hits', 'hits'),
		count_column('missed', 'missed'),
	], probes);
}

function damage_table(damage) {
	return table_of(`Damage: ${count_of(damage.places, 'place')}, ${bytes_text(damage.bytes)}`, [
		{ name: 'what', cell: row => said(row.what) },
		count_column('CPU', 'cpu'),
		{ name: 'byte of the file', number: true, cell: row => count_text(row.offset) },
	], damage.first);
}

function other_limits(limits) {
	const numbers = Object.entries(limits).filter(([name, value]) =>
		typeof value === 'number' && value && name !== 'lost_max');

	return numbers.length ? facts(numbers.map(([name, value]) => [words_of(name), count_text(value)])) :
		note('No event, path or key had to be left out.');
}

function limits_inside(limits) {
	return [
		other_limits(limits),
		limits.losses.length ? losses_table(limits.losses) : null,
		limits.damage.places ? damage_table(limits.damage) : null,
		limits.probes && limits.probes.length ? probes_table(limits.probes) : null,
	].filter(Boolean);
}

function not_probed_inside(rows) {
	return facts(rows.map(row => [said(row.what), said(row.why)]));
}

function draw_worth(place, summary) {
	const rows = summary.reconciliation, limits = summary.limits;
	const bad = rows.some(row => row.verdict === 'mismatch');

	place.append(
		gaps_block(limits),
		el('p', null, bounds_text(summary.slowpath)),
		verdict_strip(rows),
		note(`Of ${count_of(rows.length, 'comparison')} with the kernel's own counters `,
			verdicts_text(rows), '.'),
		opening('Every comparison', () => relations_table(rows), { open: bad }),
		opening('Losses, damage and probes', () => limits_inside(limits)),
		limits.not_probed.length ? opening(`Not recorded: ${limits.not_probed.length}`,
			() => not_probed_inside(limits.not_probed)) : '');
}
