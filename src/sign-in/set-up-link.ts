import { type Link, linkData, makeLink } from '../accounts/link.ts';
import { countAdministrators } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';

const SET_UP_LIFETIME = DAY;

/** Made by the operator's command, it works beside an administrator too; the one printed at start does not. */
type Maker = 'system' | 'operator';

type LinkDeps = Pick<Deps, 'config' | 'database' | 'clock' | 'random'>;

/** At start. -> BASE_URL/setup?token=…, or null when there is an administrator to ask. */
export async function setUpLink(deps: LinkDeps): Promise<string | null> {
  return deps.database.transaction(async (tx) => {
    if ((await countAdministrators(tx)) > 0) return null;
    return newLink(tx, deps, 'system');
  });
}

/** Break-glass: the operator makes a further administrator when the only one is locked out. */
export async function makeSetUpLink(deps: LinkDeps): Promise<string> {
  return deps.database.transaction((tx) => newLink(tx, deps, 'operator'));
}

async function newLink(tx: Tx, deps: LinkDeps, maker: Maker): Promise<string> {
  await voidSetUpLinks(tx);
  const token = await makeLink(tx, deps, {
    purpose: 'setup',
    accountId: null,
    data: { maker },
    lifetime: SET_UP_LIFETIME,
  });
  const place = { now: deps.clock.now(), network: '', browser: '', requestId: '' };
  await record(tx, place, { event: 'setup.link_made', subject: null, actor: maker });
  return `${deps.config.baseUrl}/setup?token=${token}`;
}

export async function voidSetUpLinks(tx: Tx): Promise<void> {
  await tx.deleteFrom('link').where('purpose', '=', 'setup').execute();
}

/** False when somebody else has become the administrator since the link was printed. */
export async function isStillGood(db: Db, link: Link): Promise<boolean> {
  return linkData(link)['maker'] === 'operator' || (await countAdministrators(db)) === 0;
}
