import { z } from 'zod';
import { linearParams } from '../linear/params.ts';

export const logisticRegressionParams = z.strictObject(linearParams);
