import { tokens, type Shade } from '../theme.ts';

/** The page's style sheet. */
export function styleSheet(): string {
  return `
:root { color-scheme: light dark; ${properties('light')}
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  --radius: 10px; --gap: 24px; }
@media (prefers-color-scheme: dark) { :root { ${properties('dark')} } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 24px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--background); color: var(--text); font: 16px/1.6 var(--font); }
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
.skip { position: absolute; left: -999px; top: 8px; padding: 8px 16px; background: var(--surface); z-index: 3; }
.skip:focus { left: 8px; }
.layout { max-width: 1280px; margin: 0 auto; padding: 0 20px 96px; }
.layout > header { padding: 56px 0 8px; }
.layout > header > p, h1 { max-width: 780px; }
h1 { font-size: clamp(28px, 4.4vw, 42px); line-height: 1.15; letter-spacing: -0.022em; font-weight: 680; margin: 0 0 12px; text-wrap: balance; }
h2 { font-size: 26px; line-height: 1.25; letter-spacing: -0.016em; font-weight: 660; margin: 0 0 8px; }
h3 { font-size: 17px; line-height: 1.4; font-weight: 640; margin: 36px 0 8px; }
p { margin: 0 0 14px; max-width: 70ch; text-wrap: pretty; }
.lead { font-size: 19px; line-height: 1.55; color: var(--muted); }
.lead strong { color: var(--text); font-weight: 600; }
.kicker { color: var(--muted); font-size: 14px; margin: 0 0 16px; max-width: none; }
section { padding-top: 56px; }
nav ol { list-style: none; margin: 0; padding: 0; font-size: 14px; }
nav a { color: var(--muted); text-decoration: none; display: block; padding: 4px 0; overflow-wrap: anywhere; }
nav a:hover { color: var(--accent); }
nav > ol { display: flex; flex-wrap: wrap; column-gap: 18px; padding-top: 16px; }
.keys { display: grid; grid-template-columns: repeat(2, 1fr); gap: 1px; background: var(--line);
  border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; margin: 28px 0 0; }
.keys div { background: var(--surface); padding: 16px 18px; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.keys dt { font-size: 13px; color: var(--muted); line-height: 1.4; }
.keys dd { margin: 0 0 2px; font-size: 26px; font-weight: 640; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; line-height: 1.25; }
.scroll { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); margin: 16px 0; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 12px 10px 4px; color: var(--muted); font-size: 13px; }
th, td { padding: 7px 10px; text-align: right; border-top: 1px solid var(--grid); white-space: nowrap; }
th { font-weight: 600; }
thead th { border-top: 0; color: var(--muted); font-weight: 500; font-size: 13px; vertical-align: bottom; }
th.left, td.left { text-align: left; }
tbody th { font-weight: 560; }
tbody th, tfoot th { position: sticky; left: 0; background: var(--surface); }
tfoot th, tfoot td { border-top: 1px solid var(--line); }
tr.best th, tr.best td { background: var(--accent-soft); }
tr.published th, tr.published td { color: var(--muted); font-weight: 400; }
td .wrap { white-space: normal; display: inline-block; max-width: 15ch; line-height: 1.35; }
td .sub, th .sub { display: block; color: var(--muted); font-size: 12px; font-weight: 400; }
.statements { list-style: none; margin: 20px 0; padding: 0; display: grid; gap: 8px; max-width: 860px; }
.statements li { padding: 10px 16px; border-radius: 8px; border-left: 3px solid var(--line); background: var(--surface); font-size: 15px; line-height: 1.5; }
.statements .caution { border-color: var(--caution); background: var(--caution-soft); }
.statements .sound { border-color: var(--sound); background: var(--sound-soft); }
.statements b { font-weight: 640; }
.caution b { color: var(--caution); } .sound b { color: var(--sound); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(270px, 100%), 1fr)); gap: 16px; margin: 16px 0; align-items: start; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: var(--gap); align-items: start; }
.beside > * { min-width: 0; }
.beside > .scroll, .charts > .scroll, .beside .matrix .scroll { margin-top: 0; }
.analysis p { font-size: 15px; line-height: 1.55; }
figure.chart { margin: 0; min-width: 0; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 12px 10px 8px; }
figure.chart svg { display: block; width: 100%; max-width: 430px; height: auto; margin: 0 auto; overflow: visible; }
figure.chart svg text { font-family: var(--font); }
figcaption { font-size: 14px; font-weight: 600; margin: 0 4px 6px; }
figcaption .note { display: block; }
figcaption .note, .note { color: var(--muted); font-weight: 400; font-size: 13px; }
figure.dag { margin: 16px 0; }
figure.dag .scroll { padding: 8px; }
figure.dag svg { display: block; max-width: max(100%, 760px); height: auto; }
#how details { margin: 8px 0; }
figure.dag .pipeline-dag { --ink: var(--text); --faint: var(--muted); --paper: var(--background); --cached: var(--sound); --stale: var(--caution); --ran: var(--accent); }
.matrix table { width: auto; margin: 0 auto 12px; border-spacing: 2px; border-collapse: separate; font-size: 13px; }
.matrix th, .matrix td { border: 0; padding: 0 3px; height: 34px; min-width: 40px; text-align: center; border-radius: 4px; }
.matrix tbody th { text-align: right; padding-right: 10px; font-weight: 500; white-space: normal; line-height: 1.25; }
.matrix thead th { height: auto; padding-bottom: 6px; font-size: 11.5px; }
.matrix tbody th { font-size: 12px; }
.matrix td.own { outline: 1px solid var(--muted); outline-offset: -1px; }
${Array.from({ length: 11 }, (_, step) => `.heat-${step} { background: var(--heat-${step}); color: var(--heat-text-${step}); }`).join('\n')}
.player { display: flex; align-items: center; gap: 10px; margin: 6px 4px 0; }
.player .note { flex: 0 0 44px; }
.player audio { flex: 1 1 0; min-width: 0; height: 36px; }
article.beside { padding: 16px 0; border-top: 1px solid var(--line); }
article.beside:first-of-type { border-top: 0; }
details { margin: 16px 0; }
summary { cursor: pointer; font-weight: 560; }
code { font-family: var(--mono); font-size: 0.9em; overflow-wrap: anywhere; }
dl.settings { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(230px, 100%), 1fr)); gap: 6px 28px; font-size: 14px; margin: 12px 0; }
dl.settings div { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 12px; border-bottom: 1px solid var(--grid); padding: 4px 0; min-width: 0; }
dl.settings dt { color: var(--muted); max-width: 100%; overflow-wrap: break-word; } dl.settings dd { margin: 0 0 0 auto; min-width: 4.5em; max-width: 100%; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.meter { display: inline-block; width: 56px; height: 6px; border-radius: 3px; background: var(--grid); vertical-align: middle; margin-left: 8px; overflow: hidden; }
.meter i { display: block; height: 100%; background: var(--accent); }
#tip { position: fixed; z-index: 4; pointer-events: none; background: var(--text); color: var(--background); font-size: 13px; line-height: 1.35;
  padding: 5px 10px; border-radius: 6px; max-width: 260px; opacity: 0; transition: opacity 0.08s; }
#tip.shown { opacity: 1; }
footer { margin-top: 72px; padding-top: 20px; border-top: 1px solid var(--line); color: var(--muted); font-size: 14px; }
@media (max-width: 480px) { th, td { padding: 7px 7px; } .published th { white-space: normal; } }
@media (min-width: 560px) { .keys { grid-template-columns: repeat(3, 1fr); } }
@media (min-width: 900px) { .keys { grid-template-columns: repeat(6, 1fr); } }
@media (min-width: 1100px) {
  .layout { display: grid; grid-template-columns: 176px minmax(0, 1fr); column-gap: 44px; }
  .layout > header, .layout > footer { grid-column: 2; }
  .layout > nav { grid-column: 1; grid-row: 1 / span 3; padding-top: 64px; }
  nav > ol { display: block; position: sticky; top: 32px; max-height: calc(100vh - 64px); overflow-y: auto; padding: 0; }
  .layout > main { grid-column: 2; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } #tip { transition: none; } }
@media print {
  :root { color-scheme: light; ${properties('light')} --background: #fff; }
  body { font-size: 10.5pt; }
  nav, .skip, #tip, .player { display: none !important; }
  .layout { display: block; max-width: none; padding: 0; }
  section { padding-top: 24pt; }
  section.model { break-before: page; }
  figure, tr, li, .keys { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  .scroll { overflow: visible; }
  figure.dag svg { max-width: 100%; }
  table, thead th, td .sub, th .sub, caption { font-size: 8pt; } th, td { padding: 2.5pt 4pt; white-space: normal; }
  .matrix th, .matrix td, .matrix thead th, .matrix tbody th { font-size: 7pt; padding: 0 1.5pt; min-width: 0; height: 17pt; }
  dl.settings { font-size: 8pt; grid-template-columns: repeat(3, 1fr); gap: 2pt 14pt; margin: 4pt 0; }
  dl.settings div { padding: 1pt 0; }
  /* What is folded away on a screen cannot be opened on paper. */
  details { break-inside: avoid; margin: 8pt 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`.trim();
}

function properties(theme: keyof Shade): string {
  return [...tokens].map(([name, shade]) => `--${name}: ${shade[theme]};`).join(' ');
}
