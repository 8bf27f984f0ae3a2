// HTML as strings that cannot forget to escape: whatever is put into an html`...` template is escaped unless it came
// out of such a template itself.

/** Markup that may stand in a page as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Insertable = Html | string | number | readonly Insertable[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Builds markup; texts are safe in elements and in quoted attributes. Lists are joined. */
export function html(strings: TemplateStringsArray, ...inserted: Insertable[]): Html {
  const pieces = strings.map(
    // Indentation is for those who read the code; thousands of items would carry it along.
    (piece, index) => piece.replace(/\n\s+/g, '\n') + markupOf(inserted[index] ?? ''),
  );
  return new Html(pieces.join(''));
}

function markupOf(part: Insertable): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return part.map(markupOf).join('');
}

/** NUL has no place in HTML, escaped or not. */
function escape(text: string): string {
  return text
    .replaceAll('\0', '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
