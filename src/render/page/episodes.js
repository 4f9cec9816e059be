/* The slowest: where in the recording they lie, and one line each, which opens. */
const EPISODES_SHOWN = 100;

/* [{ stage, from, to }] since its start; null as stage: beyond the steps that were kept. */
function spans_of(episode) {
	const begun = episode.steps.filter(step => step.what === 'stage');
	const spans = begun.map((step, at) => ({
		stage: step.stage,
		from: step.at_ns,
		to: at + 1 < begun.length ? begun[at + 1].at_ns : episode.duration_ns,
	}));

	if (!episode.steps_dropped || !spans.length)
		return spans;
	const kept = episode.steps.at(-1).at_ns, last = spans.at(-1);
	return [...spans.slice(0, -1), { ...last, to: kept },
		{ stage: null, from: kept, to: episode.duration_ns }];
}

function who(episode) {
	return `${episode.comm === null ? NOT_KNOWN : clean(episode.comm)} [${episode.pid}]`;
}

function overview_bar(view, episode, at) {
	const y = at * view.row + 4, height = view.row - 3;
	const left = view.x(episode.start_ns), width = view.x(episode.start_ns + episode.duration_ns) - left;
	const tip = `${who(episode)}, ${ns_text(episode.duration_ns)}\n${clean(episode.path)}`;
	const spans = width < 4 ? [] : spans_of(episode);
	const x = ns => view.x(episode.start_ns + ns);

	return svg('g', { class: 'link', 'data-tip': tip, 'data-episode': String(at) },
		rect('fill-other', left, y, Math.max(2.5, width), height),
		width < 4 ? rect(`fill-${stage_class(worst_stage(episode))}`, left, y, 2.5, height) : null,
		spans.map(span => rect(`fill-${stage_class(span.stage)}`, x(span.from), y,
			Math.max(0.3, x(span.to) - x(span.from)), height)));
}

function worst_stage(episode) {
	return Object.entries(episode.stages_ns)
		.reduce((worst, row) => row[1] >= worst[1] ? row : worst, ['', 0])[0];
}

function overview_picture(summary, shown, width, open) {
	const start = window_start(summary);
	const end = shown.reduce((max, row) => Math.max(max, row.start_ns + row.duration_ns),
		start + summary.capture.window.duration_ns);
	const first = shown.reduce((min, row) => Math.min(min, row.start_ns), start);
	const view = { x: linear(first, end, 0, width - 4), row: shown.length > 40 ? 6 : 10 };
	const bottom = shown.length * view.row + 8;
	const node = picture(width, bottom + 24, rule(0, bottom, width, bottom, 'axis'),
		time_axis(ns => view.x(first + ns), bottom, end - first, width),
		svg('g', { 'data-marks': 'overview' }, shown.map((row, at) => overview_bar(view, row, at))));

	node.addEventListener('click', event => {
		const mark = event.target.closest('[data-episode]');

		if (mark)
			open(Number(mark.getAttribute('data-episode')));
	});
	return node;
}

/* Bar as long as its share of the longest, in stages. */
function meter(episode, longest) {
	return el('span', { class: 'meter', 'aria-hidden': 'true' },
		Object.entries(episode.stages_ns).map(([stage, ns]) => {
			const part = el('span', { class: `fill-${stage_class(stage)}` });

			part.style.width = longest ? `${100 * ns / longest}%` : '0';
			return part;
		}));
}

/* The reason, where it is one; else how it ended. */
function ended_text(episode) {
	return episode.exit === null || episode.exit === 'unknown' ? words_of(episode.outcome) :
		`${words_of(episode.outcome)}: ${words_of(episode.exit)}`;
}

function episode_title(episode, longest) {
	const inexact = episode.time_basis === 'exact' ? '' : ` (${episode.time_basis})`;

	return [
		el('span', { class: 'long' }, ns_text(episode.duration_ns)),
		meter(episode, longest),
		el('span', null, said(episode.comm), el('span', { class: 'soft' }, ` [${episode.pid}]`,
			episode.order === null ? '' : `, order ${episode.order}`, inexact,
			episode.parent === null ? '' : ', inside another',
			episode.level === 'task' ? '' : `, ${words_of(episode.level)}`),
		el('span', { class: 'path' }, said(episode.path))),
		el('span', { class: episode.outcome === 'ok' ? 'ended soft' : 'ended' }, ended_text(episode)),
	];
}

function draw_episodes(place, summary) {
	const all = summary.episodes || [], shown = all.slice(0, EPISODES_SHOWN);
	const left = all.length - shown.length;

	if (!all.length)
		return false;
	const longest = most(shown, row => row.duration_ns);
	const rows = shown.map(episode => opening(episode_title(episode, longest),
		() => episode_inside(summary, episode, shown), { class: 'episode' }));

	place.append(note(
		`${count_of(all.length, 'episode')}, slowest first` +
		(summary.merged ? '' : ', where they lie in the recording') +
		(left ? `; the ${shown.length} slowest are shown, ${count_text(left)} more are in ` +
			'the JSON alone.' : '.')));
	/* Several captures have no time in common. */
	if (!summary.merged)
		chart(place, 'When the slowest episodes were; the list below says the same', width =>
		overview_picture(summary, shown, width, at => {
			rows[at].open = true;
			rows[at].querySelector('summary').focus();
			rows[at].scrollIntoView({ block: 'start' });
		}));
	place.append(stage_legend(KNOWN_STAGES.filter(stage =>
		shown.some(row => stage in row.stages_ns))), ...rows);
	return true;
}
