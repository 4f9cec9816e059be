/* Asked of a page by t-html: each function returns what it found, as JSON. */
return (() => {
	const all = (what, from) => [...(from || document).querySelectorAll(what)];
	const strip = name => all(`[data-strip="${name}"] rect, [data-strip="${name}"] circle`).length;
	const marks = name => all(`[data-marks="${name}"] > *`).length;

	/* Of WCAG 2: relative luminance, and contrast against what lies behind. */
	const rgb = colour => colour.match(/[\d.]+/g).map(Number);
	const luminance = ([r, g, b]) => [r, g, b].map(part => part / 255)
		.map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
		.reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
	const behind = node => {
		for (; node; node = node.parentElement) {
			const colour = rgb(getComputedStyle(node).backgroundColor);

			if (colour.length === 3)
				return colour;
		}
		return [255, 255, 255];
	};
	/* Names on a mark stand after it. */
	const under = node => node.matches('svg .on, svg .in-cell') ?
		rgb(getComputedStyle(node.previousElementSibling).fill) : behind(node);
	const contrast = node => {
		const style = getComputedStyle(node);
		const [a, b] = [rgb(node instanceof SVGElement ? style.fill : style.color), under(node)]
			.map(luminance).sort((x, y) => y - x);

		return (a + 0.05) / (b + 0.05);
	};
	const texts = () => all('main *').filter(node => node.getClientRects().length &&
		[...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()));

	return {
		marks: () => ({
			entries: strip('entries'), stalled: strip('stalled'), kswapd: strip('kswapd'),
			free: strip('free'), pressure: strip('pressure'),
			lossy: all('#timeline rect.lossy').length, latency: marks('latency'),
			bands: marks('bands'), heat: marks('heat'), nodes: marks('nodes'), overview: marks('overview'),
			episodes: all('details.episode').length, verdicts: all('.strip > li').length,
		}),
		/* A phone makes the page smaller until it fits: innerWidth would be no measure. */
		overflow: width => document.documentElement.scrollWidth - width,
		/* What opens is filled when the event of that has come, and may hold what opens in turn. */
		open_all: async () => {
			let closed;

			while ((closed = all('details:not([open])')).length) {
				closed.forEach(node => node.querySelector(':scope > summary').click());
				await new Promise(done => setTimeout(done, 40));
			}
			return all('details').length;
		},
		faint: () => texts().filter(node => contrast(node) < 4.5).slice(0, 5)
			.map(node => `${contrast(node).toFixed(2)} <${node.localName}> ` +
				node.textContent.slice(0, 40)),
		paper: () => getComputedStyle(document.documentElement).backgroundColor,
		unsaid: () => [
			...all('svg[role="img"]').filter(node => !node.getAttribute('aria-label')),
			...all('main .chart > svg').filter(node => node.getAttribute('role') !== 'img'),
			...all('table').filter(node => !node.caption),
			...all('table').filter(node => !node.querySelector('thead th[scope=col]')),
			...all('tbody tr').filter(node => !node.querySelector('th[scope=row]')),
			...all('section').filter(node => !node.querySelector('h2')),
		].map(node => node.outerHTML.slice(0, 80)),
		headings: () => all('h1, h2, h3').map(node => Number(node.localName[1])),
		foreign: () => all('img, iframe, object, embed, link, base, form, script:not(#summary)')
			.map(node => node.localName),
		text: where => document.querySelector(where || 'main').textContent,
		rows: title => all('table').filter(table => table.caption.textContent === title)
			.map(table => table.tBodies[0].rows.length)[0] ?? 0,
		/* What the cells of the map say, and those that cover each other. */
		heat: () => all('[data-marks="heat"] rect').map(node => node.getAttribute('data-tip')),
		heat_places: () => new Set(all('[data-marks="heat"] rect')
			.map(node => `${node.getAttribute('x')} ${node.getAttribute('y')}`)).size,
		heat_colours: () => Object.fromEntries(all('[data-marks="heat"] rect').map(node =>
			[node.getAttribute('data-tip').split('\n')[0], node.getAttribute('class')])),
		flames: () => marks_of_flame(),
		saved: async () => {
			const kept = URL.createObjectURL;
			const blob = await new Promise(done => {
				URL.createObjectURL = made => (done(made), 'data:,');
				document.querySelector('footer button').click();
			});

			URL.createObjectURL = kept;
			return blob.text();
		},
		inject: () => {
			const script = document.createElement('script');

			script.textContent = 'window.hacked = 6';
			document.body.append(script);
			document.body.insertAdjacentHTML('beforeend',
				'<img src=x onerror="window.hacked=7">');
			return new Promise(done => setTimeout(() => done(window.hacked ?? null), 100));
		},
	};

	function marks_of_flame() {
		return all('[data-marks="flame"] rect').length;
	}
})()[arguments[0]](...arguments[1]);
