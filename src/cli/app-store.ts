import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Build } from '../builds/app.ts';
import { listBuilds } from '../builds/build-store.ts';
import { createApp } from '../builds/create-app.ts';
import { openBuildFiles } from '../builds/files/open.ts';
import { ENDINGS, PLATFORMS } from '../builds/format-rules.ts';
import { type Audience, publishBuilds, withdrawBuilds } from '../builds/publish-build.ts';
import { type BuildDeps, findManaged, type Publisher } from '../builds/publisher.ts';
import { findApp } from '../builds/store.ts';
import { uploadBuild } from '../builds/upload-build.ts';
import type { Deps } from '../deps.ts';
import { groupName } from '../groups/name.ts';
import { findGroupByKey } from '../groups/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { type Call, type Command, CommandRefused, required, WrongUsage } from './command.ts';
import { withFields } from './explain.ts';
import { operatorsPlace } from './find-account.ts';
import { withDeps } from './open.ts';

/** The App Store, for release scripts. */
export const appStoreCommands: readonly Command[] = [
  {
    name: 'store create',
    takes: 'SLUG --name N',
    does: 'makes an app for the App Store',
    operands: ['SLUG'],
    options: { name: { type: 'string' } },
    run: create,
  },
  {
    name: 'store upload',
    takes: `SLUG FILE --version V [--notes T] [--platform ${PLATFORMS.join('|')}]`,
    does: 'adds a build, which nobody sees before it is published',
    operands: ['SLUG', 'FILE'],
    options: { version: { type: 'string' }, notes: { type: 'string' }, platform: { type: 'string' } },
    run: upload,
  },
  {
    name: 'store publish',
    takes: 'SLUG VERSION --everyone|--group G',
    does: 'offers every build of this version to everyone, or to one group, in place of whoever had it before',
    operands: ['SLUG', 'VERSION'],
    options: { everyone: { type: 'boolean' }, group: { type: 'string' } },
    run: publish,
  },
  {
    name: 'store withdraw',
    takes: 'SLUG VERSION',
    does: 'stops offering this version to anybody',
    operands: ['SLUG', 'VERSION'],
    run: withdraw,
  },
];

async function create(call: Call): Promise<void> {
  const name = required(call, 'name');
  await inStore(call, async (deps, operator) => {
    const app = await createApp(deps, operator, { slug: slugOf(call), name, description: '' });
    await call.print(`${app.name} is at /store/${app.slug}.`, { id: app.id, app: app.slug, name: app.name });
  });
}

async function upload(call: Call): Promise<void> {
  const version = required(call, 'version');
  const file = call.operands[1] as string;
  const platform = PLATFORMS.find((one) => one === call.option('platform')) ?? null;
  if (platform === null && call.option('platform') !== undefined)
    throw new WrongUsage(`--platform takes ${PLATFORMS.join(', ')}, not "${call.option('platform')}"`);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new CommandRefused('not_found', `There is no readable file "${file}".`);
  await onApp(call, async (deps, operator) => {
    const asked = { version, notes: call.option('notes') ?? '', platform, fileName: basename(file) };
    const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
    try {
      const uploading = uploadBuild(deps, operator, slugOf(call), asked, { stream });
      const build = await uploading.catch(nameEndings);
      const told = `${build.file_name}, version ${version}, is uploaded. Nobody sees it before it is published.`;
      const { id, size, sha256 } = build;
      const rest = { platform: build.platform, format: build.format, size, sha256 };
      await call.print(told, { id, app: slugOf(call), version, ...rest });
    } finally {
      stream.destroy();
    }
  });
}

/** What a page's file field shows beforehand; the complaint about the file is the last one. */
function nameEndings(error: unknown): never {
  if (!(error instanceof Refusal) || error.detail.fields?.['file'] !== 'file_kind_unknown') throw error;
  const { message } = withFields(error, 0);
  throw new CommandRefused(error.code, `${message} It must end in ${ENDINGS.join(' ')}`);
}

async function publish(call: Call): Promise<void> {
  const group = call.option('group');
  if (call.flag('everyone') === (group !== undefined))
    throw new WrongUsage('takes either --everyone or --group G');
  await onApp(call, async (deps, operator) => {
    const builds = await ofVersion(deps, operator, call);
    const audience: Audience = group === undefined ? 'everyone' : [await findGroupId(deps, group)];
    await publishBuilds(deps, operator, slugOf(call), idsOf(builds), audience);
    const who = group === undefined ? 'everyone' : `the group "${group}"`;
    await call.print(`Published to ${who}: ${namesOf(builds)}.`, {
      app: slugOf(call),
      version: call.operands[1],
      builds: idsOf(builds),
      everyone: group === undefined,
      group: group ?? null,
    });
  });
}

async function withdraw(call: Call): Promise<void> {
  await onApp(call, async (deps, operator) => {
    const builds = await ofVersion(deps, operator, call);
    const withdrawn = await withdrawBuilds(deps, operator, slugOf(call), idsOf(builds));
    const line = withdrawn > 0 ? `Withdrawn: ${namesOf(builds)}.` : 'It was not published to anybody.';
    await call.print(line, { app: slugOf(call), version: call.operands[1], withdrawn });
  });
}

const slugOf = (call: Call): string => call.operands[0] as string;
const idsOf = (builds: readonly Build[]) => builds.map(({ id }) => id);
const namesOf = (builds: readonly Build[]) => builds.map(({ file_name }) => file_name).join(', ');

/** Of an app that there is. @throws {CommandRefused} not_found, in an operator's words */
async function onApp(
  call: Call,
  work: (deps: BuildDeps, operator: Publisher) => Promise<void>,
): Promise<void> {
  await inStore(call, async (deps, operator) => {
    if (!(await findApp(deps.database.db, slugOf(call))))
      throw new CommandRefused('not_found', `There is no app "${slugOf(call)}" in the App Store.`);
    await work(deps, operator);
  });
}

async function inStore(
  call: Call,
  work: (deps: BuildDeps, operator: Publisher) => Promise<void>,
): Promise<void> {
  await withDeps(call, async (deps) => {
    const operator = { place: operatorsPlace(deps), actor: 'operator', account: null, sessionId: null };
    await work({ ...deps, files: openBuildFiles(deps.config) }, operator);
  });
}

/** For each system that there is of it. @throws {CommandRefused} not_found */
async function ofVersion({ database: { db } }: BuildDeps, operator: Publisher, call: Call): Promise<Build[]> {
  const app = await findManaged(db, operator, slugOf(call));
  const builds = (await listBuilds(db, app.id)).filter(({ version }) => version === call.operands[1]);
  if (builds.length > 0) return builds;
  throw new CommandRefused('not_found', `${app.name} has no build with the version "${call.operands[1]}".`);
}

/** @throws {CommandRefused} not_found */
async function findGroupId({ database: { db } }: Deps, name: string): Promise<string> {
  const read = groupName(name);
  const group = read && (await findGroupByKey(db, read.key));
  if (!group) throw new CommandRefused('not_found', `There is no group "${name}".`);
  return group.id;
}
