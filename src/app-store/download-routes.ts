import { findEntitled } from '../builds/open-download.ts';
import type { BuildDeps } from '../builds/publisher.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { page } from '../web/answer.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { STORE } from './catalogue-pages.ts';
import { findByLink, followLink, INSTALL_LINK_LIFETIME, makeInstallLink } from './install-link.ts';
import { installPage, manifest } from './install-pages.ts';
import { serveBuild } from './serve-build.ts';

const BUILD = `${STORE}/:app/builds/:build`;
const INSTALL = `${STORE}/install`;

export function downloadRoutes(deps: BuildDeps, site: Site, { everyone, signedIn }: Levels): Route[] {
  const entitled = (who: Parameters<typeof findEntitled>[1], params: Readonly<Record<string, string>>) =>
    findEntitled(deps, who, params['app'] as string, params['build'] as string);

  return [
    route({
      method: 'GET',
      path: `${BUILD}/download`,
      level: signedIn,
      handle: async (call) =>
        serveBuild(deps, call.visit, call.who.account, await entitled(call.who, call.params), call),
    }),
    route({
      method: 'GET',
      path: `${BUILD}/install`,
      level: signedIn,
      async handle({ visit, who, params }) {
        const found = await entitled(who, params);
        if (found.build.bundle === null) throw new Refusal('not_found');
        const token = await makeInstallLink(deps, who.session.id, found, 'manifest', visit.now);
        return page(
          installPage(site, visit, {
            account: who.account,
            app: found.app,
            buildId: found.build.id,
            manifestUrl: `${site.baseUrl}${INSTALL}/${token}/manifest.plist`,
            lifetime: INSTALL_LINK_LIFETIME,
          }),
        );
      },
    }),
    route({
      method: 'GET',
      path: `${INSTALL}/:token/manifest.plist`,
      level: everyone,
      async handle({ visit, method, params }) {
        // Looking at whether it is there spends nothing.
        const follow = method === 'HEAD' ? findByLink : followLink;
        const { who, ...found } = await follow(deps, visit, params['token'] as string, 'manifest');
        const { bundle } = found.build;
        if (bundle === null) throw new Refusal('not_found');
        const headers = { 'content-type': 'text/xml; charset=utf-8' };
        if (method === 'HEAD') return { status: 200, cookies: [], headers, body: '' };
        const token = await makeInstallLink(deps, who.session.id, found, 'file', visit.now);
        const body = manifest(bundle, `${site.baseUrl}${INSTALL}/${token}/app.ipa`);
        return { status: 200, cookies: [], headers, body };
      },
    }),
    route({
      method: 'GET',
      path: `${INSTALL}/:token/app.ipa`,
      level: everyone,
      async handle({ visit, method, headers, params }) {
        const follow = method === 'HEAD' ? findByLink : followLink;
        const { who, ...found } = await follow(deps, visit, params['token'] as string, 'file');
        return serveBuild(deps, visit, who.account, found, { method, headers });
      },
    }),
  ];
}
