import type { Arity, Kind } from '../kind/index.ts';
import { inputsOf } from './inputs.ts';
import { propertiesOf, schemaOf } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { fileShape, profileShape, stageShape } from './shape.ts';

/**
 * The JSON Schema of pipeline.yaml for editors: the keys of stages and profiles, and for each kind its params and
 * inputs. What it refuses the runner refuses too; the runner alone knows names, cycles and the values of a matrix.
 */
export function jsonSchema(kinds: readonly Kind[]): JsonSchema {
  const sorted = [...kinds].sort((a, b) => (a.name < b.name ? -1 : 1));
  const file = schemaOf(fileShape);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'pipeline.yaml',
    type: 'object',
    properties: {
      ...propertiesOf(file),
      stages: {
        description: 'The stages by name.',
        type: 'object',
        minProperties: 1,
        additionalProperties: { allOf: [{ $ref: '#/definitions/stage' }, useOrRun] },
      },
      profiles: {
        description: 'Named sets of overrides.',
        type: ['object', 'null'],
        additionalProperties: { $ref: '#/definitions/profile' },
      },
    },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
    required: ['stages'],
    definitions: {
      stage: stageSchema(sorted),
      profile: profileSchema(),
      reference: referenceSchema,
      ...Object.fromEntries(sorted.map((kind) => [paramsKey(kind), paramsSchema(kind)])),
    },
  };
}

const useOrRun = { oneOf: [{ required: ['uses'] }, { required: ['run'] }] };

const referenceSchema: JsonSchema = {
  description: 'A stage, an instance as in audio[48000], or all of them as in train[*].',
  type: 'string',
  minLength: 1,
};

/** Text with `${name}` in it stands for a value that the matrix gives. */
const variableSchema: JsonSchema = { type: 'string', pattern: '\\$\\{[^{}]+\\}' };

function without(schema: JsonSchema, ...keys: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}

function paramsKey({ name }: Kind): string {
  return `params of ${name}`;
}

/** A stage, or a part of one: each key may be null, which is as if it were not given. */
function stageSchema(kinds: readonly Kind[]): JsonSchema {
  const { with: params, in: inputs, ...others } = propertiesOf(schemaOf(stageShape));
  const reference = { $ref: '#/definitions/reference' };
  const properties: Record<string, JsonSchema> = {
    ...others,
    uses: {
      description: others.uses.description,
      anyOf: [...kinds.map(({ name, summary }) => ({ const: name, description: summary })), variableSchema],
    },
    in: {
      description: inputs.description,
      type: 'object',
      additionalProperties: { anyOf: [reference, { type: 'array', items: reference }, { type: 'null' }] },
    },
    with: { description: params.description, type: 'object' },
  };
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, orNull(schema)])),
    additionalProperties: false,
    allOf: kinds.map((kind) => ({
      if: { required: ['uses'], properties: { uses: { const: kind.name } } },
      then: {
        properties: {
          with: orNull({ $ref: `#/definitions/${pointer(paramsKey(kind))}` }),
          in: orNull(inputSchema(kind)),
        },
      },
    })),
  };
}

function inputSchema(kind: Kind): JsonSchema {
  const inputs = Object.entries(inputsOf(kind));
  return {
    type: 'object',
    properties: Object.fromEntries(inputs.map(([name, arity]) => [name, { description: arityText(arity) }])),
    additionalProperties: false,
  };
}

function arityText(arity: Arity): string {
  switch (arity) {
    case 'one':
      return 'One artifact.';
    case 'optional':
      return 'One artifact, or none.';
    case 'many':
      return 'Any number of artifacts.';
  }
}

/** The params of a kind. None is required here, since a matrix, a profile or `--set` may give it. */
function paramsSchema(kind: Kind): JsonSchema {
  const schema = without(schemaOf(kind.params), '$schema', 'required');
  const properties = Object.entries(propertiesOf(schema));
  return {
    ...schema,
    description: kind.summary,
    // A param that `when` names may be null whatever its type.
    properties: Object.fromEntries(properties.map(([name, param]) => [name, orNull(withVariables(param))])),
  };
}

/** Lets `${name}` stand wherever a single value stands. */
function withVariables(schema: JsonSchema): JsonSchema {
  for (const choice of ['anyOf', 'oneOf', 'allOf']) {
    if (Array.isArray(schema[choice])) {
      const branches = (schema[choice] as JsonSchema[]).map(withVariables);
      // With variables more than one branch may match.
      return { ...without(schema, choice), [choice === 'oneOf' ? 'anyOf' : choice]: branches };
    }
  }
  if (schema.type === 'object') {
    const properties = Object.entries(propertiesOf(schema)).map(([key, inner]) => [
      key,
      withVariables(inner),
    ]);
    const additional = schema.additionalProperties;
    return {
      ...schema,
      ...(schema.properties === undefined
        ? {}
        : { properties: Object.fromEntries(properties) as JsonSchema }),
      ...(isSchema(additional) ? { additionalProperties: withVariables(additional) } : {}),
    };
  }
  if (schema.type === 'array') {
    const { items } = schema;
    return {
      ...schema,
      ...(Array.isArray(items) ? { items: (items as JsonSchema[]).map(withVariables) } : {}),
      ...(isSchema(items) ? { items: withVariables(items) } : {}),
    };
  }
  return orElse(schema, variableSchema);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function orNull(schema: JsonSchema): JsonSchema {
  return orElse(schema, { type: 'null' });
}

/** The schema or another; what describes the value stays outside, where editors look for it. */
function orElse(schema: JsonSchema, other: JsonSchema): JsonSchema {
  const { description, default: standard, ...rest } = schema;
  const branches = Object.keys(rest).join() === 'anyOf' ? (rest.anyOf as JsonSchema[]) : [rest];
  return {
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
    anyOf: [...branches, other],
  };
}

function profileSchema(): JsonSchema {
  const schema = without(schemaOf(profileShape), '$schema');
  return {
    ...schema,
    properties: {
      ...propertiesOf(schema),
      stages: {
        description: 'Parts of stages, merged over those of the file; null removes.',
        type: 'object',
        additionalProperties: orNull({ $ref: '#/definitions/stage' }),
      },
    },
    patternProperties: { '^[^.]+\\..+$': { description: 'An override: stage.param: value.' } },
    additionalProperties: false,
  };
}

/** A name as part of a JSON pointer in a URI. */
function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}
