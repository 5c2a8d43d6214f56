/** Deep ink blue: ours, where no `BRAND_COLOR` is set. All colours are those of `web/style.css`. */
const INK_BLUE = { light: '#1f3a6e', dark: '#a9bdee' };

const FACE = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const INK = '#171b21';
const QUIET = '#555d68';
const LINE = '#dcdfe4';
const PAPER = '#ffffff';

const DARK = { ink: '#e8eaed', quiet: '#a5adb8', line: '#2b3038', paper: '#0f1216' };

/**
 * The manner of a letter from a good bank: paper, ink, hairlines, one accent. Everything stands inline, since many mail
 * readers drop a stylesheet; the sheet only adds the dark side, which inline styles cannot say.
 */
export function letterStyle(accent: string | null) {
  const colour = accent ?? INK_BLUE.light;
  const onDark = accent ? lighten(accent) : INK_BLUE.dark;
  return {
    sheet: `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.paper{background:${DARK.paper}!important;color:${DARK.ink}!important}
.ink{color:${DARK.ink}!important}
.quiet{color:${DARK.quiet}!important}
.line,.line-above{border-color:${DARK.line}!important}
.accent{color:${onDark}!important}
.button{background:${onDark}!important;border-color:${onDark}!important;color:${DARK.paper}!important}
}`,
    body: `margin:0;padding:0;background:${PAPER};color:${INK};${FACE};font-size:16px;line-height:24px`,
    // A long name or address breaks: else a phone shrinks the whole letter.
    ink: `color:${INK};${FACE};font-size:16px;line-height:24px;overflow-wrap:anywhere;word-break:break-word`,
    mark: `margin:0 0 24px;padding:0 0 16px;border-bottom:1px solid ${LINE};color:${INK};font-size:16px;font-weight:600`,
    strokes: `color:${colour};font-weight:600;letter-spacing:-1px`,
    title: `margin:0 0 24px;color:${INK};${FACE};font-size:20px;line-height:28px;font-weight:600`,
    paragraph: 'margin:0 0 16px',
    buttonRow: 'margin:0 0 16px',
    button: `display:inline-block;padding:12px 24px;border:1px solid ${colour};border-radius:8px;background:${colour};color:#ffffff;font-weight:600;text-decoration:none`,
    address: `margin:0 0 24px;color:${QUIET};font-size:14px;line-height:20px;word-break:break-all`,
    facts: `margin:8px 0 24px;border-top:1px solid ${LINE};border-collapse:collapse`,
    term: `padding:8px 16px 8px 0;border-bottom:1px solid ${LINE};color:${QUIET};${FACE};font-size:14px;line-height:24px;font-weight:400;white-space:nowrap`,
    value: `padding:8px 0;border-bottom:1px solid ${LINE};color:${INK};${FACE};font-size:16px;line-height:24px;width:100%`,
    linkLead: 'margin:0 0 4px',
    link: `color:${colour};font-weight:600`,
    closing: `margin:32px 0 0;padding:16px 0 0;border-top:1px solid ${LINE};color:${QUIET};font-size:14px;line-height:20px`,
    closingNext: `margin:0;color:${QUIET};font-size:14px;line-height:20px`,
  };
}

/** The accent was chosen for white paper; two thirds of the way to white it can be read on black. */
function lighten(hex: string): string {
  const channels = [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
  const light = channels.map((channel) => Math.round(channel + (255 - channel) * 0.62));
  return `#${light.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
