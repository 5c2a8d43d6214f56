export const en = {
  title: 'Overview',
  lead: 'How things stand, and what needs attention.',
  todo: {
    title: 'Needs attention',
    nothing: 'Nothing is waiting for you.',
    help: (count: number) =>
      count === 1 ? 'One request for help is open' : `${count} requests for help are open`,
    helpMeta: 'Somebody lost every second step.',
    helpLink: 'Decide',
    atRisk: (count: number, shown: string) =>
      count === 1
        ? 'One person is one loss away from being locked out'
        : `${shown} people are one loss away from being locked out`,
    atRiskMost: (shown: string) => `More than ${shown} people are one loss away from being locked out`,
    atRiskMeta: 'One phone or key, and no recovery codes.',
    atRiskLink: 'See who',
    app: (name: string) => `App: ${name}`,
    coming: (whom: string, day: string) => `${whom}: two factors required from ${day}`,
    comingMeta: (count: number, shown: string) =>
      count === 0
        ? 'All of them have a second factor.'
        : count === 1
          ? 'One person has no second factor yet.'
          : `${shown} people have no second factor yet.`,
    comingLink: 'See who',
    late: (count: number, shown: string) => (count === 1 ? 'One mail is late' : `${shown} mails are late`),
    lateTexts: (count: number, shown: string) =>
      count === 1 ? 'One text message is late' : `${shown} text messages are late`,
    lateMeta: 'Queued more than five minutes ago. They are tried again for three days.',
    failed: (count: number, shown: string) =>
      count === 1 ? 'One mail was given up within a day' : `${shown} mails were given up within a day`,
    failedTexts: (count: number, shown: string) =>
      count === 1
        ? 'One text message was given up within a day'
        : `${shown} text messages were given up within a day`,
    failedMeta: 'The log of the server says why.',
    clock: (seconds: string) => `The clock of this machine is ${seconds} seconds off`,
    clockMeta: 'One-time codes are refused until it is right. Set it by NTP.',
  },
  everyone: 'Everyone',
  people: {
    title: 'Two-factor authentication',
    sentence: (share: string, part: string, whole: string) =>
      `${share} of people have it on: ${part} of ${whole}.`,
    none: 'There is nobody here yet.',
    counted: 'Counted',
    any: 'Any second factor',
    method: 'Method',
    people: 'People',
    share: 'Share',
    table: 'Figures as a table',
  },
  tries: {
    title: 'The last 30 days',
    signedIn: 'Sign-ins',
    refused: 'Refused tries',
    refusedLead: 'Wrong passwords, codes, keys and passkeys.',
    total: (total: string, most: string, day: string) => `${total} in all; most on ${day}: ${most}.`,
    nothing: 'None.',
    day: 'Day (UTC)',
    table: 'Figures as a table',
  },
  now: {
    title: 'Right now',
    codesHeld: 'One-time codes on hold',
    codesClosed: 'One-time codes closed',
    passwordWaits: 'Waits after wrong passwords',
    mails: 'Mails',
    texts: 'Text messages',
    delivery: (sent: string, waiting: string, late: string, failed: string) =>
      `${sent} sent within a day, ${waiting} waiting (${late} late), ${failed} given up`,
    clock: 'Clock',
    clockSame: 'The database runs on this machine: one clock.',
    clockOff: (seconds: string) => `${seconds} seconds from the database’s`,
  },
  atRisk: {
    title: 'One loss away from being locked out',
    lead: 'They have one phone or key and no recovery codes left. Ask them to make new codes under Account > Security.',
    list: 'People at risk',
    nobody: 'Nobody is. Everybody has recovery codes or a second method.',
    noneHere: 'Nobody so far.',
    empty: 'There is nobody after this.',
    back: 'Overview',
    next: 'Next',
    goOn: 'Search on',
    first: 'Back to the beginning',
    pages: 'More people',
  },
};

export type OverviewWords = typeof en;
