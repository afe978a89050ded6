#include "report/html_style.h"

#include <stddef.h>

/* clang-format off */
const char *const html_style[] = {
    ":root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1b2226;--soft:#59636b;--faint:#8a939a;--rule:#e4e0d8;"
    "--wash:#f3f0ea;--accent:#0e5f6b;--suspected:#8a6100;--confirmed:#b23c22;--contained:#0e5f6b;--closed:#59636b;"
    "--identity:#3568a8;--network:#7856a6;--content:#b3641b;--timing:#2b8274;--provenance:#ad3558;--volume:#6a7178;"
    "--sans:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif;"
    "--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,\"Liberation Mono\",monospace}\n",
    "@media(prefers-color-scheme:dark){:root{--paper:#14181a;--card:#1b2023;--ink:#e8e6e1;--soft:#a5aeb4;--faint:#78828a;"
    "--rule:#2e353a;--wash:#22282c;--accent:#6cc3cf;--suspected:#e0b252;--confirmed:#f08a6e;--contained:#6cc3cf;"
    "--closed:#a5aeb4;--identity:#7fb0ea;--network:#b79be0;--content:#e2a263;--timing:#6cc7b5;--provenance:#ea8aa8;"
    "--volume:#a9b1b8}}\n",
    "*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}\n",
    "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 var(--sans);font-variant-numeric:tabular-nums}\n",
    "main,.top,footer{max-width:1072px;margin:0 auto;padding:0 24px}\n",
    "a{color:var(--accent);text-underline-offset:3px}a:focus-visible,summary:focus-visible,.scroll:focus-visible{"
    "outline:2px solid var(--accent);outline-offset:3px}\n",
    ".top{padding-top:40px}.brand{margin:0;font-size:13px;font-weight:600;letter-spacing:.08em;text-transform:uppercase;"
    "color:var(--accent)}\n",
    "h1{font-size:clamp(28px,4.4vw,42px);line-height:1.14;letter-spacing:-.022em;font-weight:650;margin:10px 0 12px;"
    "max-width:22em;text-wrap:balance}\n",
    ".lead{font-size:18px;color:var(--soft);max-width:44em;margin:0 0 28px}\n",
    "h2{font-size:26px;line-height:1.2;letter-spacing:-.015em;font-weight:650;margin:72px 0 8px}\n",
    "h3{font-size:21px;line-height:1.3;letter-spacing:-.01em;font-weight:650;margin:0}h3+.note{margin:2px 0 0}\n",
    "h4{font-size:16px;font-weight:650;margin:32px 0 6px}\n",
    "p{max-width:46em;margin:6px 0 12px}.note{font-size:14px;color:var(--soft)}\n",
    ".facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:18px 24px;margin:0;padding:20px 0;"
    "border-top:1px solid var(--rule);border-bottom:1px solid var(--rule)}\n",
    ".facts div{min-width:0}.facts dt{font-size:13px;color:var(--soft)}.facts dd{margin:2px 0 0;font-weight:600;"
    "overflow-wrap:anywhere}.facts .note{font-weight:400}.facts.big dd{font-size:22px;letter-spacing:-.01em;line-height:1.25}\n",
    ".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:16px;margin:24px 0 0;"
    "padding:0;list-style:none}\n",
    ".card{display:block;height:100%;background:var(--card);border:1px solid var(--rule);border-radius:10px;"
    "padding:18px 20px 20px;color:inherit;text-decoration:none}a.card:hover{border-color:var(--accent)}\n",
    ".card b{display:block;font-size:24px;letter-spacing:-.015em;line-height:1.2;margin:14px 0 0}.card span.more{color:var(--soft);"
    "font-size:14px;display:block}.card span.more:first-of-type{margin-bottom:8px}\n",
    ".pill{display:inline-block;font-size:12.5px;font-weight:650;line-height:1;padding:5px 9px;border-radius:99px;"
    "color:var(--c,var(--soft));border:1px solid currentColor;white-space:nowrap}\n",
    ".suspected,.verify,.throttle,.holds{--c:var(--suspected)}.confirmed,.suspend,.restrict{--c:var(--confirmed)}"
    ".contained,.passed,.release{--c:var(--contained)}.closed,.observe,.plain{--c:var(--closed)}\n",
    ".id{font:600 14px var(--mono);color:var(--soft)}code,.mono{font:13.5px/1.5 var(--mono)}.none{color:var(--faint)}\n",
    ".head{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;margin:0 0 4px}\n",
    ".campaign{border-top:3px solid var(--ink);margin-top:72px;padding-top:20px}.campaign h2{margin:6px 0 10px}\n",
    ".part{margin-top:48px;padding-top:20px;border-top:1px solid var(--rule)}\n",
    ".scroll{overflow-x:auto;margin:10px 0 0}\n",
    "table{border-collapse:collapse;width:100%;font-size:14.5px}caption{text-align:left;color:var(--soft);font-size:14px;"
    "padding:0 0 8px}\n",
    "th,td{text-align:left;vertical-align:baseline;padding:9px 20px 9px 0;border-bottom:1px solid var(--rule)}"
    "th:last-child,td:last-child{padding-right:0}\n",
    "thead th{font-size:13px;font-weight:600;color:var(--soft);white-space:nowrap}tbody th{font-weight:600}\n",
    ".n{text-align:right;white-space:nowrap}.w{min-width:17em}.nw{white-space:nowrap}\n",
    ".bar{display:block;height:6px;border-radius:3px;background:var(--wash);margin-top:6px;min-width:90px;overflow:hidden}"
    ".bar i{display:block;height:100%;background:var(--b,var(--accent));border-radius:3px}\n",
    ".caps{list-style:none;margin:14px 0 0;padding:0;max-width:640px}.caps li{display:grid;"
    "grid-template-columns:9.5em 1fr 3.5em;gap:14px;align-items:center;padding:5px 0;font-size:15px}"
    ".caps .bar{margin:0;height:10px;border-radius:5px}\n",
    "figure{margin:20px 0 0}figcaption{font-size:14px;color:var(--soft);margin-top:10px;max-width:46em}\n",
    ".time{position:relative;padding-top:44px}.time svg{display:block;width:100%;height:150px;"
    "border-bottom:1px solid var(--faint)}.time .mark{position:absolute;top:0;bottom:25px;border-left:1.5px solid var(--m);"
    "pointer-events:none}.time .mark span{position:absolute;left:6px;white-space:nowrap;font-size:13px;font-weight:600;"
    "line-height:18px;color:var(--m)}.time .mark.flip span{left:auto;right:6px}.time .mark.low span{top:20px}\n",
    ".axis{display:flex;justify-content:space-between;font-size:13px;color:var(--soft);margin-top:6px;height:19px}\n",
    ".legend{display:flex;flex-wrap:wrap;gap:6px 18px;font-size:14px;color:var(--soft);margin:8px 0 0;padding:0;"
    "list-style:none}.dot{display:inline-block;width:10px;height:10px;border-radius:3px;background:var(--b);"
    "margin-right:7px}\n",
    ".ties{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:14px 16px}"
    ".ties svg{display:block;width:100%;min-width:620px;height:auto}.ties text{fill:var(--ink);font:13px var(--sans)}"
    ".ties .sub{fill:var(--soft);font-size:12px}.ties .acc{font:12px var(--mono);fill:var(--soft)}\n",
    ".gauge{max-width:640px;margin:16px 0 6px}.gauge .track{position:relative;height:12px;border-radius:6px;"
    "background:var(--wash)}.gauge .track i{display:block;height:100%;border-radius:6px;background:var(--accent)}"
    ".gauge .track u{position:absolute;top:-5px;bottom:-5px;width:2px;background:var(--ink)}"
    ".gauge p{display:flex;justify-content:space-between;gap:16px;font-size:14px;color:var(--soft);margin:8px 0 0}\n",
    "details{margin-top:14px}summary{cursor:pointer;font-weight:600;color:var(--accent);padding:6px 0}\n",
    "ul.plain{padding-left:20px;max-width:46em}ul.plain li{margin:6px 0}\n",
    ".empty{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:24px 26px;margin-top:24px}"
    ".empty p:last-child{margin-bottom:0}\n",
    "dl.terms dt{font-weight:650;margin-top:14px}dl.terms dd{margin:2px 0 0;max-width:46em;color:var(--soft)}\n",
    ".filter{font:inherit;font-size:15px;padding:8px 12px;border:1px solid var(--rule);border-radius:8px;width:100%;"
    "max-width:320px;background:var(--card);color:inherit;margin-top:8px}\n",
    "footer{color:var(--soft);font-size:14px;margin-top:80px;padding-top:20px;padding-bottom:48px}\n",
    "@media(max-width:560px){body{font-size:15.5px}main,.top,footer{padding-left:18px;padding-right:18px}"
    ".top{padding-top:26px}.lead{font-size:16.5px}h2{font-size:23px;margin-top:56px}"
    ".facts{grid-template-columns:1fr 1fr;gap:14px 18px}.facts.big dd{font-size:19px}.caps li{"
    "grid-template-columns:7.6em 1fr 3em;gap:10px}.w{min-width:15em}.ties{padding:10px}.ties svg{min-width:820px}"
    ".stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;text-align:left;white-space:normal;min-width:0;"
    "padding:0;border:0}.stack thead{position:absolute;left:-9999px}.stack tr{padding:12px 0;"
    "border-bottom:1px solid var(--rule)}.stack td{margin-top:3px}.stack td[data-l]{display:flex;gap:12px;"
    "justify-content:space-between;align-items:center}.stack td[data-l]::before{content:attr(data-l);"
    "color:var(--soft);font-size:14px}.stack td[data-l] .bar{flex:1;margin:0}.stack td.none{display:none}}\n",
    "@media print{body{background:#fff}.scroll{overflow:visible}.campaign{break-before:page}.filter{display:none}}\n",
    NULL,
};

const char html_script[] =
"document.querySelectorAll('table[data-filter]').forEach(function(t){var b=t.tBodies[0];if(b.rows.length<12)return;"
"var i=document.createElement('input');i.type='search';i.className='filter';i.placeholder='Filter accounts';"
"i.setAttribute('aria-label','Filter accounts');i.oninput=function(){var q=i.value.toLowerCase();"
"Array.prototype.forEach.call(b.rows,function(r){r.hidden=r.textContent.toLowerCase().indexOf(q)<0})};"
"t.parentNode.parentNode.insertBefore(i,t.parentNode)});\n";
/* clang-format on */
