/** The look of the HTML report: light and dark by the reader's setting, everything open on paper. */
export const style = `
:root { color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171c); --card: light-dark(#fff, #1d2129); --line: light-dark(#d9dde4, #343b47);
  --edge: light-dark(#868e9b, #6f7889);
  --text: light-dark(#1a1f29, #e4e8ef); --dim: light-dark(#5b6474, #9aa4b5); --code: light-dark(#f0f2f5, #262c36);
  --fail: light-dark(#b3261e, #ff8a80); --should: light-dark(#8a5300, #ffb95c); --info: light-dark(#1f5fa8, #82b7f5);
  --unverified: light-dark(#7b2fa0, #d49cf0); --pass: light-dark(#1b6e37, #7fd69a); --waived: var(--dim); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main, header { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; padding-left: .8rem; border-left: .4rem solid var(--tone); }
h2 { margin: 0 0 .25rem; font-size: 1.15rem; overflow-wrap: anywhere; }
p { margin: .25rem 0; }
.dim { color: var(--dim); }
.none { margin: 0 0 .75rem; }
.bar { position: sticky; top: 0; z-index: 1; background: var(--page); display: flex; flex-wrap: wrap; gap: .5rem;
  align-items: center; padding: .75rem 0; }
.bar[hidden] { display: none; }
input, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: .4rem;
  padding: .3rem .6rem; }
::placeholder { color: var(--dim); opacity: 1; }
input { flex: 1 1 14rem; min-width: 10rem; }
button { cursor: pointer; color: var(--dim); }
button[aria-pressed=true] { color: var(--tone, var(--text)); border-color: currentColor; font-weight: 600; }
:focus-visible { outline: 2px solid var(--info); outline-offset: 2px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; margin: 0 0 1.25rem; }
.counts { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0; padding: 0; list-style: none; }
.counts b { color: var(--tone); font-variant-numeric: tabular-nums; }
.disk { display: flex; gap: 2px; margin: .75rem 0 .25rem; }
.disk > div { flex: 1 1 0; min-width: 6rem; overflow: hidden; padding: .35rem .5rem; background: var(--code); border: 1px solid var(--line);
  border-radius: .3rem; font-size: .82rem; line-height: 1.35; overflow-wrap: anywhere; }
.disk > .root { border-color: var(--info); }
.chain { display: flex; flex-wrap: wrap; gap: .35rem 0; margin: .75rem 0; padding: 0; list-style: none; font-size: .82rem; }
.chain li { padding: .2rem .5rem; background: var(--code); border: 1px solid var(--line); border-radius: .3rem; overflow-wrap: anywhere; }
.chain li:not(:last-child) { margin-right: 1.4rem; position: relative; }
.chain li:not(:last-child)::after { content: "→"; position: absolute; right: -1.2rem; color: var(--dim); }
details { border-top: 1px solid var(--line); }
summary { display: flex; gap: .75rem; align-items: baseline; padding: .45rem 0; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "▸"; content: "▸" / ""; flex: none; width: .7rem; margin-right: -.25rem; color: var(--dim); }
details[open] > summary::before { content: "▾"; content: "▾" / ""; }
summary > span:last-child { flex: 1; overflow-wrap: anywhere; }
.badge { flex: none; width: 6.25rem; font-size: .72rem; font-weight: 700; letter-spacing: .03em; color: var(--tone); }
.id { flex: none; width: 7.5rem; font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: 7.5rem 1fr; gap: .2rem .75rem; margin: 0 0 .75rem 8.2rem; }
dt { color: var(--dim); font-size: .85rem; }
dd { margin: 0; overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: .85em; background: var(--code); border-radius: .25rem; padding: .1em .3em;
  overflow-wrap: anywhere; white-space: pre-wrap; }
.lines { display: block; padding: .35rem .5rem; }
.fail { --tone: var(--fail); } .should { --tone: var(--should); } .info { --tone: var(--info); }
.unverified { --tone: var(--unverified); } .undecidable { --tone: var(--unverified); } .pass { --tone: var(--pass); }
.waived { --tone: var(--waived); } .skip { --tone: var(--dim); }
.matrix { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
th[scope=row] { position: sticky; left: 0; background: var(--card); box-shadow: inset 0 -1px var(--line); }
th, td { padding: .2rem .6rem; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
td[class] { color: var(--tone); font-weight: 600; } td.pass, td.skip, td.undecidable { font-weight: 400; }
a { color: inherit; } .holds { --tone: var(--pass); } .fails { --tone: var(--fail); } .open { --tone: var(--unverified); }
@media (max-width: 40rem) { summary { flex-wrap: wrap; gap: .1rem .75rem; } .id, .badge { width: auto; } .bar { position: static; } summary > span:last-child { flex-basis: 100%; }
  th[scope=row] { min-width: 8rem; white-space: normal; overflow-wrap: break-word; }
  dl { margin-left: 0; grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } .disk { flex-direction: column; }
  .disk > div { flex: none; } }
@media print { :root { color-scheme: light; } body { background: #fff; font-size: 10pt; } .bar, .none, summary::before { display: none; }
  section { border: 0; padding: 0; } details, dl { break-inside: avoid; } details::details-content { content-visibility: visible; } }
`;
