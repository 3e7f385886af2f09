--- The style sheet of reports and of the explorer: light and dark, from the width of a phone to paper.
return [[
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--muted:#57606a;--line:#d0d7de;--grid:#d8dee4;--band:#f3f5f8;
--hatch:#8c959f;--link:#0b57a4;--mark:#fff1b8;--focus:#0b57a4}
@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6e9ed;--muted:#a3adb8;--line:#3a434d;--grid:#333c46;
--band:#1d242c;--hatch:#5b6671;--link:#7db8f0;--mark:#5a4a10;--focus:#7db8f0}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:62rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,"Liberation Sans","DejaVu Sans",sans-serif;
overflow-wrap:break-word}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.3rem;line-height:1.25;margin:2.2rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}
h3{font-size:1.08rem;margin:1.6rem 0 .4rem}
h4,h5,h6{font-size:1rem;margin:1.2rem 0 .3rem}
p,ul,ol{margin:.5rem 0 .8rem;max-width:46rem}
.lead{color:var(--muted);font-size:1.05rem;margin:0 0 1rem}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
nav.contents{font-size:.95rem;margin:1rem 0}
nav.contents ul{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}
.figures{display:flex;flex-wrap:wrap;gap:.8rem;margin:1rem 0;padding:0}
.figures div{flex:1 1 9rem;border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem}
.figures dt{color:var(--muted);font-size:.88rem}
.figures dd{margin:0;font-size:1.7rem;font-weight:600;line-height:1.25}
.figures dd.note{font-size:.82rem;font-weight:400;color:var(--muted)}
figure{margin:1.2rem 0}
figcaption{font-weight:600;margin-bottom:.4rem}
figure .note{color:var(--muted);font-size:.85rem;margin:.4rem 0 0}
.scroll{overflow-x:auto;position:relative}
.dk-chart{display:block;max-width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.4}
th,td{text-align:left;vertical-align:top;padding:.32rem .6rem;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--muted);vertical-align:bottom}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.t{white-space:pre-line;min-width:12rem}
td.m{color:var(--muted)}
tbody tr:hover{background:var(--band)}
tr:target{background:var(--mark)}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit;
font-weight:600}
th button::after{content:"\2195";opacity:.35;margin-left:.25em;font-size:.85em}
th[aria-sort=ascending] button::after{content:"\2191";opacity:1}
th[aria-sort=descending] button::after{content:"\2193";opacity:1}
.tools{display:flex;gap:.6rem;align-items:baseline;margin:0 0 .4rem;font-size:.9rem}
input[type=search],select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--muted);
border-radius:.3rem;padding:.25rem .5rem;max-width:100%}
.count{color:var(--muted);font-size:.88rem}
pre{overflow-x:auto;background:var(--band);padding:.6rem .8rem}
blockquote{margin:.8rem 0;padding:0 0 0 1rem;border-left:3px solid var(--line);color:var(--muted)}
sup{line-height:0}
.notes{font-size:.88rem;color:var(--muted)}
footer{margin-top:2.5rem;padding-top:.6rem;border-top:1px solid var(--line);font-size:.82rem;color:var(--muted)}
.hidden,[hidden]{display:none!important}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.dk-paper{fill:var(--paper)}.dk-ink{fill:var(--ink)}.dk-muted{fill:var(--muted)}.dk-grid{stroke:var(--grid)}
.dk-line{stroke:var(--ink)}.dk-halo{stroke:var(--paper)}.dk-band{fill:var(--band)}.dk-box{fill:var(--grid)}
.dk-hatch{stroke:var(--hatch)}
@media (max-width:40rem){body{padding:1rem .8rem 2rem}h1{font-size:1.4rem}h2{font-size:1.15rem}
.chart .dk-chart{max-width:none;min-width:34rem}td.t{min-width:10rem}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--muted:#444;--line:#bbb;--grid:#ccc;--band:#f3f5f8;
--hatch:#888;--link:#000}
body{max-width:none;padding:0;font-size:10pt}.tools,nav.contents,.screen{display:none!important}
.scroll{overflow:visible}
h2,h3,figcaption{break-after:avoid}tr,.figures div,.chart{break-inside:avoid}thead{display:table-header-group}
th button::after{content:""}a{text-decoration:none}}
]]
