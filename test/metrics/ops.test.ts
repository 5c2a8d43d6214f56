import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { watchInvariants } from '../../src/upkeep/invariants.ts';
import { readSamples, type Sample, scrape } from '../kit/exposition.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { addProtectedPerson, signIn } from '../kit/people.ts';

// The alarms and the dashboard against what `/metrics` really prints: a renamed metric would be an alarm that never rings.

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const rules: Rule[] = parse(read('ops/prometheus/alerts.yml')).groups.flatMap(
  ({ rules }: { rules: Rule[] }) => rules,
);
const dashboard = JSON.parse(read('ops/grafana/countersign.json'));
const panels: Panel[] = dashboard.panels.filter(({ type }: Panel) => type !== 'row');
const expressions: [where: string, expr: string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...panels.flatMap(({ title, targets = [] }) =>
    // What Grafana puts in for its variables.
    targets.map(({ expr }): [string, string] => [
      `${title}: ${expr}`,
      expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', 'countersign'),
    ]),
  ),
];

interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly op: string; readonly value: string }[];
}

/** What an expression selects. @throws where it is not PromQL */
function selectorsOf(expr: string): Selector[] {
  const found: { metric: string; matchers: Selector['matchers'][number][] }[] = [];
  const text = ({ from, to }: { from: number; to: number }) => expr.slice(from, to);
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${expr}`);
      if (node.name === 'VectorSelector')
        found.push({ metric: text(node.node.getChild('Identifier') ?? node), matchers: [] });
      if (node.name === 'UnquotedLabelMatcher') {
        const [label, op, value] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text(node))?.slice(1) ?? [];
        if (!label || !op || value === undefined) throw new Error(`not understood: ${text(node)}`);
        found.at(-1)?.matchers.push({ label, op, value });
      }
    },
  });
  return found;
}

/** Labels that Prometheus itself adds, and its own metric. */
const ADDED = ['job', 'instance'];
const PROMETHEUS = ['up'];
/** Values of these come with traffic that a short journey does not have. */
const OF_TRAFFIC = ['status', 'route'];

let printed: readonly Sample[] = [];
beforeAll(async () => {
  for (const engine of ENGINES) {
    const house = await openHouse({ engine, env: { METRICS_PORT: '9464' } });
    const { person, secret } = await addProtectedPerson(house);
    await signIn(house, house.browser(), person, secret);
    await watchInvariants(house.app.deps);
    printed = [...printed, ...readSamples(await (await scrape(house)).text())];
    await house.close();
  }
});

describe('every expression of alarms and dashboard selects what is printed', () => {
  test.each(expressions)('%s', (_where, expr) => {
    const selectors = selectorsOf(expr);
    expect(selectors.length).toBeGreaterThan(0);
    for (const { metric, matchers } of selectors) {
      if (PROMETHEUS.includes(metric)) continue;
      const samples = printed.filter(({ name }) => name === metric);
      expect(samples.length, metric).toBeGreaterThan(0);
      for (const { label, op, value } of matchers) {
        if (ADDED.includes(label)) continue;
        const values = new Set(samples.map(({ labels }) => labels[label]));
        expect(values, `${metric} has no label ${label}`).not.toContain(undefined);
        if (OF_TRAFFIC.includes(label)) continue;
        // Of alternatives each must be there, or one of them was renamed.
        const patterns = op.endsWith('~') ? value.split('|').map((one) => new RegExp(`^(?:${one})$`)) : [];
        for (const pattern of patterns)
          expect(
            [...values].some((found) => pattern.test(found ?? '')),
            `${label}=~${pattern}`,
          ).toBe(true);
        if (patterns.length === 0) expect(values).toContain(value);
      }
    }
  });
});

test('every label that is grouped by or shown is one that the metric has', () => {
  for (const [where, expr] of expressions) {
    const labels = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
    const names = selectorsOf(expr).map(({ metric }) => metric);
    const samples = printed.filter(({ name }) => names.includes(name));
    for (const label of labels)
      expect(
        samples.every((one) => label in one.labels),
        `${where}: ${label}`,
      ).toBe(true);
  }
});

test('what is no PromQL, or names what is not there, would be found', () => {
  expect(() => selectorsOf('sum(rate(countersign_x[5m])')).toThrow('not PromQL');
  expect(selectorsOf('max(a{b="c"}) > 1')).toEqual([
    { metric: 'a', matchers: [{ label: 'b', op: '=', value: 'c' }] },
  ]);
});

test('every alarm has a name of its own, a severity, a sentence, and a line in docs/metrics.md', () => {
  const names = rules.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  const guide = read('docs/metrics.md');
  for (const { alert, labels, annotations } of rules) {
    expect(['page', 'warn']).toContain(labels.severity);
    expect(annotations.summary).toMatch(/\.$/);
    expect(guide, alert).toContain(`\`${alert}\``);
  }
});

test('every metric of ours is explained in docs/metrics.md, and none that there is not', () => {
  const guide = read('docs/metrics.md');
  const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  const ours = new Set(
    printed.map(({ name }) => base(name)).filter((name) => name.startsWith('countersign_')),
  );
  for (const name of ours) expect(guide).toContain(`\`${name}\``);
  for (const [name] of guide.matchAll(/countersign_\w+/g)) expect([...ours]).toContain(base(name));
});

test('the dashboard asks the data source that its reader chooses, and no two panels lie on one another', () => {
  const [source] = dashboard.templating.list;
  expect(source).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
  const places = new Set<string>();
  for (const {
    datasource,
    targets = [],
    gridPos: { x, y, w, h },
  } of dashboard.panels) {
    if (targets.length > 0) expect(datasource).toEqual({ type: 'prometheus', uid: `$\{${source.name}}` });
    for (let column = x; column < x + w; column++)
      for (let line = y; line < y + h; line++) {
        expect(column).toBeLessThan(24);
        expect(places.has(`${column},${line}`)).toBe(false);
        places.add(`${column},${line}`);
      }
  }
});
