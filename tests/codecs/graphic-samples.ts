/** Invented drawings that together use everything that is drawn. */
const svg = (inside: string, attributes = 'viewBox="0 0 120 80"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`

export const DRAWINGS: Readonly<Record<string, string>> = {
  paths: svg(
    '<path d="M10 10h40v20H10z" fill="#c00"/><path d="m60,10 l20,0 10,20-20 5z" fill="#00c"/>' +
      '<path d="M10 50c0-10 20-10 20 0s20 10 20 0" fill="none" stroke="#080" stroke-width="3"/>' +
      '<path d="M60 60q10-20 20 0t20 0" fill="none" stroke="purple" stroke-width="2"/>' +
      '<path d="M90 40a12 8 30 1 1 20 10a5 5 0 0 0-9-3z" fill="teal"/><path d="M5.5.5.7-3-4 2z"/>',
  ),
  shapes: svg(
    '<rect x="5" y="5" width="30" height="20" fill="red"/><rect x="40" y="5" width="30" height="20" rx="6" fill="#0a0"/>' +
      '<rect x="75" y="5" width="30" height="20" rx="20" ry="4" fill="rgb(0,0,200)"/><circle cx="20" cy="55" r="14"/>' +
      '<ellipse cx="60" cy="55" rx="22" ry="10" fill="rgb(100%, 50%, 0%)" stroke="black" stroke-width="2"/>' +
      '<line x1="85" y1="35" x2="110" y2="75" stroke="navy" stroke-width="4" stroke-linecap="round"/>' +
      '<polygon points="90,70 100,50 110,70" fill="gold"/><polyline points="84 40 94 46 104 40 114 46" fill="none" stroke="#222"/>',
  ),
  transforms: svg(
    '<g transform="translate(20 10)"><g transform="rotate(30)"><rect width="30" height="10" fill="#d33"/></g>' +
      '<g transform="scale(2,.5) skewX(20)" stroke="#26a" stroke-width="4" fill="none"><circle cx="25" cy="80" r="10"/></g></g>' +
      '<path transform="matrix(.8 .3 -.3 .8 80 20)" d="M0 0h30v30h-30z" fill="#2a6" stroke="#000" stroke-width="3"/>' +
      '<rect transform="rotate(-45, 90, 60) skewY(10)" x="80" y="50" width="20" height="20" fill="orange"/>' +
      '<g transform="scale(-1 1) translate(-120 0)"><path d="M2 2h10l-5 8z"/></g>',
  ),
  strokes: svg(
    '<g fill="none" stroke="#333" stroke-width="6"><path d="M10 30 25 10 40 30" stroke-linejoin="miter"/>' +
      '<path d="M50 30 65 10 80 30" stroke-linejoin="round" stroke-linecap="round"/>' +
      '<path d="M90 30 100 10 110 30" stroke-linejoin="bevel" stroke-linecap="square"/>' +
      '<path d="M10 70 14 45 18 70" stroke-miterlimit="2"/><path d="M30 70 34 45 38 70" stroke-miterlimit="20"/></g>' +
      '<path d="M50 60h60" stroke="#a0a" stroke-width="4" stroke-dasharray="8 4 1" stroke-dashoffset="3"/>' +
      '<path d="M50 70h60" stroke="#0aa" stroke-width="0"/>',
  ),
  rules: svg(
    '<defs><style>/* x */ .a,.b{fill:#1d1d1b}.b{fill-rule:evenodd} path.c { stroke : #e00 ; stroke-width: 2px; fill:none } #d{fill:#06c} *{stroke-linejoin:round}</style></defs>' +
      '<path class="a" d="M10 10h30v30h-30zM18 18h14v14h-14z"/><path class="b" d="M50 10h30v30h-30zM58 18h14v14h-14z"/>' +
      '<path class="a c" d="M90 10h20v30h-20z"/><path id="d" class="a" d="M10 50h30v20h-30z"/>' +
      '<path class="a" style="fill:#fa0;fill-opacity:.5" d="M50 50h30v20h-30z"/><path fill="lime" class="z" d="M90 50h20v20h-20z"/>',
  ),
  inheritance: svg(
    '<g fill="none" stroke="currentColor" color="#84f" stroke-width="3"><rect x="10" y="10" width="30" height="20"/>' +
      '<g fill="inherit"><circle cx="70" cy="20" r="10" fill="currentColor" stroke="none"/></g></g>' +
      '<g visibility="hidden"><rect x="0" y="40" width="20" height="20"/><rect visibility="visible" x="30" y="40" width="20" height="20"/></g>' +
      '<g display="none"><text>niente</text></g><switch><g requiredExtensions="x"><image/></g><rect x="60" y="40" width="20" height="20" fill="#0b8"/></switch>',
  ),
  references: svg(
    '<defs><path id="star" d="M0-10 3-3 10-3 4 2 6 10 0 5-6 10-4 2-10-3-3-3z"/><g id="two"><use href="#star"/><use xlink:href="#star" x="25" fill="#c33"/></g>' +
      '<linearGradient id="unused"><stop/></linearGradient></defs><use href="#star" x="20" y="20" fill="#36c"/>' +
      '<use href="#two" transform="translate(50 20) rotate(20)" fill="green"/><use href="#two" x="30" y="55" stroke="#000"/>',
  ),
  clips: svg(
    '<defs><clipPath id="c"><circle cx="30" cy="30" r="20"/></clipPath><circle id="shape" cx="80" cy="40" r="22"/>' +
      '<clipPath id="d"><use xlink:href="#shape" style="overflow:visible"/></clipPath>' +
      '<clipPath id="e" transform="translate(5 5)"><path clip-rule="evenodd" d="M40 45h20v25h-20zM46 50h8v14h-8z"/></clipPath></defs>' +
      '<g clip-path="url(#c)"><rect width="60" height="30" fill="#e44"/><rect y="30" width="60" height="30" fill="#44e"/></g>' +
      '<g style="clip-path:url(#d)"><g clip-path="url(#c)" transform="translate(40 0)"><rect width="120" height="80" fill="#2a2"/></g></g>' +
      '<rect clip-path="url(#e)" x="30" y="40" width="50" height="40" fill="#555"/>',
  ),
  opacity: svg(
    '<rect width="120" height="40" fill="#000"/><rect x="10" y="20" width="30" height="40" fill="#f00" opacity=".5"/>' +
      '<rect x="50" y="20" width="30" height="40" fill="#0f08" stroke="#00f" stroke-opacity="50%" stroke-width="6"/>' +
      '<g opacity=".4"><circle cx="100" cy="40" r="15" fill="white" fill-opacity=".5"/></g><rect x="2" y="62" width="9" height="9" opacity="0"/>',
  ),
  order: svg(
    '<path d="M10 40 40 10 70 40 40 70z" fill="#fc0" stroke="#000" stroke-width="8" paint-order="stroke"/>' +
      '<path d="M70 40 90 10 110 40 90 70z" fill="#fc0" stroke="#000" stroke-width="8" stroke-linejoin="round"/>',
  ),
  box: svg(
    '<rect x="-50%" y="-50%" width="100%" height="100%" fill="#eee"/><circle r="45" fill="#396"/>',
    'viewBox="-60 -40 120 80"',
  ),
  sizes: svg(
    '<rect width="30mm" height="1cm" fill="#933"/><rect y="40" width="1in" height="12pt"/>',
    'width="40mm" height="80"',
  ),
  stretched: svg(
    '<circle cx="5" cy="5" r="4"/>',
    'viewBox="0 0 10 10" width="120" height="80" preserveAspectRatio="none"',
  ),
  foreign:
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- Creato a mano -->\n<svg:svg xmlns:svg="http://www.w3.org/2000/svg" xmlns:sodipodi="http://x.example" viewBox="0 0 120 80"><sodipodi:namedview><sodipodi:guide/></sodipodi:namedview>' +
    '<svg:title>Prova</svg:title><svg:desc>una <b>prova</b></svg:desc><svg:metadata><x:RDF xmlns:x="urn:x"><x:text/></x:RDF></svg:metadata><svg:g sodipodi:label="1"><svg:circle cx="60" cy="40" r="30" fill="#123456"/></svg:g></svg:svg>',
  tiny: svg('<circle cx=".0005" cy=".0005" r=".0004" stroke="red" stroke-width=".0001"/>', 'viewBox="0 0 .001 .001"'),
  huge: svg(
    '<circle cx="150000" cy="100000" r="80000" fill="#808" stroke="#0f0" stroke-width="9000"/>',
    'viewBox="0 0 300000 200000"',
  ),
}
