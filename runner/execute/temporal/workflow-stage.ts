import type { StageInstance } from '../../config/index.ts';
import { keyOf } from '../../fingerprint/fingerprint.ts';
import type { PlannedStage } from '../distributed/plan.ts';
import type { Resource, WorkflowStage } from './protocol.ts';

/** Stages that ask for more memory than this go to workers that say they have much. */
const muchMemory = 16e9;

export function workflowStage(stage: PlannedStage, rows: boolean): WorkflowStage {
  const { name, inputs, retries, timeoutSeconds, resources } = stage;
  return {
    name,
    needs: [...new Set(Object.values(inputs).flat())],
    rows,
    resource: resourceOf(resources),
    retries,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    does: keyOf(stage.parts),
  };
}

function resourceOf({ gpus = 0, memory = 0 }: StageInstance['resources']): Resource {
  if (gpus > 0) return 'gpu';
  return memory > muchMemory ? 'memory' : 'cpu';
}
