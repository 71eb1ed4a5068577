import type { Kind } from '../kind/index.ts';
import { inputsOf } from './inputs.ts';
import { propertiesOf, schemaOf } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { stageShape } from './shape.ts';

/** The reference of all keys, kinds and params in Markdown, made of the schemas that validate them. */
export function configReference(kinds: readonly Kind[]): string {
  const sorted = [...kinds].sort((a, b) => (a.name < b.name ? -1 : 1));
  return (
    ['## Keys of a stage', keysTable(), ...sorted.flatMap((kind) => kindSection(kind))].join('\n\n') + '\n'
  );
}

function keysTable(): string {
  const keys = Object.entries(propertiesOf(schemaOf(stageShape)));
  const rows = keys.flatMap(([key, schema]) => [
    [code(key), String(schema.description)],
    ...Object.entries(propertiesOf(schema)).map(([inner, { description }]) => [
      code(`${key}.${inner}`),
      String(description),
    ]),
  ]);
  return table(['key', 'what it says'], rows);
}

function kindSection(kind: Kind): string[] {
  const rows = paramRows(schemaOf(kind.params), '');
  const sentence = kind.summary.endsWith('.') ? kind.summary : `${kind.summary}.`;
  return [
    `## ${code(kind.name)}`,
    `${sentence} ${inputSentence(kind)}`,
    rows.length === 0 ? 'No params.' : table(['param', 'type', 'default', 'what it is'], rows),
  ];
}

function inputSentence(kind: Kind): string {
  if (kind.type === 'source') {
    return `Reads external files, or those of the stage given as ${code('files')}.`;
  }
  const inputs = Object.entries(inputsOf(kind)).map(([name, arity]) => {
    const note = { one: '', optional: ' (optional)', many: ' (any number)' }[arity];
    return `${code(name)}${note}`;
  });
  return inputs.length === 0 ? 'No inputs.' : `Inputs: ${inputs.join(', ')}.`;
}

/** A row for each param, and below a map one for each of its keys. */
function paramRows(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
    const { description, default: standard } = property;
    const path = prefix + name;
    const inner = branchesOf(property).find((branch) => branch.properties !== undefined);
    // The defaults of a map stand beside its keys.
    const shown = standard === undefined || inner !== undefined ? '' : code(JSON.stringify(standard));
    const row = [code(path), typeText(property), shown, typeof description === 'string' ? description : ''];
    return [row, ...(inner === undefined ? [] : paramRows(inner, `${path}.`))];
  });
}

/** The choices of a value. */
function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const choices = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  return choices === undefined ? [schema] : choices.flatMap(branchesOf);
}

function typeText(schema: JsonSchema): string {
  const texts = new Set(branchesOf(schema).map(oneType));
  return [...texts].join(' or ');
}

function oneType(schema: JsonSchema): string {
  const { type, items } = schema;
  if ('const' in schema) {
    return code(JSON.stringify(schema.const));
  }
  if (Array.isArray(schema.enum)) {
    return schema.enum.map((value) => code(String(value))).join(', ');
  }
  switch (type) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return type + rangeText(schema);
    case 'boolean':
      return '`true`, `false`';
    case 'null':
      return '`null`';
    case 'array':
      return Array.isArray(items)
        ? `[${(items as JsonSchema[]).map(typeText).join(', ')}]`
        : `list of ${typeText((items ?? {}) as JsonSchema)}`;
    case 'object':
      return 'map';
    default:
      return 'any';
  }
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const limits = [
    [' ≥ ', minimum],
    [' > ', exclusiveMinimum],
    [' ≤ ', maximum],
    [' < ', exclusiveMaximum],
  ] as const;
  // The limits of safe integers are none that anyone meets.
  const shown = limits.filter(
    ([, limit]) => typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER,
  );
  return shown.map(([sign, limit]) => sign + String(limit)).join(',');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
