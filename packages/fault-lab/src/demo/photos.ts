import { Canvas, type Colour, ellipse, type Point, polygon, stroke } from './canvas.ts';
import type { PhotoScene } from './texts/scenario.ts';

const [WIDTH, HEIGHT] = [400, 300];
const [WHITE, BLACK, WOOD, DARK_WOOD]: readonly [Colour, Colour, Colour, Colour] = [
  [250, 248, 244],
  [24, 20, 18],
  [190, 150, 108],
  [146, 106, 70],
];
const clays: readonly Colour[] = [
  [172, 108, 76],
  [96, 124, 118],
  [206, 186, 152],
];
const cloths: readonly Colour[] = [
  [150, 152, 156],
  [60, 96, 78],
  [188, 92, 84],
];

function shade([red, green, blue]: Colour, by: number): Colour {
  return [red * by, green * by, blue * by];
}

function paintTable(): Canvas {
  const canvas = new Canvas(WIDTH, HEIGHT, [226, 218, 206], [206, 194, 178]);
  const board = (top: number): Point[] => [
    [-9, top],
    [409, top],
    [409, 309],
    [-9, 309],
  ];
  canvas.fill(polygon(board(128)), WOOD, { bottom: DARK_WOOD });
  for (const y of [168, 214, 264])
    canvas.fill(
      stroke(
        [
          [0, y],
          [400, y + 3],
        ],
        2,
      ),
      DARK_WOOD,
      { opacity: 0.5 },
    );
  return canvas;
}

function paintBroken(variant: number): Canvas {
  const canvas = paintTable();
  const clay = clays[variant % clays.length] ?? WHITE;
  canvas.fill(ellipse(205, 236, 130, 20), BLACK, { opacity: 0.35, blur: 24 });
  canvas.fill(
    stroke(
      [
        [262, 170],
        [308, 152],
        [326, 112],
      ],
      22,
    ),
    clay,
    { bottom: shade(clay, 0.7) },
  );
  canvas.fill(
    stroke(
      [
        [138, 148],
        [96, 150],
        [92, 196],
        [142, 214],
      ],
      15,
    ),
    shade(clay, 0.82),
  );
  canvas.fill(ellipse(200, 184, 82, 62), clay, { bottom: shade(clay, 0.45) });
  canvas.fill(ellipse(170, 154, 22, 13), WHITE, { opacity: 0.35, blur: 14 });
  const crack: Point[] = [
    [196, 122],
    [206, 150],
    [190, 172],
    [210, 196],
    [198, 220],
    [206, 246],
  ];
  canvas.fill(stroke(crack, 5), BLACK, { opacity: 0.85 });
  canvas.fill(
    stroke(
      [
        [190, 172],
        [158, 186],
        [140, 180],
      ],
      3,
    ),
    BLACK,
    { opacity: 0.75 },
  );
  for (const [x, y] of [
    [300, 244],
    [326, 230],
    [120, 256],
  ] as const)
    canvas.fill(
      polygon([
        [x, y],
        [x + 26, y + 5],
        [x + 9, y + 18],
      ]),
      clay,
      { bottom: shade(clay, 0.5) },
    );
  return canvas;
}

function paintGarment(variant: number): Canvas {
  const canvas = paintTable();
  const cloth = cloths[variant % cloths.length] ?? WHITE;
  const outline: Point[] = [
    [152, 52],
    [182, 40],
    [200, 58],
    [218, 40],
    [248, 52],
    [306, 112],
    [276, 142],
    [250, 118],
    [252, 262],
    [148, 262],
    [150, 118],
    [124, 142],
    [94, 112],
  ];
  canvas.fill(polygon(outline.map(([x, y]): Point => [x + 6, y + 9])), BLACK, { opacity: 0.3, blur: 14 });
  canvas.fill(polygon(outline), shade(cloth, 1.1), { bottom: shade(cloth, 0.75) });
  canvas.fill(
    stroke(
      [
        [182, 42],
        [200, 62],
        [218, 42],
      ],
      6,
    ),
    shade(cloth, 0.7),
  );
  canvas.fill(
    stroke(
      [
        [200, 62],
        [201, 260],
      ],
      2,
    ),
    shade(cloth, 0.6),
  );
  for (const y of [92, 130, 168, 206]) canvas.fill(ellipse(201, y, 4, 4), WHITE);
  canvas.fill(
    polygon([
      [258, 196],
      [318, 186],
      [330, 244],
      [270, 254],
    ]),
    WHITE,
    { bottom: [228, 224, 214] },
  );
  for (const y of [206, 218, 230])
    canvas.fill(
      stroke(
        [
          [272, y],
          [312, y - 7],
        ],
        3,
      ),
      [120, 120, 124],
    );
  return canvas;
}

