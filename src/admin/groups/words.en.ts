export const en = {
  list: {
    title: 'Groups',
    lead: 'People who share rules, apps and downloads.',
    create: 'Make a group',
    empty: 'There are no groups yet.',
    people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
    name: 'Group',
    members: 'People',
  },
  form: {
    create: 'Make a group',
    createLead: 'Apps read the name, so choose one that lasts.',
    rename: 'Rename the group',
    renameLead: (name: string) =>
      `Apps that read the name “${name}” find the new one from the next sign-in on.`,
    label: 'Name',
    createButton: 'Make the group',
    renameButton: 'Rename',
    cancel: 'Cancel',
  },
  group: {
    back: 'Groups',
    members: 'People',
    empty: 'Nobody belongs to this group yet.',
    nobodyHere: 'There is nobody after this.',
    add: 'E-mail address',
    addButton: 'Add to the group',
    remove: 'Remove',
    removeOf: (name: string) => `Remove ${name}`,
    next: 'Next',
    first: 'Back to the beginning',
    pages: 'More people',
    rename: 'Rename the group',
    removeGroup: 'Remove the group',
    uses: 'Where it is used',
    unused: 'No rule and no app uses this group.',
    rule: (from: string) => `Its people have had to use two-factor authentication since ${from}.`,
    ruleAhead: (from: string) => `Its people must use two-factor authentication from ${from}.`,
    client: (name: string) => `${name} lets its people in.`,
    clientOnly: (name: string) => `${name} lets its people in, and nobody else.`,
  },
  leave: {
    title: (name: string) => `Remove ${name} from the group?`,
    lead: (name: string, group: string) =>
      `${name} can no longer open what is only for the people of ${group}.`,
    button: 'Remove',
    cancel: 'Cancel',
  },
  remove: {
    title: (name: string) => `Remove the group ${name}?`,
    lead: 'The people in it keep their accounts.',
    rule: 'The rule that they must use two-factor authentication ends.',
    clients: (names: string) => `${names}: no longer open to them.`,
    button: 'Remove the group',
    cancel: 'Cancel',
    guards: (names: string) =>
      `${names}: open only to this group, and without it to everybody. First choose who else may open it.`,
  },
};

export type GroupWords = typeof en;
