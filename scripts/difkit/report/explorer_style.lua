--- What the explorer adds to the style sheet of reports.
return [[
body.explorer{max-width:84rem}
.explorer h2{margin:1.6rem 0 .4rem}
.explorer h3{margin:1.2rem 0 .3rem}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.3rem .6rem;z-index:2}
.matrix{font-size:.82rem;width:auto}
.matrix th,.matrix td{padding:.1rem .3rem}
.matrix thead th{vertical-align:bottom}
.matrix tbody th{font-weight:400;max-width:17rem}
.matrix tr.area th{font-weight:600;padding-top:.45rem}
.matrix td{text-align:center;padding:1px}
.matrix a{color:inherit;text-decoration:none}
.matrix tbody th a:hover,.matrix thead a:hover{text-decoration:underline}
.matrix td a{display:block;min-width:2.4rem;padding:.12rem .2rem;border-radius:.2rem;border:1px solid transparent;
font-variant-numeric:tabular-nums}
.matrix td a:hover{border-color:var(--ink)}
.matrix a[aria-pressed=true]{outline:2px solid var(--focus);outline-offset:1px;font-weight:700}
.matrix .none{display:block;color:var(--muted);padding:.12rem .2rem}
.matrix a.s1{background:#e3edf6;color:#000}.matrix a.s2{background:#cfdfed;color:#000}
.matrix a.s3{background:#9dc0dc;color:#000}
.matrix a.s4{background:#5f98c4;color:#000}
.matrix a.s5{background:#2b6ca3;color:#fff}.matrix a.s6{background:#0c3e70;color:#fff}
.matrix-box summary{font-weight:600;cursor:pointer;margin:0 0 .3rem}
.bar{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:center;padding:.6rem 0;background:var(--paper)}
.bar label{font-weight:600}
.bar input{width:22rem}
.bar button{font:inherit;color:var(--link);background:none;border:1px solid var(--line);border-radius:.3rem;
padding:.25rem .6rem;cursor:pointer}
.actions{list-style:none;margin:0;padding:0;max-width:50rem}
.actions>li{padding:.45rem .6rem;border-left:3px solid transparent;margin:0 0 .15rem}
.actions>li:target{background:var(--mark);border-color:var(--focus)}
.actions p{margin:0}
.head{font-size:.82rem;color:var(--muted)}
.head a{font-weight:600;text-decoration:none}
.head a:hover{text-decoration:underline}
.aside{font-size:.84rem;color:var(--muted)}
abbr[title]{text-decoration:underline dotted;text-underline-offset:.15em;cursor:help}
::highlight(found){background:var(--mark);color:var(--ink)}
.glossary{columns:20rem;font-size:.86rem}
.glossary div{break-inside:avoid;margin:0 0 .25rem}
.glossary dt{font-weight:600;display:inline}
.glossary dd{display:inline;margin:0}
@media screen and (min-width:70rem){.columns{display:grid;grid-template-columns:auto minmax(0,1fr);gap:2.2rem;
align-items:start}
.columns>aside{position:sticky;top:3.6rem;max-height:calc(100vh - 3.6rem);overflow:auto;padding:.6rem .5rem .6rem .2rem}
main>section:first-of-type>h2{border-top:0;margin-top:.4rem}}
@media screen{.bar{position:sticky;top:0;z-index:1;border-bottom:1px solid var(--line)}html{scroll-padding-top:4.5rem}}
@media print{.actions>li,.matrix tr{break-inside:avoid}abbr[title]{text-decoration:none}.bar>:not(.count){display:none}
.matrix a[aria-pressed]{outline:none}}
]]
