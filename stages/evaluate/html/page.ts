import type { Drawings } from '../charts/index.ts';
import type { Evaluation } from '../evaluation/types.ts';
import { rankedModels } from '../evaluation/ranking.ts';
import { dataSection } from './data.ts';
import { html, raw, type Html } from './html.ts';
import { modelSection } from './model.ts';
import type { RecordingViews } from '../recordings/view.ts';
import { howSection } from './how.ts';
import { mistakesSection } from './recordings.ts';
import { comparisonSection, keyFigures, protocolSection } from './overview.ts';
import { script } from './script.ts';
import { styleSheet } from './style.ts';

/** `report.html`: one file that needs no other and no network. */
export function page(evaluation: Evaluation, drawings: Drawings, views: RecordingViews): string {
  const models = rankedModels(evaluation);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${evaluation.title}</title>
        <style>
          ${raw(styleSheet())}
        </style>
      </head>
      <body>
        <a class="skip" href="#comparison">Skip to the comparison</a>
        <div class="layout">
          <header>
            <h1>${evaluation.title}</h1>
            <p class="lead">${evaluation.summary[0]}</p>
            ${keyFigures(evaluation)}
          </header>
          ${contents(models, evaluation.hardClips.length > 0)}
          <main>
            ${comparisonSection(evaluation, drawings)} ${protocolSection(evaluation)}
            ${dataSection(evaluation, drawings, views)}
            ${models.map((model) => {
              const own = drawings.models.get(model.slug);
              return own ? modelSection(model, own, evaluation.confidence) : null;
            })}
            ${mistakesSection(evaluation, views)} ${howSection(evaluation)}
          </main>
          <footer>
            <p>
              The figures as JSON: <code>metrics.json</code>. The charts as SVG and PNG:
              <code>figures/</code>. The same report for reading in a repository: <code>report.md</code>.
            </p>
          </footer>
        </div>
        <div id="tip" role="presentation"></div>
        <script>
          ${raw(script)};
        </script>
      </body>
    </html>`.text;
}

function contents(models: readonly { slug: string; label: string }[], mistakes: boolean): Html {
  return html`<nav aria-label="Contents">
    <ol>
      <li><a href="#comparison">Comparison</a></li>
      <li><a href="#protocol">How to read these figures</a></li>
      <li><a href="#data">Data</a></li>
      ${models.map(({ slug, label }) => html`<li><a href="#model-${slug}">${label}</a></li>`)}
      ${mistakes ? html`<li><a href="#mistakes">Most confident mistakes</a></li>` : null}
      <li><a href="#how">How it was made</a></li>
    </ol>
  </nav>`;
}
