// Blue and orange are told apart by every kind of sight (Okabe and Ito's palette), and the second line is dashed besides.
export const style = `
:root { color-scheme: light dark; --back: #fff; --text: #1c2430; --faint: #5b6675; --line: #dfe3e8; --first: #0072b2; --second: #b85000; --bad: #b3261e; --good: #1b6e3c; --room: #a9b4c0 }
@media (prefers-color-scheme: dark) { :root { --back: #14181d; --text: #e6eaef; --faint: #9aa5b1; --line: #2b323a; --first: #56b4e9; --second: #e69f00; --bad: #ff8a80; --good: #7fd69b; --room: #5b6675 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; -webkit-text-size-adjust: 100% }
main { max-width: 60rem; margin: 0 auto; padding: 1.25rem 1rem 3rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 }
h2 { font-size: 1.125rem; margin: 2.25rem 0 .5rem }
.subtitle { color: var(--faint); margin: .25rem 0 1.25rem; font-size: .875rem }
.findings { list-style: none; margin: 0; padding: 0; max-width: 42rem }
.findings li { padding: .125rem 0 .125rem .75rem; border-left: 3px solid var(--line); margin: .625rem 0 }
.findings .bad { border-color: var(--bad) }
.findings .good { border-color: var(--good) }
.findings b { color: var(--bad) }
.charts { display: grid; gap: 1.5rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); margin: .75rem 0 1.25rem }
figure { margin: 0; max-width: 30rem }
figcaption { font-weight: 600; font-size: .875rem; margin-bottom: .25rem }
svg { display: block; width: 100%; height: auto; font-size: 12px; overflow: visible }
svg text { fill: var(--text) } svg .axis { fill: var(--faint); font-size: 11px } svg .strong { font-weight: 600 }
svg .grid { stroke: var(--line); stroke-width: 1 }
svg .first { fill: var(--first) } svg .second { fill: var(--second) }
svg .line { fill: none; stroke-width: 2; stroke-linejoin: round } svg .line.first { stroke: var(--first) } svg .line.second { stroke: var(--second); stroke-dasharray: 5 3 }
svg .label { font-weight: 600 } svg .room { fill: none; stroke: var(--room) }
.table { overflow-x: auto }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; width: 100% }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 600; color: var(--faint) } tbody th { color: var(--text); font-weight: 400 }
.right { text-align: right; white-space: nowrap } td:last-child, th:last-child { padding-right: 0 }
summary { cursor: pointer; color: var(--faint); font-size: .875rem; padding: .25rem 0; width: fit-content }
summary:focus-visible { outline: 2px solid var(--first); outline-offset: 2px }
.note { color: var(--faint); font-size: .875rem; margin: .5rem 0 0 }
@media (max-width: 34rem) {
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  table, tbody { display: block }
  tr { display: grid; grid-template-columns: repeat(3, 1fr); gap: .125rem .75rem; padding: .5rem 0; border-bottom: 1px solid var(--line) }
  tbody th { grid-column: 1 / -1; font-weight: 600; border: 0; padding: 0 }
  td, td.right { border: 0; padding: 0; text-align: left }
  td::before { content: attr(data-title); display: block; font-size: .75rem; color: var(--faint) }
  td.left { grid-column: 1 / -1 }
}
@media print { main { max-width: none } figure, tr { break-inside: avoid } }
`;
