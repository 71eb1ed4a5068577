import { parseArgs } from 'node:util';
import { type Figures, measure } from './measure.ts';
import { simulate } from './simulate.ts';

/** As measured on two cores of a virtual machine. */
const known: Figures = {
  millisecondsPerRow: 250,
  setUpSeconds: 0.5,
  listSecondsPerRow: 2e-5,
  mergeSecondsPerRow: 4e-4,
  fixedSeconds: 1,
};

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '240' },
    'cheap-rows': { type: 'string', default: '4000' },
    simulate: { type: 'boolean', default: false },
  },
});

const figures = values.simulate ? known : await measure(Number(values.rows), Number(values['cheap-rows']));
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
