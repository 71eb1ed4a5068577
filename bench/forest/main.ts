import { performance } from 'node:perf_hooks';
import {
  defaultForestOptions,
  fitForest,
  predictProbabilities,
  type ForestOptions,
} from '../../stages/train/forest/index.ts';
import { accuracyOf, spreadOf } from '../../stages/metrics/index.ts';
import { indexOfLargest } from '../../stages/train/predictions.ts';
import { ScikitLearn, type Fit, type Halves } from './scikit-learn.ts';

const seeds = 20;
const repetitions = 7;

async function fitHere(halves: Halves, options: ForestOptions): Promise<Fit> {
  const train = Float32Array.from(halves.train);
  const test = Float32Array.from(halves.test);
  const labels = Int32Array.from(halves.trainLabels);
  const { dimension, classes } = halves;
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  const forest = await fitForest({ features: train, dimension, labels, classes }, options);
  const fitSeconds = (performance.now() - start) / 1000;
  const cpu = process.cpuUsage(cpuStart);
  const probabilities = predictProbabilities(forest, test);
  const predicted = halves.testLabels.map((_, row) =>
    indexOfLargest(probabilities.subarray(row * classes, (row + 1) * classes)),
  );
  return {
    accuracy: accuracyOf(halves.testLabels, predicted),
    fitSeconds,
    fitCpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
}

async function compareAccuracy(
  sklearn: ScikitLearn,
  data: string,
  criterion: 'gini' | 'entropy',
): Promise<void> {
  const differences: number[] = [];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const halves = await sklearn.halves(data, seed);
    const own = await fitHere(halves, { ...defaultForestOptions, criterion, seed });
    const other = await sklearn.fit(data, seed, { trees: defaultForestOptions.trees, criterion });
    ours.push(own.accuracy);
    theirs.push(other.accuracy);
    differences.push(own.accuracy - other.accuracy);
  }
  const { mean, standardDeviation } = spreadOf(differences);
  const standardError = standardDeviation / Math.sqrt(seeds);
  const shown = ({ mean: centre, standardDeviation: deviation }: ReturnType<typeof spreadOf>): string =>
    `${(100 * centre).toFixed(2)} ± ${(100 * deviation).toFixed(2)} %`;
  console.log(
    `${data.padEnd(14)} ${criterion.padEnd(8)} here ${shown(spreadOf(ours))}   scikit-learn ${shown(spreadOf(theirs))}   ` +
      `difference ${(100 * mean).toFixed(2)} (standard error ${(100 * standardError).toFixed(2)})`,
  );
}

async function compareSpeed(sklearn: ScikitLearn, criterion: 'gini' | 'entropy'): Promise<void> {
  const halves = await sklearn.halves('speech-sized', 0);
  const ours: Fit[] = [];
  const theirs: Fit[] = [];
  // One after the other, so that load from outside falls on both.
  for (let repetition = 0; repetition < repetitions; repetition++) {
    ours.push(await fitHere(halves, { ...defaultForestOptions, criterion, seed: repetition }));
    theirs.push(await sklearn.fit('speech-sized', 0, { trees: 100, criterion }));
  }
  console.log(
    `fit of ${halves.trainLabels.length} × ${halves.dimension}, ${halves.classes} classes, 100 trees, ${criterion}, best of ${repetitions}, one thread each:`,
  );
  for (const measure of ['fitSeconds', 'fitCpuSeconds'] as const) {
    const own = Math.min(...ours.map((fit) => fit[measure]));
    const other = Math.min(...theirs.map((fit) => fit[measure]));
    console.log(
      `  ${measure === 'fitSeconds' ? 'wall' : 'cpu '} here ${own.toFixed(3)} s, scikit-learn ${other.toFixed(3)} s: ${(other / own).toFixed(2)} times as fast`,
    );
  }
}

const sklearn = new ScikitLearn(process.argv[2] ?? 'python3');
console.log(`scikit-learn ${await sklearn.version}, Node ${process.version}; ${seeds} seeds, 100 trees`);
for (const criterion of ['gini', 'entropy'] as const) await compareSpeed(sklearn, criterion);
if (process.argv[3] !== 'speed') {
  for (const data of ['digits', 'wine', 'breast_cancer', 'speech-sized']) {
    for (const criterion of ['gini', 'entropy'] as const) await compareAccuracy(sklearn, data, criterion);
  }
}
sklearn.close();
