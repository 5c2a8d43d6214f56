import type { OwnData } from '../accounts/own-data.ts';
import { listGroupsOf } from './store.ts';

export const groupData: OwnData = {
  name: 'groups',
  read: async ({ database }, { id }) => (await listGroupsOf(database.db, id)).map(({ name }) => name),
};
