import type { Platform } from '../builds/format-rules.ts';

/** What everybody reads who opens and installs apps. */
export const en = {
  platforms: {
    android: 'Android',
    ios: 'iPhone and iPad',
    macos: 'Mac',
    windows: 'Windows',
    linux: 'Linux',
    any: 'Any system',
  } as Readonly<Record<Platform, string>>,
  catalogue: {
    title: 'Apps',
    lead: 'What you can open and install with your account.',
    search: 'Name or description',
    find: 'Search',
    all: 'Show all',
    nothingFound: (text: string) => `No app here has “${text}” in its name or description.`,
    empty: 'There is nothing for you here yet.',
    emptyHint: 'Your organisation decides which apps you see. Ask your administrator when you miss one.',
    emptyPublisher: 'Publish your first app',
    open: 'Open',
    install: 'Install',
    opensAt: (host: string) => `Opens ${host}`,
    forYou: (system: string) => `For ${system}`,
    runsOn: (systems: string) => `For ${systems}`,
    notForYou: (systems: string, yours: string) => `For ${systems}, not for ${yours}`,
  },
  asks: {
    nothing: 'Opens without asking again',
    factor: (name: string) => `Asks for your second step: ${name}`,
    enrol: 'Asks for a second step, and you have none yet',
    key: 'Asks for a security key, and you have none yet',
    enrolLink: 'Set one up',
    keyLink: 'Add a key',
  },
  app: {
    back: 'Apps',
    forSystem: (system: string) => `For ${system}`,
    anySystem: 'For any system',
    nothingForYou: (system: string) => `There is nothing for ${system} yet.`,
    download: 'Download',
    downloadOf: (fileName: string) => `Download ${fileName}`,
    install: 'Install',
    installOf: (version: string) => `Install version ${version}`,
    version: (version: string) => `Version ${version}`,
    publishedAgo: 'published',
    whatsNew: 'What’s new',
    otherSystems: 'For other systems',
    earlier: 'Earlier versions',
    checksum: 'SHA-256',
    checksumOf: (fileName: string) => `SHA-256 of ${fileName}`,
    checksumHint: 'Compare it with that of your file to be sure that it arrived whole.',
    copy: 'Copy',
    copied: 'Copied',
    downloads: (count: number) => (count === 1 ? '1 download' : `${count} downloads`),
    manage: 'Manage this app',
  },
  install: {
    title: (name: string) => `Install ${name}`,
    lead: 'Tap the button on the iPhone or iPad on which you want the app.',
    button: 'Install now',
    once: (lifetime: string) =>
      `The button works once, within ${lifetime}, and only while you are signed in.`,
    again: 'Make a new button',
    download: 'Download the file instead',
    signing:
      'If the device says that the app can’t be installed, it isn’t among those that the app was made for. Ask its publisher.',
  },
};

export type StoreWords = typeof en;
