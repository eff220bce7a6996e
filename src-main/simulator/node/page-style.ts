/** Of the rehearsal's pages: light and dark as the system is, at ease from 1000 pixels on. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ground:#f6f5f2;--sheet:#fff;--ink:#1d1d1f;--soft:#63636b;--line:#dcdad4;--accent:#6d3fc0;--on:#fff;--good:#1c7a3e;--bad:#b3261e;--wait:#8a5a00;--mark:#efe8fb}
@media (prefers-color-scheme:dark){:root{--ground:#17171a;--sheet:#212126;--ink:#ececef;--soft:#a3a3ad;--line:#3a3a42;--accent:#b796f5;--on:#1b1330;--good:#72d493;--bad:#ff9a92;--wait:#f0c069;--mark:#33284a}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:14px/1.45 system-ui,'Segoe UI',Roboto,sans-serif}
header{display:flex;gap:16px;align-items:baseline;padding:10px 24px;background:var(--sheet);border-bottom:3px solid var(--accent)}
h1{font-size:17px;margin:0}h2{font-size:15px;margin:0 0 10px}header p{margin:0;color:var(--soft)}
nav{display:flex;gap:4px;padding:10px 24px;flex-wrap:wrap}
nav a{padding:6px 12px;border-radius:8px;color:var(--ink);text-decoration:none}
nav a[aria-current]{background:var(--sheet);font-weight:600;box-shadow:inset 0 0 0 1px var(--accent)}
nav small{color:var(--soft);font-weight:400}
main{display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:16px;padding:0 24px 24px;align-items:start}
main.one{grid-template-columns:minmax(0,1fr)}
section,aside>div,.card{background:var(--sheet);border-radius:8px;padding:16px;border:1px solid var(--line)}
aside{display:grid;gap:16px}
form.line{display:flex;gap:8px;align-items:end;flex-wrap:wrap;margin:0 0 12px}
form.stack{display:grid;gap:10px}
label{display:grid;gap:3px;color:var(--soft);font-size:12.5px}
label.inline{display:flex;gap:6px;align-items:center;color:var(--ink);font-size:14px}label.inline span{white-space:nowrap}
a{color:var(--accent)}
fieldset{border:0;margin:0;padding:0;display:grid;gap:5px}legend{color:var(--soft);font-size:12.5px;padding:0;margin-bottom:4px}
input,select,button{font:inherit;font-size:14px;color:var(--ink)}button.main{color:var(--on)}
input[type=text],input[type=search],input[type=number],input[type=date],select{background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:5px 8px;min-height:32px;width:100%}
button,a.button{background:var(--sheet);border:1px solid var(--line);border-radius:6px;padding:5px 12px;min-height:32px;cursor:pointer;text-decoration:none;color:var(--ink);display:inline-block;white-space:nowrap}
button.main{background:var(--accent);border-color:var(--accent);color:var(--on);font-weight:600}
button:hover,a.button:hover{border-color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;font-size:12.5px;color:var(--soft);border-bottom:1px solid var(--line);padding:5px 8px;white-space:nowrap}
td{border-bottom:1px solid var(--line);padding:4px 8px;vertical-align:middle}
td.num,th.num{text-align:right;white-space:nowrap}td.keep,.keep{white-space:nowrap}
td.cut{max-width:0;width:40%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
td form{display:inline}td.acts{text-align:right;white-space:nowrap}td button,td a.button{min-height:26px;padding:1px 9px}
tr.chosen{background:var(--mark)}
code{font:12.5px ui-monospace,'IBM Plex Mono',monospace}
.good{color:var(--good)}.bad{color:var(--bad)}.wait{color:var(--wait)}.soft{color:var(--soft)}
.said{margin:0 24px 10px;padding:9px 14px;border-radius:8px;background:var(--mark);border-left:4px solid var(--accent)}
.said.bad{border-left-color:var(--bad);color:var(--ink)}
.pages{display:flex;gap:10px;align-items:center;margin-top:12px;color:var(--soft)}
.empty{color:var(--soft);padding:28px 8px;text-align:center}
.middle{max-width:560px;margin:32px auto;padding:0 16px;display:grid;gap:16px}
.total{font-size:22px;font-weight:600}
`
