import { Refusal } from '../kit/refusal.ts';
import { type Assets, serveAsset } from './assets.ts';
import { type Level, type Route, route } from './route.ts';

/** Style, scripts and the mark: addressed by their content, compressed beforehand. */
export function staticRoutes(assets: Assets, everyone: Level<null>): Route[] {
  const serve = (path: string) =>
    route({
      method: 'GET',
      path,
      level: everyone,
      async handle({ visit }) {
        const answer = serveAsset(assets, visit.path, visit.acceptEncoding);
        if (!answer) throw new Refusal('not_found');
        return answer;
      },
    });
  return [serve('/assets/:name'), serve('/favicon.ico')];
}
