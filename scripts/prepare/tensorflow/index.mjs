import { tail } from '../command.mjs';
import { PreparationFailure } from '../failure.mjs';
import { addonWorks } from './addon.mjs';
import { installFromWheel } from './library.mjs';
import { downloadHostAnswers, ordinaryInstall } from './ordinary.mjs';
import { noLibraryFor, ORDINARY_COMMAND, thisMachine } from './platform.mjs';

/**
 * Makes @tensorflow/tfjs-node work: by its own install step where the host that it downloads from is in reach,
 * else with libtensorflow from the Python package index.
 * @param {string} root
 * @param {string} cache
 * @param {import('../reporter.mjs').Reporter} reporter
 */
export async function prepareTensorflow(root, cache, reporter) {
  if ((await addonWorks(root)).ok) return;
  const obstacle = noLibraryFor(thisMachine());
  const answers = await downloadHostAnswers(root);
  if (!answers && obstacle === null) {
    reporter.say(
      '  the download host of tfjs-node is out of reach: TensorFlow comes from the Python package index',
    );
  } else {
    // Without another way it is tried though the host gave no answer: its download may know of a proxy.
    const title = "installing TensorFlow by tfjs-node's own install step";
    const outcome = await reporter.step(title, () => ordinaryInstall(root));
    if (outcome.ok && (await addonWorks(root)).ok) return;
    if (obstacle !== null) throw noWayLeft(obstacle, outcome.output);
    reporter.say('  that did not work: TensorFlow comes from the Python package index instead');
  }
  await installFromWheel(root, cache, reporter);
  const check = await addonWorks(root);
  if (!check.ok) {
    throw new PreparationFailure(
      `tfjs-node is installed and does not load (${check.ending}):\n${tail(check.output)}`,
      `delete node_modules and ${cache}, and try again`,
    );
  }
}

/**
 * @param {string} obstacle why there is no other way
 * @param {string} output of the install step
 */
export function noWayLeft(obstacle, output) {
  return new PreparationFailure(
    `tfjs-node's install step failed, and ${obstacle}:\n${tail(output)}`,
    `with a network that reaches tfjs-node's download host, run: ${ORDINARY_COMMAND}`,
  );
}