function paintParcel(variant: number): Canvas {
  const canvas = paintTable();
  const board: Colour = [196, 154, 104];
  canvas.fill(ellipse(206, 244, 150, 22), BLACK, { opacity: 0.35, blur: 26 });
  canvas.fill(
    polygon([
      [86, 118],
      [214, 138],
      [214, 250],
      [92, 226],
    ]),
    shade(board, 0.95),
  );
  canvas.fill(
    polygon([
      [214, 138],
      [320, 112],
      [314, 214],
      [214, 250],
    ]),
    shade(board, 0.76),
  );
  canvas.fill(
    polygon([
      [86, 118],
      [190, 92],
      [320, 112],
      [214, 138],
    ]),
    shade(board, 1.12),
  );
  canvas.fill(
    polygon([
      [132, 107],
      [150, 102],
      [272, 124],
      [256, 128],
    ]),
    [222, 208, 170],
    { opacity: 0.9 },
  );
  canvas.fill(
    polygon([
      [104, 150],
      [170, 161],
      [170, 206],
      [106, 194],
    ]),
    WHITE,
  );
  for (const y of [164, 174, 184])
    canvas.fill(
      stroke(
        [
          [114, y],
          [156, y + 7],
        ],
        3,
      ),
      [90, 90, 94],
    );
  if (variant % 2 === 0) {
    canvas.fill(
      polygon([
        [280, 122],
        [320, 112],
        [314, 168],
        [292, 150],
      ]),
      shade(board, 0.42),
      { blur: 5 },
    );
    canvas.fill(
      stroke(
        [
          [262, 128],
          [288, 156],
          [312, 172],
        ],
        3,
      ),
      BLACK,
      { opacity: 0.6 },
    );
  }
  return canvas;
}

function paintShelf(variant: number): Canvas {
  const canvas = new Canvas(WIDTH, HEIGHT, [236, 230, 220], [214, 204, 190]);
  for (const y of [112, 202, 288]) {
    canvas.fill(
      stroke(
        [
          [0, y + 10],
          [400, y + 10],
        ],
        14,
      ),
      BLACK,
      { opacity: 0.25, blur: 12 },
    );
    canvas.fill(
      stroke(
        [
          [0, y],
          [400, y],
        ],
        14,
      ),
      WOOD,
      { bottom: DARK_WOOD },
    );
  }
  for (const [row, y] of [105, 195, 281].entries()) {
    for (let place = 0; place < 6; place++) {
      const clay = clays[(variant + row + (place > 2 ? 1 : 0)) % clays.length] ?? WHITE;
      const x = 44 + place * 63;
      canvas.fill(
        stroke(
          [
            [x + 18, y - 36],
            [x + 32, y - 30],
            [x + 18, y - 14],
          ],
          6,
        ),
        shade(clay, 0.85),
      );
      const cup: Point[] = [
        [x - 22, y - 48],
        [x + 22, y - 48],
        [x + 17, y],
        [x - 17, y],
      ];
      canvas.fill(polygon(cup), clay, { bottom: shade(clay, 0.75) });
      canvas.fill(ellipse(x, y - 48, 22, 5), shade(clay, 0.6));
    }
  }
  return canvas;
}

function paintApron(variant: number): Canvas {
  const canvas = paintTable();
  const flax: Colour = [214, 196, 160];
  const honey: Colour = variant % 2 === 0 ? [214, 150, 32] : [224, 164, 52];
  const outline: Point[] = [
    [164, 62],
    [236, 62],
    [246, 128],
    [286, 150],
    [282, 284],
    [118, 284],
    [114, 150],
    [154, 128],
  ];
  canvas.fill(polygon(outline.map(([x, y]): Point => [x + 6, y + 8])), BLACK, { opacity: 0.3, blur: 14 });
  canvas.fill(
    stroke(
      [
        [166, 66],
        [150, 30],
        [200, 14],
        [250, 30],
        [234, 66],
      ],
      7,
    ),
    shade(flax, 0.7),
  );
  canvas.fill(
    stroke(
      [
        [116, 152],
        [60, 168],
        [30, 150],
      ],
      6,
    ),
    shade(flax, 0.7),
  );
  canvas.fill(
    stroke(
      [
        [284, 152],
        [340, 168],
        [372, 150],
      ],
      6,
    ),
    shade(flax, 0.7),
  );
  canvas.fill(polygon(outline), shade(flax, 1.08), { bottom: shade(flax, 0.86) });
  canvas.fill(
    stroke(
      [
        [146, 200],
        [254, 200],
        [250, 256],
        [150, 256],
        [146, 200],
      ],
      2,
    ),
    shade(flax, 0.7),
  );
  for (const x of [168, 180, 192, 208, 220, 232])
    canvas.fill(
      stroke(
        [
          [x, 92],
          [x + 5, 104],
          [x - 2, 112],
        ],
        4,
      ),
      honey,
    );
  return canvas;
}

const painters: Readonly<Record<PhotoScene, (variant: number) => Canvas>> = {
  broken: paintBroken,
  garment: paintGarment,
  parcel: paintParcel,
  shelf: paintShelf,
  apron: paintApron,
};
const painted = new Map<string, Buffer>();
const VARIANTS = 2;

/** A photo a customer might send, as a PNG. Each is painted once. */
export function paintPhoto(scene: PhotoScene, random: () => number): Buffer {
  const variant = Math.floor(random() * VARIANTS);
  const key = `${scene} ${variant}`;
  const photo = painted.get(key) ?? painters[scene](variant).toPng();
  painted.set(key, photo);
  return photo;
}
