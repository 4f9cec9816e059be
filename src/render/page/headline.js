/* The summary in words, and the figures that everything else explains. */
function entries_phrase(entries) {
	const [min, max] = [entries.min, entries.max];

	if (entries.certainty === 'bounded' && max !== null && min !== max)
		return `Between ${count_text(min)} and ${count_text(max)} allocations entered`;
	if (entries.certainty === 'lower bound')
		return `At least ${count_of(min, 'allocation')} entered`;
	return entries.count ? `${count_of(entries.count, 'allocation')} entered` : 'No allocation entered';
}

function headline_text(slow, window) {
	if (slow.entries.certainty === 'unknown')
		return 'This capture holds nothing that shows entries into the slowpath';
	return `${entries_phrase(slow.entries)} the slowpath in ${ns_text(window.duration_ns)}`;
}

const certainty_words = {
	exact: 'counted exactly',
	bounded: 'known between bounds, since records are missing',
	'lower bound': 'a lower bound: this profile does not see every entry',
};

function rate_text(count, ns) {
	return three_digits(count / (ns / 1e9));
}

function counted_sentence(slow, window) {
	const entries = slow.entries, words = certainty_words[entries.certainty];
	const rate = window.duration_ns && entries.count ?
		`That is ${rate_text(entries.count, window.duration_ns)} a second, ${words}.` :
		`This is ${words}.`;

	return slow.rebuilt ? `${rate} ${ends_sentence(slow.outcomes, slow.rebuilt)}` : rate;
}

function ends_sentence(ends, all) {
	const rest = ends.in_flight + ends.incomplete;

	if (ends.ok === all)
		return all === 1 ? 'It got a page.' : 'All got a page.';
	return `${count_text(ends.ok)} got a page, ${count_text(ends.failed)} did not` +
		(rest ? `, and the end of ${count_text(rest)} is not in the recording.` : '.');
}

function crowd_sentence(crowd) {
	if (!crowd || !crowd.max)
		return '';
	return crowd.max === 1 ? ' Never was more than one stalled at once.' :
		` At most ${count_text(crowd.max)} were stalled at once.`;
}

function stalled_sentence(slow, crowd) {
	const stalls = slow.stalls;

	if (!stalls.count)
		return 'No task waited.';
	return `Tasks waited ${ns_text(stalls.time_ns.total)} in all, in ` +
		`${count_of(stalls.count, 'stall')}; the longest took ${ns_text(stalls.time_ns.max)}.` +
		crowd_sentence(crowd);
}

/* The parts of a time that matter, largest first: [[stage, ns]]. */
function largest(parts, whole) {
	return parts.filter(([, ns]) => ns > whole * 0.05).sort((a, b) => b[1] - a[1]).slice(0, 2);
}

/* "72 % went to direct reclaim and 28 % to the entry" */
function shares_phrase(parts, whole) {
	return joined(largest(parts, whole).map(([stage, ns], at) =>
		`${percent_text(ns, whole).replace(/^>\s/, 'over ')}${at ? '' : ' went'} to ` +
			(STAGE_WORDS[stage] || words_of(stage))));
}

function stages_sentence(summary) {
	const whole = summary.slowpath.time_ns.total;
	const parts = (summary.stages || []).map(row => [row.name, row.time_ns.total]);

	return whole ? `Of all time in the slowpath, ${shares_phrase(parts, whole)}.` : '';
}

function is_stall(episode) {
	return episode.parent === null && episode.background === null && episode.level === 'task';
}

function asked_phrase(episode) {
	return episode.order === null ? '' : ` for order ${episode.order}`;
}

function worst_sentence(summary) {
	const worst = (summary.episodes || []).find(is_stall);

	if (!worst || !worst.duration_ns)
		return '';
	return ['Of the longest stall listed, ', ns_text(worst.duration_ns), ' in ',
		worst.comm === null ? 'a task' : said(worst.comm),
		` (pid ${worst.pid})${asked_phrase(worst)}, ` +
			`${shares_phrase(Object.entries(worst.stages_ns), worst.duration_ns)}.`];
}

/* Counted from outside the slowpath too, where the profile has it. */
function naive_sentence(attempts) {
	if (!attempts || attempts.null_returns === null || attempts.overcount === null)
		return '';
	return 'Counting NULL returns of get_page_from_freelist() would have given ' +
		`${count_text(attempts.null_returns)}, which is ${attempts.overcount} per entry.`;
}

function lede_of(summary) {
	const slow = summary.slowpath, window = summary.capture.window;

	if (slow.entries.certainty === 'unknown' || !slow.outcomes)
		return [];
	if (!slow.rebuilt)
		return [[counted_sentence(slow, window)]];
	return [
		[`${counted_sentence(slow, window)} ${stalled_sentence(slow, summary.concurrency)}`],
		[`${stages_sentence(summary)} `, worst_sentence(summary), ' ',
			naive_sentence(summary.attempts)],
	];
}

function figure(name, value, more) {
	return el('div', null, el('dt', null, name), el('dd', null, value),
		more ? el('dd', null, more) : null);
}

function figures_of(summary) {
	const slow = summary.slowpath, crowd = summary.concurrency, times = slow.time_ns;

	if (!times || times.max === null)
		return [];
	return [
		figure('entries', certain_text(slow.entries), slow.entries.certainty),
		figure('time in the slowpath', ns_text(times.total), `times ${times.basis}`),
		figure('median', ns_text(times.p50), `p90 ${ns_text(times.p90)}`),
		figure('p99', ns_text(times.p99), `longest ${ns_text(times.max)}`),
		crowd ? figure('stalled at once', count_text(crowd.max),
			crowd.mean === null ? '' : `mean ${crowd.mean}, ${crowd.basis}`) : null,
		figure('failed', count_text(slow.outcomes.failed), `of ${count_text(slow.rebuilt)}`),
	];
}

/* What the page is about: a file, or how many. */
function subject_of(summary) {
	if (summary.merged)
		return count_of(summary.merged.summaries, 'capture');
	return summary.capture.file === null ? NOT_KNOWN : summary.capture.file;
}

function draw_headline(summary) {
	const text = headline_text(summary.slowpath, summary.capture.window);
	const source = [subject_of(summary), summary.kernel.release].filter(Boolean);

	document.title = `${clean(subject_of(summary))}: pagetrail`;
	document.getElementById('source').append(...source.flatMap(part => [' · ', said(part)]));
	document.getElementById('headline').append(`${text}.`);
	document.getElementById('lede').append(...lede_of(summary).map(parts => fill(el('p'), null, parts)));
	document.getElementById('figures').append(...figures_of(summary).filter(Boolean));
}
