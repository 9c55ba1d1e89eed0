/** Outlines on a 24 × 24 grid. */
const shapes = {
  strata: 'm12 3 9 4.5-9 4.5-9-4.5zM3 12l9 4.5 9-4.5M3 16.5 12 21l9-4.5',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4',
  plus: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  down: 'M5 9l7 7 7-7',
  close: 'M6 6l12 12M18 6 6 18',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c1-3.5 4.2-5 8-5s7 1.5 8 5',
  cloudOff:
    'M4 4l16 16M9.5 6.200A6 6 0 0 1 17.7 11 4 4 0 0 1 20 17.500M17 19H7a4 4 0 0 1-1-7.9 6 6 0 0 1 .6-2.4',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  alert: 'M12 4 2.5 20h19zM12 10v4M12 17v.01',
  empty: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  trash: 'M5 7h14M10 4h4M7 7l1 13h8l1-13',
  edit: 'M4 20l1-4L16 5l3 3L8 19z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  device: 'M4 5h16v11H4zM9 20h6M12 16v4',
  sync: 'M19 8a8 8 0 0 0-14-1M5 4v3h3M5 16a8 8 0 0 0 14 1M19 20v-3h-3',
  keys: 'M3 7h18v10H3zM7 10.500v.01M11 10.500v.01M15 10.500v.01M8 14h8',
  check: 'M5 12.500l4.5 4.500L19 7',
} as const;

/** The name of an outline. */
export type IconName = keyof typeof shapes;

/** An outline beside a word that says the same; screen readers do not hear of it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
