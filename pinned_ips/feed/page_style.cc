#include "pinned_ips/feed/page_style.h"

namespace dnsd {
namespace {

// Every colour of text has a contrast of at least 4.5 to both grounds it stands on (WCAG 2.1 1.4.3), of drawn things
// 3; tests/system/page_test.py computes it from these lines.
constexpr std::string_view style = R"(
:root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --line: #d1d9e0; --ground: #ffffff;
  --raised: #f4f6f8; --link: #0b57b0; --good: #116329; --wait: #875400; --bad: #b3261e; --track: #e6eaee; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6eaef; --soft: #a3adb8; --line: #3a424b; --ground: #12161b; --raised: #1b2128;
    --link: #86b6ff; --good: #5fd17f; --wait: #e2b04a; --bad: #ff8b81; --track: #2a323b; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif; color: var(--text); background: var(--ground); }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
main:focus { outline: none; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--ground); padding: .5rem; }
.soft, caption, figcaption, footer { color: var(--soft); }
nav ul { list-style: none; padding: 0; margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1rem 0;
  padding: 0; }
.facts div { background: var(--raised); border-radius: .5rem; padding: .6rem .9rem; }
.facts dt { color: var(--soft); font-size: .875rem; }
.facts dd { margin: 0; font-weight: 600; }
.facts dd span { font-weight: 400; color: var(--soft); }
.alarm { border: 2px solid var(--bad); border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; }
.alarm strong { color: var(--bad); }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; padding-bottom: .35rem; }
th, td { padding: .45rem .9rem .45rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: .875rem; }
tbody th { font-weight: 600; }
tbody th code { white-space: nowrap; }
time, .in { white-space: nowrap; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9rem; }
code { overflow-wrap: anywhere; }
pre { background: var(--raised); padding: .75rem; border-radius: .5rem; overflow-x: auto; margin: .5rem 0; }
pre code { overflow-wrap: normal; }
.active, .standby { color: var(--good); }
.announced, .draining { color: var(--wait); }
.revoked { color: var(--bad); font-weight: 600; }
.none { color: var(--soft); }
details { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: .6rem 0; font-weight: 600; }
figure { margin: 1rem 0; }
.lines { list-style: none; margin: 0; padding: 0; }
.lines li { display: grid; grid-template-columns: 15rem 1fr; align-items: center; column-gap: 1rem; padding: .15rem 0; }
.lines svg { display: block; width: 100%; height: 1.5rem; overflow: hidden; }
.lines .axis svg { height: 1.4rem; overflow: visible; }
.patterns { position: absolute; width: 0; height: 0; }
.track { fill: var(--track); }
.said { fill: url(#coming); stroke: var(--wait); }
.answered { fill: var(--good); }
.ending { fill: url(#going); stroke: var(--wait); }
.hatch { stroke: var(--wait); stroke-width: 2; }
.now { stroke: var(--text); stroke-width: 2; }
.axis text { fill: var(--soft); font-size: .8125rem; }
.axis .today { fill: var(--text); font-weight: 600; }
.key { white-space: nowrap; margin-right: 1rem; }
.key svg { width: 1.5rem; height: .8rem; vertical-align: -1px; margin-right: .35rem; }
.key rect { width: 100%; height: 100%; }
footer { margin-top: 3rem; padding-bottom: 2rem; border-top: 1px solid var(--line); }
@media (max-width: 44rem) {
  thead { position: absolute; left: -999rem; }
  table, tbody, tr, th, td, caption { display: block; }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  th, td { padding: .1rem 0; border: 0; }
  td { display: grid; grid-template-columns: 7.5rem 1fr; gap: .75rem; }
  td.empty { display: none; }
  tbody th code { white-space: normal; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; border-radius: 0;
    padding: .35rem .75rem; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .875rem; }
  .lines li { grid-template-columns: 1fr; padding: .3rem 0; }
}
)";

}  // namespace

std::string_view page_style() { return style; }

}  // namespace dnsd
