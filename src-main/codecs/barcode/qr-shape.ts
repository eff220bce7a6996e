/** The parts of a version 4 symbol that do not depend on the text: function patterns, places of data, masks, format. */
const SIZE = 33

const reserved = new Uint8Array(SIZE * SIZE)

/** Function patterns, dark = 1; data and format places are 0. */
export const FUNCTION_MODULES: Uint8Array = new Uint8Array(SIZE * SIZE)

function put(x: number, y: number, dark: boolean): void {
  if (x < 0 || y < 0 || x >= SIZE || y >= SIZE) return
  reserved[y * SIZE + x] = 1
  FUNCTION_MODULES[y * SIZE + x] = dark ? 1 : 0
}

for (let i = 0; i < SIZE; i++) {
  put(6, i, i % 2 === 0)
  put(i, 6, i % 2 === 0)
}
for (const [cx, cy] of [
  [3, 3],
  [SIZE - 4, 3],
  [3, SIZE - 4],
] as const) {
  for (let dy = -4; dy <= 4; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy))
      put(cx + dx, cy + dy, ring !== 2 && ring !== 4)
    }
  }
}
for (let dy = -2; dy <= 2; dy++) {
  for (let dx = -2; dx <= 2; dx++) put(26 + dx, 26 + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1)
}

/** Both copies of format bit `i` (0 = least significant), as indexes into the symbol. */
const FORMAT_PLACES: readonly (readonly [number, number])[] = Array.from({ length: 15 }, (_, i) => {
  const near = i < 6 ? [8, i] : i < 8 ? [8, i + 1] : i === 8 ? [7, 8] : [14 - i, 8]
  const far = i < 8 ? [SIZE - 1 - i, 8] : [8, SIZE - 15 + i]
  return [(near[1] as number) * SIZE + (near[0] as number), (far[1] as number) * SIZE + (far[0] as number)] as const
})
for (const pair of FORMAT_PLACES) for (const place of pair) reserved[place] = 1
put(8, SIZE - 8, true)

/** Level M is 00, so the five format bits are the mask; BCH(15,5), generator 0x537, XOR 0x5412. */
const FORMAT: readonly (readonly number[])[] = Array.from({ length: 8 }, (_, mask) => {
  let rest = mask
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537)
  const bits = ((mask << 10) | rest) ^ 0x5412
  return FORMAT_PLACES.flatMap((pair, i) => ((bits >> i) & 1 ? [...pair] : []))
})

/** Indexes of the format modules that are dark under that mask, level M. */
export function formatModules(mask: number): readonly number[] {
  return FORMAT[mask] as readonly number[]
}

/** Indexes of the data modules in placing order: column pairs from the right, up and down, skipping the timing column. */
export const DATA_PLACES: Uint16Array = (() => {
  const places: number[] = []
  for (let right = SIZE - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < SIZE; step++) {
      const upward = ((right + 1) & 2) === 0
      const y = upward ? SIZE - 1 - step : step
      for (const x of [right, right - 1]) if (reserved[y * SIZE + x] === 0) places.push(y * SIZE + x)
    }
  }
  return Uint16Array.from(places)
})()

const RULES: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** For each mask, the bit that it flips at each data place. */
export const DATA_MASKS: readonly Uint8Array[] = RULES.map((rule) =>
  Uint8Array.from(DATA_PLACES, (place) => (rule(place % SIZE, Math.floor(place / SIZE)) ? 1 : 0)),
)
