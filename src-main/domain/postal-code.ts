/**
 * First three digits of the CAP in each Italian province, the abolished ones still on papers included. Neighbours share
 * some: this finds a code of another part of the country, it does not replace the postal service's own register.
 */
const PREFIXES: Readonly<Record<string, string>> = {
  ...{ AG: '920 921', AL: '150 151', AN: '600 601', AO: '110 111', AP: '630 631', AQ: '670 671', AR: '520 521' },
  ...{ AT: '140 141', AV: '830 831', BA: '700 701', BG: '240 241', BI: '138 139', BL: '320 321', BN: '820 821' },
  ...{ BO: '400 401', BR: '720 721', BS: '250 251', BT: '760 761', BZ: '390 391', CA: '090 091', CB: '860 861' },
  ...{ CE: '810 811', CH: '660 661', CI: '090', CL: '930 931', CN: '120 121 180', CO: '220 221', CR: '260 261' },
  ...{ CS: '870 871', CT: '950 951', CZ: '880 881', EN: '940 941', FC: '470 471 475', FE: '440 441', FG: '710 711' },
  ...{ FI: '500 501', FM: '638 639', FR: '030 031', GE: '160 161', GO: '340 341', GR: '580 581', IM: '180 181' },
  ...{ IS: '860 861', KR: '888 889', LC: '238 239', LE: '730 731', LI: '570 571', LO: '268 269', LT: '040 041' },
  ...{ LU: '550 551', MB: '208 209', MC: '620 621', ME: '980 981', MI: '200 201', MN: '460 461', MO: '410 411' },
  ...{ MS: '540 541', MT: '750 751', NA: '800 801', NO: '280 281', NU: '080 081', OG: '080', OR: '080 090 091' },
  ...{ OT: '070', PA: '900 901', PC: '290 291', PD: '350 351', PE: '650 651', PG: '060 061', PI: '560 561' },
  ...{ PN: '330 331', PO: '590 591', PR: '430 431', PT: '510 511', PU: '610 611', PV: '270 271', PZ: '850 851' },
  ...{ RA: '480 481', RC: '890 891', RE: '420 421', RG: '970 971', RI: '020 021', RM: '000 001', RN: '478 479' },
  ...{ RO: '450 451', SA: '840 841', SI: '530 531', SO: '230 231', SP: '190 191', SR: '960 961', SS: '070 071' },
  ...{ SU: '080 090', SV: '120 170 171', TA: '740 741', TE: '640 641', TN: '380 381', TO: '100 101', TP: '910 911' },
  ...{ TR: '050 051', TS: '340 341', TV: '310 311', UD: '330 331', VA: '210 211', VB: '288 289', VC: '130 131' },
  ...{ VE: '300 301', VI: '360 361', VR: '370 371', VS: '090', VT: '010 011', VV: '898 899' },
}

/** Codes that cities had before their zones got their own: letters with these come late or come back. */
const GENERIC = new Set(
  (
    '00100 06100 09100 10100 15100 16100 19100 20100 24100 25100 28900 29100 30100 34100 35100 37100 38100 40100 41100 ' +
    '42100 43100 44100 47100 47900 48100 50100 56100 57100 60100 61100 65100 70100 71100 74100 80100 84100 89100 90100 ' +
    '95100 98100'
  ).split(' '),
)

export function isProvince(code: string): boolean {
  return Object.hasOwn(PREFIXES, code)
}

/** Whether a CAP of five digits can stand in that province. */
export function fitsProvince(postalCode: string, province: string): boolean {
  return (PREFIXES[province] ?? '').split(' ').includes(postalCode.slice(0, 3))
}

/** Whether the CAP is that of a whole city whose zones have codes of their own («20100»). */
export function isGenericPostalCode(postalCode: string): boolean {
  return GENERIC.has(postalCode)
}
