import { z } from 'zod';
import { linearParams } from '../linear/params.ts';

export const linearSvmParams = z.strictObject({
  ...linearParams,
  C: linearParams.C.default(0.001),
});
