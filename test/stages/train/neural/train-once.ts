/** Trains every network for a few steps with the threads given and prints the digests of what came of it. */
import { createHash } from 'node:crypto';
import { initialWeights } from '../../../../stages/train/neural/network.ts';
import { Trainer } from '../../../../stages/train/neural/trainer.ts';
import { networkNames, networkOf, someBatch } from './networks.ts';

const threads = Number(process.argv[2]);
const digests: string[] = [];
for (const name of networkNames) {
  const network = networkOf(name, [40, 3], 8, 0.3);
  const loss = { type: 'focal', alpha: 0.25, gamma: 2 } as const;
  const trainer = await Trainer.open(network, { loss, threads, weightDecay: 0.01, clipNorm: 0.1 });
  trainer.restore(await initialWeights(network, 5));
  for (let step = 1; step <= 6; step++) {
    trainer.step(someBatch(network, 31, step), { learningRate: 1e-2, step, seed: 9 });
  }
  const hash = createHash('sha256');
  for (const values of trainer.state().values()) hash.update(values);
  hash.update(trainer.logits(someBatch(network, 50, 1).inputs, 50));
  digests.push(hash.digest('hex'));
  trainer.close();
}
process.stdout.write(JSON.stringify(digests));
