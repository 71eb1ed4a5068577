import { z } from 'zod';

/** A JSON Schema, of draft 7, which the editors' YAML support knows best. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of what is written, before defaults. What JSON Schema cannot say is left open. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
}
