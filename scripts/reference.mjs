// The reference of commands: docs/reference/*.md, a page a group, from the tables of the package. `node scripts/reference.mjs` writes them,
// `--check` fails where one differs. Needs the build.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, commandShapes, dialectNames } from 'rx-esp-at/catalogue';

const folder = join(process.cwd(), 'docs', 'reference');
const titles = {
  basic: 'The module',
  wifi: 'Wi-Fi',
  tcpip: 'TCP/IP',
  ble: 'Bluetooth Low Energy',
  ethernet: 'Ethernet',
  bt: 'Classic Bluetooth',
  mqtt: 'MQTT',
  http: 'HTTP',
};
const order = ['test', 'query', 'set', 'execute', 'special'];
const generated = '<!-- Written by scripts/reference.mjs: change the declarations, not this page. -->';

const code = (text) => `\`${text}\``;
const cell = (text) => text.replaceAll('|', '\\|');
const row = (cells) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const limits = ({ type, min, max, maxBytes, values }) => {
  if (values !== undefined) return Object.entries(values).map(([name, wire]) => (name === String(wire) ? code(name) : `${code(name)} (${wire})`)).join(', ');
  if (type === 'integer') return min === undefined ? 'number' : min === max ? `always ${min}` : `${min} to ${max}`;
  if (type === 'flag') return min === max && min !== undefined ? `always ${min}` : '`false` (0), `true` (1)';
  if (type === 'hex') return `hex digits${maxBytes === undefined ? '' : `, at most ${maxBytes}`}`;
  if (type === 'string') return maxBytes === undefined ? 'text' : `text, at most ${maxBytes} bytes`;
  return type === 'mac' ? 'MAC address' : 'IP address';
};

const notes = ({ type, optional, secret, when, kinds, dialects, byDialect = {} }) => [
  ...(when === undefined ? [] : [`only with AT+${when}`]),
  ...(optional ? ['may be left out'] : []),
  ...(secret ? ['secret'] : []),
  ...(kinds === undefined ? [] : [`only ${kinds.map(code).join(', ')}`]),
  ...(dialects === undefined ? [] : [`only in ${dialects.map(code).join(', ')}`]),
  ...Object.entries(byDialect).map(([dialect, facts]) => `${code(dialect)}: ${limits({ type, ...facts })}`),
];

const follows = {
  plain: [],
  counted: ['A payload comes with each line.'],
  prompt: ['After `>` it takes `data` of the announced length.'],
  'prompt-stream': ['After `>` it takes `data` of the announced length; `+++` cancels.'],
  passthrough: ['After `>` everything is data until `+++`.'],
};

const shapeText = (shape) => {
  const title = `**${shape.form}${shape.kind === undefined ? '' : ` (${shape.kind})`}** — ${code(`commands.${shape.group}.${shape.key}`)}. ${shape.doc}`;
  const answer = [...shape.answers, ...(shape.ends.length === 0 ? [] : [shape.ends.join(' · ')])];
  return [title, '', '```', shape.example, ...answer, '```', '', ...follows[shape.phase].flatMap((text) => [text, ''])].join('\n');
};

const entryText = (entry, shapes) => {
  const forms = dialectNames.map((name) => (entry.formsByDialect[name] ?? []).join(' ') || '–');
  const params = order.flatMap((form) =>
    (entry.params[form] ?? []).length === 0
      ? []
      : [`Parameters of the ${form} form:\n`, table(['name', 'value', 'notes'], entry.params[form].map((param) => [code(param.name), limits(param), notes(param).join('; ')])), ''],
  );
  return [
    `## ${entry.name}`,
    '',
    `${entry.source}${entry.esp32Only ? ' · ESP32 only' : ''}`,
    '',
    ...shapes.map(shapeText),
    ...params,
    ...(entry.events.length === 0 ? [] : [`Events: ${entry.events.map(code).join(', ')}`, '']),
    table(dialectNames.map(code), [forms]),
    '',
  ].join('\n');
};

const entries = catalogue();
const shapes = commandShapes();

const page = (group) => {
  const names = [...new Set(shapes.filter((shape) => shape.group === group).map(({ name }) => name))];
  const texts = names.map((name) => {
    const entry = entries.find((candidate) => candidate.name === name);
    return entryText(entry, shapes.filter((shape) => shape.group === group && shape.name === name));
  });
  return `${generated}\n\n# ${titles[group]}\n\n${names.length} commands. Every one runs by \`module.exec(declaration, parameters)\`; examples are lines with \`AT+CIPMUX=1\`.\n\n${texts.join('\n')}`;
};

const dialectPage = () => {
  const letters = { test: 'T', query: 'Q', set: 'S', execute: 'X', special: '!' };
  const rows = entries.map((entry) => [code(entry.name), ...dialectNames.map((name) => (entry.formsByDialect[name] ?? []).map((form) => letters[form]).join('') || '–')]);
  return `${generated}\n\n# Commands by dialect\n\nT test, Q query, S set, X execute, ! bytes without a line.\n\n${table(['command', ...dialectNames.map(code)], rows)}\n`;
};

const pages = new Map([...Object.keys(titles).map((group) => [`${group}.md`, page(group)]), ['dialects.md', dialectPage()]]);

if (process.argv.includes('--check')) {
  const wrong = [...pages].filter(([name, text]) => !existsSync(join(folder, name)) || readFileSync(join(folder, name), 'utf8') !== text).map(([name]) => name);
  const surplus = existsSync(folder) ? readdirSync(folder).filter((name) => !pages.has(name)) : [];
  for (const name of [...wrong, ...surplus]) console.error(`docs/reference/${name} is not what the tables say: run node scripts/reference.mjs`);
  process.exitCode = wrong.length + surplus.length === 0 ? 0 : 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
  for (const [name, text] of pages) writeFileSync(join(folder, name), text);
}
