import { parseArgs } from 'node:util';
import { encoder, type Load, madeUp, millisecondsWanted } from './loads.ts';
import { computing, type Figures, measure } from './measure.ts';
import { simulate } from './simulate.ts';

/** The figures of docs/scale.md. */
const known: Figures = {
  millisecondsPerRow: 212,
  setUpSeconds: 0.03,
  loadSeconds: 1.1,
  listSecondsPerRow: 1.1e-4,
  mergeSecondsPerRow: 6e-4,
  fixedSeconds: 2.5,
};

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '240' },
    'cheap-rows': { type: 'string', default: '4000' },
    wait: { type: 'boolean', default: false },
    simulate: { type: 'boolean', default: false },
    shards: { type: 'string', default: '2' },
    model: { type: 'string' },
    recordings: { type: 'string' },
  },
});

const figures = values.simulate
  ? known
  : await measure(await loadAskedFor(), Number(values.shards), Number(values['cheap-rows']));
async function loadAskedFor(): Promise<Load> {
  const { model, recordings } = values;
  if (model !== undefined && recordings !== undefined) return encoder(model, recordings);
  const rows = Number(values.rows);
  return values.wait ? madeUp(rows, { wait: millisecondsWanted }) : computing(rows);
}

const rows = 100_000;
console.log(`\nSimulated: ${rows} rows of ${figures.millisecondsPerRow.toFixed(0)} ms, one thread a worker`);
console.log('workers  shards  minutes  efficiency  most is lost to');
for (const workers of [1, 10, 30, 100, 300, 1000]) {
  const { shards, seconds, efficiency, bottleneck } = simulate(workers, rows, figures);
  console.log(
    [
      String(workers).padStart(7),
      String(shards).padStart(6),
      (seconds / 60).toFixed(1).padStart(7),
      `${(efficiency * 100).toFixed(0)} %`.padStart(10),
      bottleneck,
    ].join('  '),
  );
}
