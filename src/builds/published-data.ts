import { instant, type OwnData } from '../accounts/own-data.ts';
import { listApps } from './store.ts';

/** The apps that the person looks after in the App Store. They stay when the person leaves. */
export const publishedData: OwnData = {
  name: 'published_apps',
  async read({ database }, { id }) {
    const apps = await listApps(database.db, id);
    return apps.map(({ slug, name, created_at }) => ({ address: slug, name, since: instant(created_at) }));
  },
};
