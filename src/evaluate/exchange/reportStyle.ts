// The look of the report: the page's colours and sizes (src/app/tokens.css), light and dark, for one file.
export const reportStyle = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f5f6f8, #14161b);
  --sheet: light-dark(#ffffff, #1b1e25);
  --line: light-dark(#dfe2e8, #2f3440);
  --text-quiet: light-dark(#5a6170, #a3abba);
  --text: light-dark(#1a1d24, #e9ebf0);
  --good: light-dark(#19713f, #74d39c);
  --bad: light-dark(#a8241c, #ff9d93);
  --series-1: light-dark(#2b48c6, #9db0ff);
  --series-2: light-dark(#a84a12, #f2a873);
  --series-3: light-dark(#19713f, #74d39c);
  --series-4: light-dark(#8d2a86, #e59be0);
}
body {
  max-width: 76rem;
  margin: 0 auto;
  padding: 1.5rem 1rem 4rem;
  background: var(--paper);
  color: var(--text);
  font: 0.9375rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  overflow-wrap: break-word;
}
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 0.25rem; }
h2 { font-size: 1.1875rem; line-height: 1.25; margin: 2rem 0 0.75rem; }
p, figcaption { max-width: 44rem; margin: 0 0 0.75rem; }
.quiet, figcaption { color: var(--text-quiet); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; background: var(--sheet); }
th, td { padding: 0.25rem 0.75rem; border: 1px solid var(--line); text-align: start; vertical-align: top; }
th { font-weight: 600; }
thead th { background: var(--paper); }
.number { text-align: end; white-space: nowrap; }
.facts th { min-width: 12rem; }
.facts td { overflow-wrap: anywhere; }
.items summary, .output { overflow-wrap: anywhere; }
.items { width: 100%; margin-block: 0.5rem; }
.right { color: var(--good); }
.wrong { color: var(--bad); }
.output { white-space: pre-wrap; margin: 0.25rem 0 0.5rem; }
summary { cursor: pointer; }
dt { color: var(--text-quiet); }
dd { margin: 0 0 0.5rem; }
figure { margin: 0.75rem 0; }
svg { display: block; max-width: 100%; height: auto; background: var(--sheet); border: 1px solid var(--line); }
svg text { font-size: 13px; fill: var(--text); }
.grid { stroke: var(--line); }
.series-1 { color: var(--series-1); }
.series-2 { color: var(--series-2); }
.series-3 { color: var(--series-3); }
.series-4 { color: var(--series-4); }
.mark { fill: currentColor; stroke: currentColor; }
.interval { stroke: currentColor; stroke-width: 2; }
@media print { body { background: none; } }
`;
