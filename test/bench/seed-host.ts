import type { DatabaseSync } from 'node:sqlite';
import { tokenHash } from '../../src/kit/encoding.ts';
import { newId } from '../../src/kit/random.ts';
import { hostTokenOf, PROTECTED_ORIGIN } from './people.ts';
import { type House, into, type Row } from './seed.ts';

const GROUPS = ['Staff', 'Editors', 'Everybody else'];

/** One protected host, open to two of three groups; whoever enters is in all of them. */
export function protectHost(db: DatabaseSync, { random, now }: House) {
  const insert = {
    group: into(db, 'people_group'),
    member: into(db, 'group_member'),
    client: into(db, 'client'),
    audience: into(db, 'client_group'),
    presence: into(db, 'forward_auth_session'),
  };
  const groups = GROUPS.map((name) => ({
    id: newId(random),
    name,
    name_key: name.toLowerCase(),
    created_at: now,
  }));
  for (const group of groups) insert.group(group);
  const client: Row<'client'> = {
    id: newId(random),
    kind: 'forward-auth',
    name: 'Wiki',
    description: '',
    home_url: null,
    secret_hash: null,
    redirect_uris: '[]',
    post_logout_redirect_uris: '[]',
    backchannel_logout_uri: null,
    origin: PROTECTED_ORIGIN,
    acr: 'mfa',
    scopes: '',
    created_at: now,
    secret_changed_at: null,
  };
  insert.client(client);
  for (const { id } of groups.slice(0, 2)) insert.audience({ client_id: client.id, group_id: id });
  return {
    enter(n: number, { id, account_id }: Row<'session'>): void {
      for (const group of groups) insert.member({ group_id: group.id, account_id, created_at: now });
      insert.presence({
        token_hash: tokenHash(hostTokenOf(n)),
        session_id: id,
        client_id: client.id,
        created_at: now,
        last_used_at: now,
      });
    },
  };
}
