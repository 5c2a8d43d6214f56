import { claimLink, type Link, linkData, makeLink } from '../accounts/link.ts';
import { countAdministrators } from '../accounts/store.ts';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';

const SET_UP_LIFETIME = DAY;

/** Made by the operator's command, it works beside an administrator too; the one printed at start does not. */
type Maker = 'system' | 'operator';

type LinkDeps = Pick<Deps, 'config' | 'database' | 'clock' | 'random'>;

/**
 * At start. -> BASE_URL/setup?token=…, or null when there is an administrator to ask. What was printed before stays good:
 * of several instances each prints its own, and whoever reads the first one's must not find it dead.
 */
export async function setUpLink(deps: LinkDeps): Promise<string | null> {
  return deps.database.transaction(async (tx) => {
    if ((await countAdministrators(tx)) > 0) return null;
    return newLink(tx, deps, 'system');
  });
}

/** Break-glass: the operator makes a further administrator when the only one is locked out. */
export async function makeSetUpLink(deps: LinkDeps): Promise<string> {
  return deps.database.transaction(async (tx) => {
    await voidSetUpLinks(tx);
    return newLink(tx, deps, 'operator');
  });
}

async function newLink(tx: Tx, deps: LinkDeps, maker: Maker): Promise<string> {
  const token = await makeLink(tx, deps, {
    purpose: 'setup',
    accountId: null,
    data: { maker },
    lifetime: SET_UP_LIFETIME,
  });
  await record(tx, nowhere(deps.clock.now()), { event: 'setup.link_made', subject: null, actor: maker });
  return `${deps.config.baseUrl}/setup?token=${token}`;
}

export async function voidSetUpLinks(tx: Tx): Promise<void> {
  await tx.deleteFrom('link').where('purpose', '=', 'setup').execute();
}

/**
 * Spends the link. False where it is used up, or somebody else has become the administrator: with several links about, two
 * people may use two at once, and on PostgreSQL neither would see the other's account, so the second waits for the first.
 */
export async function claimSetUp(tx: Tx, link: Link, now: number): Promise<boolean> {
  if (isPostgres(tx)) {
    const all = tx.selectFrom('link').select('id').where('purpose', '=', 'setup');
    await all.orderBy('id').forUpdate().execute();
  }
  return (await claimLink(tx, link.id, now)) && (await isStillGood(tx, link));
}

/** False when somebody else has become the administrator since the link was printed. */
export async function isStillGood(db: Db, link: Link): Promise<boolean> {
  return linkData(link)['maker'] === 'operator' || (await countAdministrators(db)) === 0;
}
