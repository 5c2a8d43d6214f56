import type { Account } from '../accounts/account.ts';
import type { App } from '../builds/app.ts';
import { ENDINGS, PLATFORMS } from '../builds/format-rules.ts';
import { LONGEST_NOTES } from '../builds/name-rules.ts';
import { type Html, html } from '../kit/html.ts';
import { field, select, textArea } from '../web/fields.ts';
import { fileField, uploadForm } from '../web/file-fields.ts';
import { storeLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { MANAGE } from './catalogue-pages.ts';
import { publishWords } from './publish-words.ts';
import { storeWords } from './words.ts';

export interface UploadPage extends Partial<Complaints> {
  readonly account: Account;
  readonly app: App;
  /** Bytes that a file may have. */
  readonly most: number;
  readonly version?: string;
  readonly platform?: string;
  readonly notes?: string;
}

export function uploadPage(site: Site, visit: Visit, page: UploadPage): Html {
  const { upload: w } = publishWords[visit.locale];
  const names = storeWords[visit.locale].platforms;
  const { account, app, most, version = '', platform = '', notes = '', error, fields = {} } = page;
  const path = `${MANAGE}/${app.slug}`;
  const systems = PLATFORMS.map((value) => ({ value, text: names[value] }));
  return storeLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'publish',
    person: account,
    back: { href: path, text: app.name },
    notice: error ? notice('danger', error) : null,
    scripts: ['upload.js'],
    body: uploadForm({
      action: `${path}/upload`,
      data: {
        'data-upload': String(most),
        'data-sent': w.sent,
        'data-checking': w.checking,
        'data-too-large': w.tooLarge,
        'data-broken': w.broken,
        'data-stopped': w.stopped,
        'data-stop': w.stop,
        'data-progress': w.progress,
      },
      body: html`${field({ name: 'version', label: w.version, hint: w.versionHint, value: version, autocomplete: 'off', required: true, maxlength: 40, spellcheck: false, error: fields['version'] ?? null })}
        ${select({ name: 'platform', label: w.platform, hint: w.platformHint, value: platform, options: [{ value: '', text: w.byFile }, ...systems], error: fields['platform'] ?? null })}
        ${textArea({ name: 'notes', label: w.notes, hint: w.notesHint, value: notes, rows: 4, maxlength: LONGEST_NOTES, error: fields['notes'] ?? null })}
        ${fileField({ name: 'file', label: w.file, hint: w.fileHint(limitOf(most)), accept: acceptedEndings, error: fields['file'] ?? null })}
        ${actions(button(w.send), linkButton(path, w.cancel, { kind: 'quiet' }))}`,
    }),
  });
}

/** As an administrator sets it. */
function limitOf(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024} GiB` : `${mebibytes} MiB`;
}

/** A dialog knows the last part of a name alone: `.gz`, not `.tar.gz`. */
const acceptedEndings = [...new Set(ENDINGS.map((ending) => ending.slice(ending.lastIndexOf('.'))))].join(
  ',',
);
