import type { Tour } from './tour.ts';

const RULES = '/admin/rules';
const DAY = 86_400_000;

/**
 * An administrator, signed in and just confirmed, looks at the overview and the sign-in rules. A rule for everybody that
 * is coming is set on the way, too far ahead for mails, and lifted again.
 */
export async function lookAtRules(tour: Tour): Promise<void> {
  const day = new Date(Date.now() + 20 * DAY).toISOString().slice(0, 10);
  await tour.visit('overview', '/admin');
  // Each table can be opened; axe and the widths then see what is in it.
  await tour.page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
  await tour.look('overview-tables');
  await tour.visit('overview-at-risk', '/admin/overview/at-risk');
  await tour.visit('rules-none', RULES);
  await tour.visit('rules-choose', `${RULES}/two-factor`);
  await tour.visit(
    'rules-choose-error',
    `${RULES}/two-factor/preview?group=everyone&when=day&day=2020-01-01`,
  );
  await tour.visit('rules-preview', `${RULES}/two-factor/preview?group=everyone&when=day&day=${day}`);
  await tour.sendAndLook('rules', `${RULES}/two-factor`);
  await tour.visit('overview-coming', '/admin');
  await tour.visit('rules-who', `${RULES}/two-factor/everyone`);
  await tour.visit('rules-optional', `${RULES}/two-factor/everyone/optional`);
  await tour.send(`${RULES}/two-factor/everyone/optional`);
  await tour.visit('methods', `${RULES}/methods`);
  await tour.visit('methods-error', `${RULES}/methods/preview?webauthn=on`);
  await tour.visit('methods-affected', `${RULES}/methods/preview?sms=on&webauthn=on&keys_first=on`);
  await tour.visit('values', `${RULES}/values`);
  await tour.sendAndLook('values-overtaken', `${RULES}/values`, { seen: 'of-before' });
  const wrong = { recovery_wait_hours: '0', password_min_length: 'x' };
  await tour.sendAndLook('values-error', `${RULES}/values`, wrong);
}
